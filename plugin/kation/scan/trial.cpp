#include <kation/io/configuration.hpp>
#include <kation/io/recorder.hpp>
#include <kation/scan/measures.hpp>
#include <kation/scan/trial.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>

namespace kation {
namespace {

/// Hands the first monitors' rows to a file and the others', which belong to the measures, to them.
class Junction : public Sink {
  public:
    Junction(Sink* file, std::size_t of_file, Sink& measures) : file_(file), of_file_(of_file), measures_(measures) {}

    void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
               std::size_t regions) override {
        if (file_ != nullptr) file_->begin(monitors.first(of_file_), variables.first(of_file_), regions);
        measures_.begin(monitors.subspan(of_file_), variables.subspan(of_file_), regions);
    }
    void write(const Chunk& chunk) override {
        if (chunk.monitor < of_file_) return file_->write(chunk);
        measures_.write({chunk.monitor - of_file_, chunk.times, chunk.values});
    }

  private:
    Sink* file_;
    std::size_t of_file_;
    Sink& measures_;
};

/// A network that is simulated with its measures.
class MeasuredRun {
  public:
    /// @param keep  whether the monitors of the configuration, which come first, run too
    MeasuredRun(const Network& network, SimulatorSettings settings, TrialMeasures measures, bool keep)
        : measures_(std::move(measures)),
          kept_(keep ? settings.monitors.size() : 0),
          simulator_(network, for_one_thread(std::move(settings), kept_, measures_.monitors())) {}

    /// Advances to `duration` [ms], or until the rules end it. @returns false if it was stopped from outside
    bool advance(double duration, Sink* file, StopWatch* rules, std::int64_t steps_between_looks, const std::function<bool()>& stop) {
        Junction junction(file, kept_, measures_);
        const double dt = simulator_.settings().integrator.dt;
        const std::int64_t last = whole_steps("duration", duration, dt);
        while (simulator_.step() < last && stopped_by_.empty()) {
            const std::int64_t left = last - simulator_.step(), steps = rules != nullptr ? std::min(steps_between_looks, left) : left;
            if (!simulator_.run(time_of(steps, dt), junction, {.progress = {}, .stop = stop})) return false;
            if (rules != nullptr && steps < left) stopped_by_ = rules->look(simulator_.recruitment(), simulator_.time());
        }
        return true;
    }

    [[nodiscard]] const Simulator& simulator() const { return simulator_; }
    /// The rule that ended it; empty if it went on to its end.
    [[nodiscard]] std::string_view stopped_by() const { return stopped_by_; }
    [[nodiscard]] std::vector<double> values() { return measures_.values({simulator_.recruitment(), simulator_.time()}); }

  private:
    TrialMeasures measures_;
    std::size_t kept_;
    Simulator simulator_;
    std::string_view stopped_by_;
};

/// trial-<number>.h5 as `kation run` would write it; nothing if the trial's series are not asked for.
std::optional<Recorder> series_file(const Trial& trial, std::size_t number) {
    if (!trial.scan.keep.keeps(number)) return std::nullopt;
    const RunConfiguration& run = trial.run;
    std::vector<std::string> models;
    for (const Entry* model : run.network.models()) models.emplace_back(model->info.name);
    const Integrator& integrator = run.settings.integrator;
    return std::optional<Recorder>(std::in_place, trial.scan.keep.folder / fmt::format("trial-{}.h5", number),
                                   Provenance{joined(models, " + "), run.effective, integrator.seed, integrator.dt, run.duration},
                                   run.network.connectivity(), run.zone);
}

/// The columns of a scan with these settings that say more of a trial.
std::vector<std::string> notes_of(const ScanSettings& scan) {
    std::vector<std::string> notes;
    if (scan.plan.noise_seed(0)) notes.emplace_back("seed");
    if (scan.stop.any()) notes.insert(notes.end(), {"stopped_ms", "stopped_by"});
    return notes;
}

/// Runs the trial itself. @returns the time that it reached [ms]; nothing if it was stopped from outside
std::optional<double> run_seizure(const Trial& trial, Recorder* file, TrialOutcome& outcome, MeasuredRun& seizure,
                                  const std::function<bool()>& stop) {
    const RunConfiguration& run = trial.run;
    const StopSettings& rules = trial.scan.stop;
    std::optional<StopWatch> watch;
    if (rules.any()) watch.emplace(rules, run.network, run.zone);
    const bool whole =
        seizure.advance(run.duration, file, watch ? &*watch : nullptr, rules.steps_between(run.settings.integrator.dt), stop);
    if (file != nullptr) file->write_recruitment(seizure.simulator().recruitment());
    if (!whole) return std::nullopt;
    outcome.measures = seizure.values();
    const double reached = seizure.simulator().time();
    if (watch) outcome.note_end(reached, seizure.stopped_by());
    return reached;
}

/// The same for the control, until this time [ms]. @returns false if it was stopped from outside
bool run_control(const Trial& trial, double until, Recorder* file, TrialOutcome& outcome, const std::function<bool()>& stop) {
    const RunConfiguration& run = trial.run;
    MeasuredRun control(*run.control, run.control_settings(), trial.measures_of(*run.control), false);
    if (!control.advance(until, nullptr, nullptr, 0, stop)) return false;
    if (file != nullptr) file->write_control(control.simulator().recruitment());
    outcome.control = control.values();
    return true;
}

/// @returns false if it was stopped from outside
bool run_both(const Trial& trial, TrialOutcome& outcome, const std::function<bool()>& stop) {
    const RunConfiguration& run = trial.run;
    std::optional<MeasuredRun> seizure(std::in_place, run.network, run.settings, trial.measures_of(run.network),
                                       trial.scan.keep.keeps(outcome.trial));
    std::optional<Recorder> recorder = series_file(trial, outcome.trial);  // after all that may be refused
    Recorder* file = recorder ? &*recorder : nullptr;
    bool whole = true;
    try {
        const std::optional<double> reached = run_seizure(trial, file, outcome, *seizure, stop);
        const std::string status =
            seizure->stopped_by().empty() ? "complete" : fmt::format("stopped at {} ms by scan.stop", shortest(reached.value_or(0.0)));
        seizure.reset();  // its memory is the control's
        whole = reached.has_value();
        if (whole && run.control) whole = run_control(trial, trial.scan.stop.control_whole ? run.duration : *reached, file, outcome, stop);
        if (file != nullptr) whole ? file->finish(status) : file->abandon("interrupted");
    } catch (const InvalidState& problem) {
        if (file != nullptr && seizure) file->write_recruitment(seizure->simulator().recruitment());
        if (file != nullptr) file->abandon(problem.what());
        throw;
    }
    return whole;
}

}  // namespace

Trial::Trial(const ScanSettings& scan_settings, const Document& base, const Catalogue& catalogue, std::size_t number)
    : scan(scan_settings),
      run(read_configuration(scan.plan.document(base, number), catalogue)),
      measures(measures_from(scan.measures.names, run, known_measures(catalogue))) {}

bool Trial::small() const {
    // Measured: larger networks fill vectors by themselves and, without delays, are too large for the caches.
    constexpr std::size_t most_regions = 40, most_without_delays = 128;
    const bool no_delays = run.settings.delay ? *run.settings.delay == 0.0 : run.settings.speed == inf;
    return run.network.regions() <= (no_delays ? most_without_delays : most_regions);
}

void Trial::require(const TrialForm& form) const {
    if (std::ranges::equal(form.columns, measures, {}, {}, &Measure::column)) return;
    throw ConfigurationError(fmt::format(
        "scan.measures: the regions of this trial are not those of the first one, so that its {} columns of measures do not fit "
        "into the table's {}; ask for no name[*]",
        measures.size(), form.columns.size()));
}

void TrialOutcome::note_end(double reached, std::string_view stopped_by) {
    notes[notes.size() - 2] = shortest(reached);
    notes.back() = stopped_by.empty() ? "duration" : stopped_by;
}

TrialOutcome outcome_for(const ScanSettings& settings, const TrialForm& form, std::size_t trial) {
    TrialOutcome outcome{.trial = trial, .message = {}, .measures = {}, .control = {}};
    outcome.notes.resize(form.notes.size());
    if (const auto seed = settings.plan.noise_seed(trial)) outcome.notes.front() = fmt::format("{}", *seed);
    return outcome;
}

SimulatorSettings for_one_thread(SimulatorSettings settings, std::size_t kept, const std::vector<MonitorSettings>& further) {
    settings.threads = 1;
    settings.monitors.resize(kept);
    settings.monitors.insert(settings.monitors.end(), further.begin(), further.end());
    return settings;
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

TrialForm form_of_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial) {
    const Trial first(settings, base, catalogue, trial);
    const RunConfiguration& run = first.run;
    const MeasuredRun seizure(run.network, run.settings, first.measures_of(run.network), settings.keep.series);
    if (settings.stop.any()) {
        static_cast<void>(StopWatch(settings.stop, run.network, run.zone));
        static_cast<void>(settings.stop.steps_between(run.settings.integrator.dt));
    }
    TrialForm form{{}, notes_of(settings), seizure.simulator().warnings(), run.effective, run.settings.integrator.seed};
    form.side_by_side = first.small();
    for (const Measure& measure : first.measures) form.columns.push_back(measure.column);
    return form;
}

std::optional<TrialOutcome> run_trial(const ScanSettings& settings, const TrialForm& form, const Document& base, const Catalogue& catalogue,
                                      std::size_t trial, const std::function<bool()>& stop) {
    TrialOutcome outcome = outcome_for(settings, form, trial);
    try {
        const Trial whole(settings, base, catalogue, trial);
        whole.require(form);
        if (!run_both(whole, outcome, stop)) return std::nullopt;
    } catch (const InvalidState& problem) {
        outcome.status = TrialOutcome::Status::invalid;
        outcome.message = problem.what();
    } catch (const OutputError&) {
        throw;  // the next trial's series could not be written either
    } catch (const Error& problem) {
        outcome.status = TrialOutcome::Status::failed;
        outcome.message = problem.what();
    }
    return outcome;
}

namespace {

TrialCost cost_of(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds enough(300);
    const auto bytes_in_use = [] {
        const struct mallinfo2 heap = mallinfo2();
        return heap.uordblks + heap.hblkhd;
    };
    const std::size_t before = bytes_in_use();
    const Clock::time_point begin = Clock::now();
    const Trial first(settings, base, catalogue, trial);
    const RunConfiguration& run = first.run;
    MeasuredRun seizure(run.network, run.settings, first.measures_of(run.network), false);
    const Clock::time_point ready = Clock::now();
    static_cast<void>(seizure.advance(run.duration, nullptr, nullptr, 0, [&] { return Clock::now() - ready > enough; }));
    const double measured = seizure.simulator().time();
    const auto seconds = [](Clock::duration span) { return std::chrono::duration<double>(span).count(); };
    const double networks = run.control ? 2.0 : 1.0;
    return {.trial = trial,
            .seconds = seconds(ready - begin) + networks * seconds(Clock::now() - ready) * run.duration / measured,
            .measured = measured,
            .duration = run.duration,
            .control = run.control.has_value(),
            .bytes = std::max(bytes_in_use(), before + seizure.simulator().memory_bytes()) - before};
}

}  // namespace

TrialCost cost_of_trials(const ScanSettings& settings, const Document& base, const Catalogue& catalogue) {
    const std::size_t most = std::min<std::size_t>(settings.plan.trials(), 100);
    for (std::size_t trial = 0;; ++trial) {
        try {
            return cost_of(settings, base, catalogue, trial);
        } catch (const Error&) {
            if (trial + 1 == most) throw;
        }
    }
}

}  // namespace kation
