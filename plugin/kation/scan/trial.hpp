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
};

/// "ok", "invalid" or "failed".
const char* word_for(TrialOutcome::Status status);

/// What all trials of a campaign have in common, as the first trial that is understood shows it.
struct TrialForm {
    std::vector<std::string> columns;   ///< names of the measures
    std::vector<std::string> warnings;  ///< what the user should know: a large dt, advice of the models
    std::string effective;              ///< everything that was used, as TOML
    std::uint64_t seed;
};

/// ConfigurationError if the trial's configuration or the measures are wrong.
TrialForm form_of_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial);

/// Runs one trial and its control, on one thread, as the single run with the same settings would be. What goes wrong is the trial's
/// outcome.
/// @returns nothing if it was stopped
std::optional<TrialOutcome> run_trial(const ScanSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t trial,
                                      const std::function<bool()>& stop);

}  // namespace kation
