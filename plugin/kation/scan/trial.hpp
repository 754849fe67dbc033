#pragma once

#include <kation/model/catalogue.hpp>
#include <kation/scan/plan.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
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
};

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
