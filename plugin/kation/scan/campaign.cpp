#include <kation/io/run.hpp>
#include <kation/scan/campaign.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <omp.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <mutex>
#include <optional>

namespace kation {
namespace {

/// A text as a cell of a CSV table.
std::string quoted(std::string text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) text.insert(at, 1, '"');
    return '"' + text + '"';
}

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

void write_whole(const std::filesystem::path& file, const std::string& text) {
    const std::filesystem::path partial = file.string() + ".partial";
    std::ofstream stream(partial);
    stream << text;
    stream.close();
    std::error_code problem;
    if (stream) std::filesystem::rename(partial, file, problem);
    if (!stream || problem) throw OutputError(fmt::format("cannot write {}", file.string()));
}

/// Runs one network and takes the measures; nothing if it was stopped.
std::optional<std::vector<double>> measured(const Network& network, SimulatorSettings settings, double duration,
                                            const std::vector<Measure>& measures, double from, double to,
                                            const std::function<bool()>& stop) {
    settings.threads = 1;
    settings.monitors.clear();
    if (const auto variables = variables_of(measures); !variables.empty()) settings.monitors.push_back(MonitorSettings::raw(variables));
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
    // The first trial tells early whether the configuration, the swept keys and the measures are understood.
    const RunConfiguration first = read_configuration(plan().document(base_, 0), catalogue);
    for (const Measure& measure : measures_from(settings_.measures, first)) columns_.push_back(measure.column);
    effective_ = first.effective;
    seed_ = first.settings.integrator.seed;
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
            if (const auto control = measured(*run.control, run.settings, run.duration, measures, settings_.from, settings_.to, stop))
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

void Campaign::write(const std::filesystem::path& folder, const std::vector<TrialOutcome>& outcomes) const {
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem || !std::filesystem::is_directory(folder))
        throw OutputError(fmt::format("cannot write into {}: it is no folder that can be made", folder.string()));
    const bool controls = std::ranges::any_of(outcomes, [](const TrialOutcome& outcome) { return !outcome.control.empty(); });

    std::string table = "trial";
    for (const SweptKey& key : plan().keys()) table += ',' + quoted(key.key);
    for (const std::string& column : columns_) table += ',' + quoted(column);
    for (const std::string& column : columns_)
        if (controls) table += ',' + quoted("control." + column);
    table += ",status,message\n";
    const auto add = [&](const std::vector<double>& values) {
        for (std::size_t k = 0; k < columns_.size(); ++k) table += ',' + (values.empty() ? std::string("nan") : shortest(values[k]));
    };
    for (const TrialOutcome& outcome : outcomes) {
        table += fmt::format("{}", outcome.trial);
        for (const std::string& value : plan().values(outcome.trial)) table += ',' + quoted(value);
        add(outcome.measures);
        if (controls) add(outcome.control);
        table += fmt::format(",{},{}\n", word_for(outcome.status), quoted(outcome.message));
    }

    nlohmann::ordered_json manifest{{"version", KATION_VERSION},   {"keys", nlohmann::ordered_json::array()},
                                    {"measures", columns_},        {"trials", plan().trials()},
                                    {"finished", outcomes.size()}, {"seed", seed_},
                                    {"configuration", effective_}};
    for (const SweptKey& key : plan().keys()) manifest["keys"].push_back(key.key);
    write_whole(folder / "trials.csv", table);
    write_whole(folder / "manifest.json", manifest.dump(2) + "\n");
}

}  // namespace kation
