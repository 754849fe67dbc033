#include <kation/scan/campaign.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <omp.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <ostream>

namespace kation {

Campaign::Campaign(Document base, ScanSettings settings, const Catalogue& catalogue)
    : base_(std::move(base)), settings_(std::move(settings)), catalogue_(&catalogue) {
    // The first trial that is understood tells early whether keys and measures are. A few may fail: the plan may lead over an edge.
    const std::size_t most = std::min<std::size_t>(plan().trials(), 100);
    std::exception_ptr first_problem;
    for (std::size_t trial = 0; trial < most; ++trial) {
        try {
            form_ = form_of_trial(settings_, base_, *catalogue_, trial);
            return;
        } catch (const ConfigurationError&) {
            if (!first_problem) first_problem = std::current_exception();
        }
    }
    std::rethrow_exception(first_problem);
}

std::vector<TrialOutcome> Campaign::run(int threads, const CampaignWatcher& watcher) const {
    std::vector<std::optional<TrialOutcome>> slots(plan().trials());
    std::atomic<std::size_t> next{0}, done{0};
    std::atomic<bool> stopped{false};
    std::mutex telling;
    const auto stop = [&] {
        if (watcher.stop && watcher.stop()) stopped = true;
        return stopped.load();
    };
    const int team =
        std::max(1, std::min(threads > 0 ? threads : omp_get_max_threads(), static_cast<int>(std::min<std::size_t>(slots.size(), 1024))));
#pragma omp parallel num_threads(team)
    for (std::size_t trial = next++; trial < slots.size() && !stop(); trial = next++) {
        slots[trial] = run_trial(settings_, base_, *catalogue_, trial, stop);
        if (!slots[trial]) break;
        ++done;
        const std::scoped_lock lock(telling);
        if (watcher.progress) watcher.progress(done);
    }
    std::vector<TrialOutcome> outcomes;
    for (auto& slot : slots)
        if (slot) outcomes.push_back(std::move(*slot));
    return outcomes;
}

std::filesystem::path Campaign::write(const std::filesystem::path& folder, const std::vector<TrialOutcome>& outcomes) const {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem || !std::filesystem::is_directory(folder))
        throw OutputError(fmt::format("cannot write into {}: it is no folder that can be made", folder.string()));
    const bool controls = std::ranges::any_of(outcomes, [](const TrialOutcome& outcome) { return !outcome.control.empty(); });

    std::string table = "trial";
    for (const SweptKey& key : plan().keys()) table += ',' + csv_cell(key.key);
    for (const std::string& note : form_.notes) table += ',' + csv_cell(note);
    for (const std::string& column : form_.columns) table += ',' + csv_cell(column);
    for (const std::string& column : form_.columns)
        if (controls) table += ',' + csv_cell("control." + column);
    table += ",status,message\n";
    const auto add = [&](const std::vector<double>& values) {
        for (std::size_t k = 0; k < form_.columns.size(); ++k) table += ',' + (values.empty() ? std::string("nan") : shortest(values[k]));
    };
    for (const TrialOutcome& outcome : outcomes) {
        table += fmt::format("{}", outcome.trial);
        for (const std::string& value : plan().values(outcome.trial)) table += ',' + csv_cell(value);
        for (const std::string& note : outcome.notes) table += ',' + csv_cell(note);
        add(outcome.measures);
        if (controls) add(outcome.control);
        table += fmt::format(",{},{}\n", word_for(outcome.status), csv_cell(outcome.message));
    }

    nlohmann::ordered_json manifest{{"version", KATION_VERSION},       {"keys", nlohmann::ordered_json::array()},
                                    {"measures", form_.columns},       {"trials", plan().trials()},
                                    {"finished", outcomes.size()},     {"seed", form_.seed},
                                    {"configuration", form_.effective}};
    for (const SweptKey& key : plan().keys()) manifest["keys"].push_back(key.key);
    const bool whole = outcomes.size() == plan().trials();
    const std::filesystem::path file = folder / (whole ? "trials.csv" : "trials.csv.partial");
    write_text_file(file, [&](std::ostream& out) { out << table; });
    if (whole)
        write_text_file(folder / "manifest.json", [&](std::ostream& out) {
            out << manifest.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
        });
    return file;
}

}  // namespace kation
