#pragma once

#include <kation/io/document.hpp>
#include <kation/monitors/recruitment.hpp>
#include <kation/network/network.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// When a trial may end before its time, as its answer is known: the table [scan.stop]. Whichever rule is fulfilled first ends it.
struct StopSettings {
    bool all_recruited = false;               ///< every region outside the zone is recruited
    std::optional<std::int64_t> recruited{};  ///< so many regions outside the zone are
    std::optional<std::string> region{};      ///< this region is
    std::optional<double> quiet{};            ///< [ms] without any event, in the zone or outside
    double after = 0.0;                       ///< [ms] nothing ends before; quiet is counted from here at the earliest
    std::optional<double> every{};            ///< [ms] between two looks, a whole number of steps; default: about 100 ms
    bool control_whole = false;               ///< the control runs for the whole duration, not for as long as its trial

    [[nodiscard]] bool any() const { return all_recruited || recruited || region || quiet; }
    /// Steps between two looks. ConfigurationError if `every` is no whole number of them.
    [[nodiscard]] std::int64_t steps_between(double dt) const;
};

/// ConfigurationError with the place for everything that is not understood.
StopSettings read_stop(Section section);

/// Looks at a trial at fixed times, counted in steps from 0, so that what it decides depends on nothing but the trial.
class StopWatch {
  public:
    /// ConfigurationError if the network has no such region, or not so many outside the zone.
    StopWatch(const StopSettings& settings, const Network& network, const std::vector<bool>& zone);

    /// The name of the rule that ends the trial at this time [ms]; empty if it goes on.
    std::string_view look(const Recruitment& so_far, double time);

  private:
    const StopSettings* settings_;
    const std::vector<bool>* zone_;
    std::optional<std::size_t> region_;
    std::size_t outside_;       ///< number of regions outside the zone
    std::int64_t events_ = 0;   ///< at the last look
    double quiet_since_ = 0.0;  ///< [ms] the first look that found no further event after it
};

}  // namespace kation
