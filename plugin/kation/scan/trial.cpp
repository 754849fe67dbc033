#include <kation/io/configuration.hpp>
#include <kation/scan/measures.hpp>
#include <kation/scan/trial.hpp>
#include <kation/support/error.hpp>

namespace kation {
namespace {

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

TrialForm form_of_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial) {
    const RunConfiguration run = read_configuration(settings.plan.document(base, trial), catalogue);
    const auto measures = measures_from(settings.measures, run);
    SimulatorSettings simulation = run.settings;
    simulation.threads = 1;
    simulation.monitors.clear();
    if (const auto variables = variables_of(measures); !variables.empty()) simulation.monitors.push_back(MonitorSettings::raw(variables));
    TrialForm form{{}, Simulator(run.network, simulation).warnings(), run.effective, run.settings.integrator.seed};
    for (const Measure& measure : measures) form.columns.push_back(measure.column);
    return form;
}

std::optional<TrialOutcome> run_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial,
                                      const std::function<bool()>& stop) {
    TrialOutcome outcome{.trial = trial, .message = {}, .measures = {}, .control = {}};
    try {
        const RunConfiguration run = read_configuration(settings.plan.document(base, trial), catalogue);
        const auto measures = measures_from(settings.measures, run);
        const auto values = measured(run.network, run.settings, run.duration, measures, settings.from, settings.to, stop);
        if (!values) return std::nullopt;
        outcome.measures = *values;
        if (run.control) {
            const auto control = measured(*run.control, run.control_settings(), run.duration, measures, settings.from, settings.to, stop);
            if (!control) return std::nullopt;
            outcome.control = *control;
        }
    } catch (const InvalidState& problem) {
        outcome.status = TrialOutcome::Status::invalid;
        outcome.message = problem.what();
    } catch (const Error& problem) {
        outcome.status = TrialOutcome::Status::failed;
        outcome.message = problem.what();
    }
    return outcome;
}

}  // namespace kation
