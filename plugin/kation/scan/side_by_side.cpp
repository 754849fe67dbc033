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
    bool alone = false;    ///< it is to be run once more, alone, which says what went wrong
    double reached = 0.0;  ///< [ms]
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

Going going(Attempt& attempt, const Network& network, const SimulatorSettings& settings, double duration) {
    TrialMeasures measures = attempt.trial.measures_of(network);
    SimulatorSettings with_monitors = for_one_thread(settings, 0, measures.monitors());
    return {
        &attempt, {network, std::move(with_monitors)}, std::move(measures), whole_steps("duration", duration, settings.integrator.dt), {}};
}

/// Advances an ensemble of them until each has come to its end or failed. @returns false if it was stopped from outside
bool advance(Ensemble& ensemble, std::deque<Going>& all, std::int64_t steps_between_looks, const std::function<bool()>& stop) {
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
            if (step == all[k].last)
                ensemble.end(k);
            else if (all[k].rules && step % steps_between_looks == 0)
                all[k].stopped_by = all[k].rules->look(ensemble.recruitment(k), ensemble.time(k));
            if (!all[k].stopped_by.empty()) ensemble.end(k);
        }
    }
}

Ensemble ensemble_of(const std::deque<Going>& all) {
    std::vector<Simulation> simulations;
    for (const Going& each : all) simulations.push_back(each.simulation);
    return Ensemble(std::move(simulations));
}

/// Runs networks side by side and asks for their measures. `take` is handed those that came to their end. @returns false if it was stopped
bool measure(std::deque<Going> all, const std::function<bool()>& stop,
             const std::function<void(const Going&, std::vector<double> values, double reached)>& take) {
    if (all.empty()) return true;
    const StopSettings& rules = all.front().attempt->trial.scan.stop;
    Ensemble ensemble = ensemble_of(all);
    if (!advance(ensemble, all, rules.steps_between(all.front().simulation.settings.integrator.dt), stop)) return false;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (ensemble.failure(k))
            all[k].attempt->alone = true;
        else
            take(all[k], all[k].measures.values({ensemble.recruitment(k), ensemble.time(k)}), ensemble.time(k));
    }
    return true;
}

/// Runs trials side by side, then their controls. @returns false if it was stopped
bool run_group(std::span<Attempt* const> group, const std::function<bool()>& stop) {
    const StopSettings& rules = group.front()->trial.scan.stop;
    std::deque<Going> seizures, controls;
    for (Attempt* attempt : group) {
        const RunConfiguration& run = attempt->trial.run;
        seizures.push_back(going(*attempt, run.network, run.settings, run.duration));
        if (rules.any()) seizures.back().rules.emplace(rules, run.network, run.zone);
    }
    const bool whole = measure(std::move(seizures), stop, [&](const Going& seizure, std::vector<double> values, double reached) {
        seizure.attempt->reached = reached;
        seizure.attempt->outcome.measures = std::move(values);
        if (rules.any()) seizure.attempt->outcome.note_end(reached, seizure.stopped_by);
    });
    if (!whole) return false;
    for (Attempt* attempt : group) {
        const RunConfiguration& run = attempt->trial.run;
        if (run.control && !attempt->alone)
            controls.push_back(
                going(*attempt, *run.control, run.control_settings(), rules.control_whole ? run.duration : attempt->reached));
    }
    return measure(std::move(controls), stop,
                   [](const Going& control, std::vector<double> values, double) { control.attempt->outcome.control = std::move(values); });
}

/// Whether two trials can go side by side, and their controls.
bool fit(const Trial& a, const Trial& b) {
    const auto simulation = [](const Network& network, const SimulatorSettings& settings) {
        return Simulation{network, for_one_thread(settings, 0, {})};
    };
    const RunConfiguration &one = a.run, &other = b.run;
    if (one.control.has_value() != other.control.has_value()) return false;
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
        if (group.size() > 1) {
            try {
                if (!run_group(group, stop)) return false;
            } catch (const ConfigurationError&) {
                for (Attempt* attempt : group) attempt->alone = true;
            }
        }
        for (Attempt* attempt : group) {
            if (group.size() == 1 || attempt->alone)
                alone.push_back(attempt->outcome.trial);
            else
                take(std::move(attempt->outcome));
        }
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
