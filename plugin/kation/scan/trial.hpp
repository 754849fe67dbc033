#pragma once

#include <kation/io/configuration.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/scan/measures.hpp>
#include <kation/scan/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// What became of one trial.
struct TrialOutcome {
    enum class Status : std::uint8_t {
        ok,
        invalid,  ///< the simulation left its valid states
        failed    ///< its configuration is wrong
    };
    std::size_t trial;
    Status status = Status::ok;
    std::string message;
    std::vector<double> measures, control;  ///< in the order of the columns; control: empty if there was none
    std::vector<std::string> notes{};       ///< in the order of TrialForm::notes; empty texts where the trial did not get that far

    /// Of a scan with early stops: when it ended [ms], and by which rule; empty: by none.
    void note_end(double reached, std::string_view stopped_by);
};

/// "ok", "invalid" or "failed".
const char* word_for(TrialOutcome::Status status);

/// What all trials of a campaign have in common, as the first trial that is understood shows it.
struct TrialForm {
    std::vector<std::string> columns;   ///< names of the measures
    std::vector<std::string> notes;     ///< names of the columns that say more of a trial: seed; stopped_ms, stopped_by
    std::vector<std::string> warnings;  ///< what the user should know: a large dt, advice of the models
    std::string effective;              ///< everything that was used, as TOML
    std::uint64_t seed;
    bool side_by_side = false;  ///< whether trials are quicker run side by side in the lanes of vectors
};

/// A trial as its configuration describes it.
struct Trial {
    /// ConfigurationError or InputError if it cannot be understood.
    Trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t number);

    [[nodiscard]] TrialMeasures measures_of(const Network& network) const {
        return {measures, scan.measures, network, run.zone, run.settings.integrator.dt, run.duration};
    }
    /// Whether a few of such size are quicker run side by side in the lanes of vectors than one after the other.
    [[nodiscard]] bool small() const;
    /// ConfigurationError if its measures are not the campaign's columns: a connectome that is swept may have other regions, which name[*]
    /// makes other columns of.
    void require(const TrialForm& form) const;

    const ScanSettings& scan;
    RunConfiguration run;
    std::vector<Measure> measures;
};

/// An outcome that says no more than which trial it is of.
TrialOutcome outcome_for(const ScanSettings& settings, const TrialForm& form, std::size_t trial);

/// Settings with the first `kept` monitors and further ones, for one thread.
SimulatorSettings for_one_thread(SimulatorSettings settings, std::size_t kept, const std::vector<MonitorSettings>& further);

/// ConfigurationError if the trial's configuration or the measures are wrong.
TrialForm form_of_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial);

/// Runs one trial and its control, on one thread, as the single run with the same settings would be. What goes wrong is the trial's
/// outcome, but for a series that cannot be written: OutputError.
/// @param form  of the campaign; a trial whose measures have other columns has failed
/// @returns nothing if it was stopped
std::optional<TrialOutcome> run_trial(const ScanSettings& settings, const TrialForm& form, const Document& base, const Catalogue& catalogue,
                                      std::size_t trial, const std::function<bool()>& stop);

/// What a trial costs, from a piece of it that was run.
struct TrialCost {
    std::size_t trial;
    double seconds;     ///< of one thread, with the control; an early stop would make it less
    double measured;    ///< [ms] simulated to know it
    double duration;    ///< [ms] that a trial simulates
    bool control;       ///< whether a control runs beside it
    std::size_t bytes;  ///< of memory that it needs while it runs
};

/// Runs the first trial that can be run for a part of a second and extrapolates. ConfigurationError or InvalidState if none of the first
/// hundred can.
TrialCost cost_of_trials(const ScanSettings& settings, const Document& base, const Catalogue& catalogue);

}  // namespace kation
