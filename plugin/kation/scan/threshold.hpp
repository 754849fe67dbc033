#pragma once

#include <kation/io/document.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/monitors/recruitment.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// What is looked for: the value of a key from which on a condition is true.
struct ThresholdSettings {
    std::string key;              ///< dotted, as for --set
    double from = 0.0, to = 0.0;  ///< the range, both ends included
    std::optional<double>
        tolerance{};  ///< between the last value where it is false and the first where it is true; default: 1 % of the range
    std::string until = "recruited >= 1";          ///< the condition
    std::string control_until = "recruited >= 1";  ///< when the control is not silent any more; a bare measure is of all regions there
    std::size_t coarse = 1;                        ///< equal parts of the range whose ends are looked at before anything is halved
    bool per_region = false;                       ///< also each region's own threshold: where it is recruited
    std::size_t limiting = 0;                      ///< so many connections are raised, one at a time
    double raise = 2.0;                            ///< up to this factor

    /// Intervals of equal width, not above the tolerance, that the range is cut into: all values that may be tried lie between two.
    [[nodiscard]] std::size_t intervals() const;
};

/// A region that was reached, and when.
struct Reached {
    std::string region;
    double onset_ms;
};

/// Between which neighbouring values an answer changes: the first such place that the values tried show.
struct Crossing {
    enum class Kind : std::uint8_t {
        rises,         ///< false at `low`, true at `high`
        falls,         ///< true at `low`, false at `high`
        always_true,   ///< wherever it was tried between `low` and `high`, the ends of the range
        always_false,  ///< likewise
    };
    Kind kind;
    double low, high;
    std::optional<Reached> reached{};  ///< rises: the region outside the zone (control: any) that was recruited first at `high`
};

/// A region's own threshold.
struct RegionCrossing {
    std::string region;
    Crossing crossing;
};

/// What raising one connection alone does just below the threshold.
struct RaisedConnection {
    std::string to, from;
    double weight;                     ///< as it is
    std::optional<double> factor{};    ///< the least that makes the condition true; nothing: the largest factor does not
    std::optional<Reached> reached{};  ///< the region that was recruited with it, and not without it
};

/// One simulation that was made.
struct ThresholdTrial {
    double value;                             ///< of the key; of a raised connection: the factor
    std::optional<std::size_t> connection{};  ///< which one was raised, of ThresholdReport::connections
    bool control;
    bool whole;                ///< it went on to its end
    double simulated;          // [ms]
    std::int64_t evaluations;  ///< of right-hand sides, of all regions
    Recruitment recruitment;   ///< until it ended
};

/// All that was found.
struct ThresholdReport {
    std::string condition, control_condition;  ///< as they were understood
    std::vector<std::string> regions;          ///< labels, in the order of Recruitment
    std::vector<bool> zone;                    ///< of each, at the end of the range
    double duration;                           // [ms] of a trial that is not stopped
    Crossing trial;
    std::optional<Crossing> control{};  ///< nothing if there is no control
    std::vector<RegionCrossing> by_region{};
    std::vector<RaisedConnection> connections{};
    std::vector<ThresholdTrial> trials{};  ///< in the order in which they were decided upon: by rounds, then by value
    std::vector<std::string> warnings{};

    std::int64_t evaluations = 0;       ///< of right-hand sides, in all trials but those of raised connections
    std::size_t grid_trials = 0;        ///< that a scan over the same values would run, controls included
    std::int64_t grid_evaluations = 0;  ///< that it would take without early stop
    /// As many as it would take at least with early stop: those of the trials in which nothing happens, up to the thresholds.
    std::int64_t grid_evaluations_at_least = 0;

    /// From the first value where the condition is true to the last where the control is silent; nothing if there is none. The end is
    /// the end of the range where the control stays silent.
    struct Window {
        double from, to;
        bool open;  ///< the control stays silent up to the end of the range
    };
    [[nodiscard]] std::optional<Window> window() const;
};

/// What it tells while it goes on. Both may be empty; `tell` is called between rounds, `stop` by any thread.
struct ThresholdWatcher {
    std::function<void(std::size_t trials, const std::string& known)> tell;
    std::function<bool()> stop;
};

/// Finds the threshold by bisection. Trials end as soon as their answers are known, and all have the same noise. All values are points of
/// one lattice, so that one trial answers several questions; which trials are run does not depend on the number of threads.
///
/// It finds one place where the answer changes, the first that `coarse` shows: between two values with the same answer there may be others.
/// ConfigurationError for what is not understood; InvalidState, with the value, if a trial becomes invalid; Interrupted if it was stopped.
ThresholdReport find_threshold(const ThresholdSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t threads,
                               const ThresholdWatcher& watcher = {});

}  // namespace kation
