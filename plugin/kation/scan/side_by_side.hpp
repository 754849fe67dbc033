#pragma once

#include <kation/scan/trial.hpp>

#include <functional>
#include <span>

namespace kation {

/// Runs a few trials of a campaign on the thread that calls: those of small networks that differ in numbers alone side by side in the lanes
/// of vectors, the others one after the other. Each gives what `run_trial` gives, bit for bit.
/// @param take  is handed each outcome as it is known, in any order
/// @returns false if it was stopped before all were done
bool run_trials(const ScanSettings& settings, const TrialForm& form, const Document& base, const Catalogue& catalogue,
                std::span<const std::size_t> trials, const std::function<bool()>& stop, const std::function<void(TrialOutcome)>& take);

}  // namespace kation
