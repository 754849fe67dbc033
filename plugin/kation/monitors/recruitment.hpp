#pragma once

#include <kation/network/blocks.hpp>
#include <kation/support/row_ring.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace kation {

/// What counts as recruited. Each model says what an event is; thresholds given here stand in for its own.
struct RecruitmentSettings {
    std::int64_t min_events = 5;        ///< this many events over the whole run
    double burst_gap = 200.0;           ///< [ms] without an event end a burst
    std::optional<double> threshold{};  ///< an event is a rise to this ...
    std::optional<double> rearm{};      ///< ... after having been below this
    bool operator==(const RecruitmentSettings&) const = default;
};

/// What happened in each region, all [region].
struct Recruitment {
    std::vector<bool> recruited;
    std::vector<double> onset_ms;   ///< first event; NaN: not recruited
    std::vector<double> offset_ms;  ///< last event; NaN: not recruited
    std::vector<std::int64_t> events, bursts;
    std::vector<std::int64_t> order;     ///< 1 for the first onset; 0: not recruited
    std::vector<double> first_event_ms;  ///< also of regions with too few events; NaN: no event

    /// How many regions are recruited among those that are not in the zone (1 = in the zone).
    [[nodiscard]] std::size_t count_outside(const std::vector<bool>& zone) const;
};

/// Watches all nodes while a run goes on and counts their events, in memory that does not grow with time.
class RecruitmentObserver {
  public:
    /// @param steps  that are watched at once, at most; a power of two
    RecruitmentObserver(const RecruitmentSettings& settings, const Blocks& blocks, std::size_t steps);

    /// Where the quantity whose rises are events is to stand, for each slot, before the state after `step` steps is watched.
    [[nodiscard]] double* quantity(std::int64_t step) { return rows().at(step); }
    /// Puts it there from the present state of a part.
    void look(const Part& part, const Blocks& blocks, std::int64_t step);

    /// Counts events of a part after the steps from `first` to `last`; dt [ms]. Step 0 only arms the nodes that are below their threshold.
    void watch(const Part& part, std::int64_t first, std::int64_t last, double dt);

    [[nodiscard]] Recruitment result(const Blocks& blocks, std::size_t member) const;

  private:
    [[nodiscard]] RowRing rows() { return {quantity_.data(), armed_.size(), static_cast<std::int64_t>(steps_) - 1}; }
    void count(std::size_t slot, double time);

    RecruitmentSettings settings_;
    std::size_t steps_;
    AlignedNumbers quantity_;  ///< [step][slot]
    AlignedNumbers armed_, before_, fired_, threshold_,
        rearm_;  ///< [slot]; before_: armed before the last steps, fired_: how often in them
    std::vector<std::int64_t> events_, bursts_;
    std::vector<double> first_, last_;  ///< [ms]
};

}  // namespace kation
