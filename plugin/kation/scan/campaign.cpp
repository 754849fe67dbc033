#include <kation/io/run.hpp>
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
namespace {

const char* word_for(TrialOutcome::Status status) {
    switch (status) {
        case TrialOutcome::Status::ok:
            return "ok";
        case TrialOutcome::Status::invalid:
            return "invalid";
        case TrialOutcome::Status::failed:
            break;
    }
    return "failed";
}

/// Runs one network and takes the measures; nothing if it was stopped.
std::optional<std::vector<double>> measured(const Network& network, SimulatorSettings settings, double duration,
                                            const std::vector<Measure>& measures, double from, double to,
                                            const std::function<bool()>& stop) {
    settings.threads = 1;
    settings.monitors.clear();
    if (const auto variables = known_variables(variables_of(measures), network); !variables.empty())
        settings.monitors.push_back(MonitorSettings::raw(variables));
    Simulator simulator(network, settings);
    SeriesMoments moments(from, to);
    if (!simulator.run(duration, moments, {.progress = {}, .stop = stop})) return std::nullopt;
    const Recruitment recruitment = simulator.recruitment();
    std::vector<double> values;
    for (const Measure& measure : measures) values.push_back(value_of(measure, recruitment, moments, simulator.time()));
    return values;
}

}  // namespace

Campaign::Campaign(Document base, ScanSettings settings, const Catalogue& catalogue)
    : base_(std::move(base)), settings_(std::move(settings)), catalogue_(&catalogue) {
    // The first trial that is understood tells early whether keys and measures are. A few may fail: the plan may lead over an edge.
    const std::size_t most = std::min<std::size_t>(plan().trials(), 100);
    std::exception_ptr first_problem;
    for (std::size_t trial = 0; trial < most; ++trial) {
        try {
            understand(trial);
            return;
        } catch (const ConfigurationError&) {
            if (!first_problem) first_problem = std::current_exception();
        }
    }
    std::rethrow_exception(first_problem);
}

void Campaign::understand(std::size_t trial) {
    const RunConfiguration run = read_configuration(plan().document(base_, trial), *catalogue_);
    const auto measures = measures_from(settings_.measures, run);
    SimulatorSettings settings = run.settings;
    settings.threads = 1;
    settings.monitors.clear();
    if (const auto variables = variables_of(measures); !variables.empty()) settings.monitors.push_back(MonitorSettings::raw(variables));
    warnings_ = Simulator(run.network, settings).warnings();
    for (const Measure& measure : measures) columns_.push_back(measure.column);
    effective_ = run.effective;
    seed_ = run.settings.integrator.seed;
}

TrialOutcome Campaign::run_trial(std::size_t trial, const std::function<bool()>& stop) const {
    TrialOutcome outcome;
    outcome.trial = trial;
    try {
        const RunConfiguration run = read_configuration(plan().document(base_, trial), *catalogue_);
        const auto measures = measures_from(settings_.measures, run);
        const auto values = measured(run.network, run.settings, run.duration, measures, settings_.from, settings_.to, stop);
        if (values) outcome.measures = *values;
        if (values && run.control)
            if (const auto control =
                    measured(*run.control, run.control_settings(), run.duration, measures, settings_.from, settings_.to, stop))
                outcome.control = *control;
    } catch (const InvalidState& problem) {
        outcome.status = TrialOutcome::Status::invalid;
        outcome.message = problem.what();
    } catch (const Error& problem) {
        outcome.status = TrialOutcome::Status::failed;
        outcome.message = problem.what();
    }
    return outcome;
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
        TrialOutcome outcome = run_trial(trial, stop);
        if (stopped) break;
        slots[trial] = std::move(outcome);
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
    for (const std::string& column : columns_) table += ',' + csv_cell(column);
    for (const std::string& column : columns_)
        if (controls) table += ',' + csv_cell("control." + column);
    table += ",status,message\n";
    const auto add = [&](const std::vector<double>& values) {
        for (std::size_t k = 0; k < columns_.size(); ++k) table += ',' + (values.empty() ? std::string("nan") : shortest(values[k]));
    };
    for (const TrialOutcome& outcome : outcomes) {
        table += fmt::format("{}", outcome.trial);
        for (const std::string& value : plan().values(outcome.trial)) table += ',' + csv_cell(value);
        add(outcome.measures);
        if (controls) add(outcome.control);
        table += fmt::format(",{},{}\n", word_for(outcome.status), csv_cell(outcome.message));
    }

    nlohmann::ordered_json manifest{{"version", KATION_VERSION},   {"keys", nlohmann::ordered_json::array()},
                                    {"measures", columns_},        {"trials", plan().trials()},
                                    {"finished", outcomes.size()}, {"seed", seed_},
                                    {"configuration", effective_}};
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
