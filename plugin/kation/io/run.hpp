#pragma once

#include <kation/io/configuration.hpp>

#include <functional>
#include <optional>

namespace kation {

/// A run and the control beside it, both over the same time.
struct RunResult {
    bool whole;  ///< false: the watcher stopped it
    std::int64_t steps;
    std::int64_t evaluations;  ///< of right-hand sides, of all regions, without the control's
    double simulated;          // [ms]
    int threads;
    std::string reason_for_threads;
    Recruitment recruitment;
    std::optional<Recruitment> control;
};

/// Runs a configuration and its control. With two threads or more they run side by side, which changes no number. The progress that is told
/// is of both: it ends at the duration.
/// InvalidState if either becomes invalid.
RunResult run_with_control(const RunConfiguration& configuration, Simulator& simulator, Sink& sink, const RunWatcher& watcher);

}  // namespace kation
