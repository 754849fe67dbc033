#include <kation/scan/side_by_side.hpp>
#include <kation/scan/stopping.hpp>
#include <kation/simulator/ensemble.hpp>
#include <kation/support/error.hpp>
#include <kation/support/units.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace kation {
namespace {

/// A trial that was understood, and what became of it so far.
struct Attempt {
    Trial trial;
    TrialOutcome outcome;
    bool alone = false;  ///< it is to be run once more, alone, which says what went wrong
};

/// A network of a trial that runs side by side with others until an end of its own.
struct Going {
    Attempt* attempt;
    Simulation simulation;
    TrialMeasures measures;
    std::int64_t last;               ///< step at which it ends
    std::optional<StopWatch> rules;  ///< that may end it earlier
    std::string_view stopped_by{};
};

/// Adds a network of a trial to those that go; one with which something is wrong is to be run alone.
void add(std::deque<Going>& all, Attempt& attempt, const Network& network, const SimulatorSettings& settings, double duration,
         const StopSettings* rules) {
    try {
        TrialMeasures measures = attempt.trial.measures_of(network);
        SimulatorSettings with_monitors = for_one_thread(settings, 0, measures.monitors());
        std::optional<StopWatch> watch;
        if (rules != nullptr) watch.emplace(*rules, network, attempt.trial.run.zone);
        all.push_back({&attempt,
                       {network, std::move(with_monitors)},
                       std::move(measures),
                       whole_steps("duration", duration, settings.integrator.dt),
                       std::move(watch)});
    } catch (const ConfigurationError&) {
        attempt.alone = true;
    }
}

/// What is told of each that has come to its end: its measures and the time that it reached [ms].
using Ended = std::function<void(Going&, std::vector<double> values, double reached)>;

/// Advances an ensemble of them until each has come to its end, which is told at once, or failed. @returns false if it was stopped from
/// outside
bool advance(Ensemble& ensemble, std::deque<Going>& all, std::int64_t steps_between_looks, const std::function<bool()>& stop,
             const Ended& ended) {
    std::vector<Sink*> sinks;
    for (Going& each : all) sinks.push_back(&each.measures);
    const double dt = all.front().simulation.settings.integrator.dt;
    bool stopped = false;
    const Ensemble::Watcher watcher{.progress = {}, .stop = [&](std::size_t) { return stopped = stopped || stop(); }};
    for (std::int64_t step = 0;;) {
        std::int64_t next = 0;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (ensemble.ended(k)) continue;
            const std::int64_t look = (step / steps_between_looks + 1) * steps_between_looks;
            const std::int64_t wanted = all[k].rules ? std::min(look, all[k].last) : all[k].last;
            next = next == 0 ? wanted : std::min(next, wanted);
        }
        if (next == 0) return true;
        ensemble.run(time_of(next - step, dt), sinks, watcher);
        if (stopped) return false;
        step = next;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (ensemble.ended(k)) continue;
            if (step < all[k].last && all[k].rules && step % steps_between_looks == 0)
                all[k].stopped_by = all[k].rules->look(ensemble.recruitment(k), ensemble.time(k));
            if (step < all[k].last && all[k].stopped_by.empty()) continue;
            ensemble.end(k);
            ended(all[k], all[k].measures.values({ensemble.recruitment(k), ensemble.time(k)}), ensemble.time(k));
        }
    }
}

Ensemble ensemble_of(const std::deque<Going>& all) {
    std::vector<Simulation> simulations;
    for (const Going& each : all) simulations.push_back(each.simulation);
    return Ensemble(std::move(simulations));
}

/// Runs networks side by side. Those that failed are to be run alone. @returns false if it was stopped
bool measure(std::deque<Going> all, const std::function<bool()>& stop, const Ended& ended) {
    if (all.empty()) return true;
    const StopSettings& rules = all.front().attempt->trial.scan.stop;
    std::optional<Ensemble> ensemble;
    try {
        ensemble = ensemble_of(all);
    } catch (const ConfigurationError&) {
        for (const Going& each : all) each.attempt->alone = true;
        return true;
    }
    if (!advance(*ensemble, all, rules.steps_between(all.front().simulation.settings.integrator.dt), stop, ended)) return false;
    for (std::size_t k = 0; k < all.size(); ++k)
        if (ensemble->failure(k)) all[k].attempt->alone = true;
    return true;
}

/// Runs trials side by side, then their controls. `take` is handed what is known, as soon as it is. @returns false if it was stopped
bool run_group(std::span<Attempt* const> group, const std::function<bool()>& stop, const std::function<void(TrialOutcome)>& take) {
    const StopSettings& rules = group.front()->trial.scan.stop;
    std::deque<Going> seizures, controls;
    for (Attempt* attempt : group) {
        const RunConfiguration& run = attempt->trial.run;
        add(seizures, *attempt, run.network, run.settings, run.duration, rules.any() ? &rules : nullptr);
    }
    const bool whole = measure(std::move(seizures), stop, [&](Going& seizure, std::vector<double> values, double reached) {
        Attempt& attempt = *seizure.attempt;
        attempt.outcome.measures = std::move(values);
        if (rules.any()) attempt.outcome.note_end(reached, seizure.stopped_by);
        const RunConfiguration& run = attempt.trial.run;
        if (run.control)
            add(controls, attempt, *run.control, run.control_settings(), rules.control_whole ? run.duration : reached, nullptr);
        else
            take(std::move(attempt.outcome));
    });
    if (!whole) return false;
    return measure(std::move(controls), stop, [&](Going& control, std::vector<double> values, double) {
        control.attempt->outcome.control = std::move(values);
        take(std::move(control.attempt->outcome));
    });
}

/// Whether two trials can go side by side, and their controls.
bool fit(const Trial& a, const Trial& b) {
    const auto simulation = [](const Network& network, const SimulatorSettings& settings) {
        return Simulation{network, for_one_thread(settings, 0, {})};
    };
    const RunConfiguration &one = a.run, &other = b.run;
    if (one.duration != other.duration || one.control.has_value() != other.control.has_value()) return false;
    return Ensemble::obstacle(simulation(one.network, one.settings), simulation(other.network, other.settings)).empty() &&
           (!one.control ||
            Ensemble::obstacle(simulation(*one.control, one.control_settings()), simulation(*other.control, other.control_settings()))
                .empty());
}

/// Trials that go side by side, a group each.
std::vector<std::vector<Attempt*>> groups_of(std::span<const std::unique_ptr<Attempt>> attempts) {
    std::vector<std::vector<Attempt*>> groups;
    for (const auto& attempt : attempts) {
        const auto takes = [&](const std::vector<Attempt*>& group) {
            return group.size() < lanes && attempt->trial.small() && fit(group.front()->trial, attempt->trial);
        };
        const auto group = std::ranges::find_if(groups, takes);
        if (group != groups.end())
            group->push_back(attempt.get());
        else
            groups.push_back({attempt.get()});
    }
    return groups;
}

}  // namespace

bool run_trials(const ScanSettings& settings, const TrialForm& form, const Document& base, const Catalogue& catalogue,
                std::span<const std::size_t> trials, const std::function<bool()>& stop, const std::function<void(TrialOutcome)>& take) {
    // What is wrong with a trial, and what writes files, is for run_trial.
    std::vector<std::size_t> alone;
    std::vector<std::unique_ptr<Attempt>> attempts;
    for (const std::size_t number : trials) {
        if (settings.keep.keeps(number) || trials.size() == 1) {
            alone.push_back(number);
            continue;
        }
        try {
            attempts.push_back(
                std::make_unique<Attempt>(Attempt{Trial(settings, base, catalogue, number), outcome_for(settings, form, number)}));
            attempts.back()->trial.require(form);
        } catch (const Error&) {
            if (!attempts.empty() && attempts.back()->outcome.trial == number) attempts.pop_back();
            alone.push_back(number);
        }
    }
    for (const std::vector<Attempt*>& group : groups_of(attempts)) {
        if (group.size() > 1 && !run_group(group, stop, take)) return false;
        for (const Attempt* attempt : group)
            if (group.size() == 1 || attempt->alone) alone.push_back(attempt->outcome.trial);
    }
    for (const std::size_t number : alone) {
        if (stop()) return false;
        auto outcome = run_trial(settings, form, base, catalogue, number, stop);
        if (!outcome) return false;
        take(std::move(*outcome));
    }
    return true;
}

}  // namespace kation
