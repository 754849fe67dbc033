#include <kation/scan/stopping.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kation {

StopSettings read_stop(Section section) {
    StopSettings stop;
    stop.all_recruited = section.truth("all_recruited", false);
    if (section.has("recruited")) {
        stop.recruited = section.integer("recruited", 1);
        if (*stop.recruited < 1) section.fail("recruited", fmt::format("= {} is below 1", *stop.recruited));
    }
    stop.region = section.text("region");
    stop.quiet = section.number("quiet");
    if (stop.quiet && !(*stop.quiet > 0)) section.fail("quiet", fmt::format("= {} ms is not above 0", shortest(*stop.quiet)));
    stop.after = section.number("after", 0.0);
    if (!(stop.after >= 0)) section.fail("after", fmt::format("= {} ms is below 0", shortest(stop.after)));
    stop.every = section.number("every");
    if (stop.every && !(*stop.every > 0 && std::isfinite(*stop.every)))
        section.fail("every", fmt::format("= {} ms is not above 0", shortest(*stop.every)));
    const std::string control = section.text("control", "same");
    if (control != "same" && control != "whole")
        section.fail("control",
                     fmt::format("= \"{}\" is not known{}", control, suggestion(control, std::vector<std::string>{"same", "whole"})));
    stop.control_whole = control == "whole";
    section.finish({"recruited"});
    if (!stop.any()) section.fail("", "has no rule: it needs all_recruited = true, recruited = 3, region = \"rHC\" or quiet = 5000");
    return stop;
}

std::int64_t StopSettings::steps_between(double dt) const {
    constexpr double usual = 100.0;  // [ms]: of little work beside the steps, and short beside seizures
    if (!every) return std::max<std::int64_t>(1, nearest_step(usual, dt));
    return whole_steps("scan.stop.every", *every, dt);
}

StopWatch::StopWatch(const StopSettings& settings, const Network& network, const std::vector<bool>& zone)
    : settings_(&settings),
      zone_(&zone),
      outside_(static_cast<std::size_t>(std::ranges::count(zone, false))),
      quiet_since_(settings.after) {
    try {
        if (settings.region) region_ = network.connectivity().index_of(*settings.region);
    } catch (const ConfigurationError& problem) {
        throw ConfigurationError(fmt::format("scan.stop.region: {}", problem.what()));
    }
    if (settings.recruited && static_cast<std::size_t>(*settings.recruited) > outside_)
        throw ConfigurationError(
            fmt::format("scan.stop.recruited = {}: only {} regions are outside the zone", *settings.recruited, outside_));
}

std::string_view StopWatch::look(const Recruitment& so_far, double time) {
    const std::int64_t events = std::accumulate(so_far.events.begin(), so_far.events.end(), std::int64_t{0});
    if (events != events_) quiet_since_ = std::max(time, settings_->after);
    events_ = events;
    if (time < settings_->after) return {};
    const std::size_t recruited = so_far.count_outside(*zone_);
    if (region_ && so_far.recruited[*region_]) return "region";
    if (settings_->recruited && recruited >= static_cast<std::size_t>(*settings_->recruited)) return "recruited";
    if (settings_->all_recruited && recruited == outside_ && outside_ > 0) return "all_recruited";
    if (settings_->quiet && time - quiet_since_ >= *settings_->quiet) return "quiet";
    return {};
}

}  // namespace kation
