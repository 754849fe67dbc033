#include <kation/monitors/recruitment.hpp>
#include <kation/support/error.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kation {
namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::size_t Recruitment::count_outside(const std::vector<bool>& zone) const {
    std::size_t count = 0;
    for (std::size_t region = 0; region < recruited.size(); ++region) count += recruited[region] && !zone[region] ? 1 : 0;
    return count;
}

RecruitmentObserver::RecruitmentObserver(const RecruitmentSettings& settings, const Blocks& blocks)
    : settings_(settings),
      armed_(blocks.slots(), 0.0),
      fired_(blocks.slots(), 0.0),
      threshold_(blocks.slots()),
      rearm_(blocks.slots()),
      events_(blocks.slots(), 0),
      bursts_(blocks.slots(), 0),
      first_(blocks.slots(), never),
      last_(blocks.slots(), never) {
    if (settings.min_events < 1) throw ConfigurationError(fmt::format("recruitment: min_events = {} is below 1", settings.min_events));
    if (!(settings.burst_gap > 0))
        throw ConfigurationError(fmt::format("recruitment: burst_gap = {} ms is not above 0", shortest(settings.burst_gap)));
    for (const Group& group : blocks.groups()) {
        const double threshold = settings.threshold.value_or(group.model->event.threshold);
        const double rearm = settings.rearm.value_or(group.model->event.rearm);
        if (!(rearm <= threshold))
            throw ConfigurationError(fmt::format("recruitment: rearm = {} is above threshold = {} {} of {}", shortest(rearm),
                                                 shortest(threshold), group.model->event.unit, group.model->info.name));
        std::fill_n(threshold_.begin() + static_cast<std::ptrdiff_t>(group.first_slot), group.slots(), threshold);
        std::fill_n(rearm_.begin() + static_cast<std::ptrdiff_t>(group.first_slot), group.slots(), rearm);
    }
}

void RecruitmentObserver::watch(const Part& part, const Blocks& blocks, std::int64_t step, double dt) {
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks.groups()[piece.group];
        const std::size_t first = group.first_slot;
        const EventColumns columns{armed_.data() + first, fired_.data() + first, threshold_.data() + first, rearm_.data() + first};
        if (!group.model->kernels.watch[instruction_set()](group.columns(), columns, piece.begin, piece.end)) continue;
        for (std::size_t node = piece.begin; node < piece.end; ++node)
            if (fired_[first + node] != 0.0) count(first + node, time_of(step, dt));
    }
}

void RecruitmentObserver::count(std::size_t slot, double time) {
    if (events_[slot]++ == 0) first_[slot] = time;
    if (!(time - last_[slot] <= settings_.burst_gap)) ++bursts_[slot];
    last_[slot] = time;
}

Recruitment RecruitmentObserver::result(const Blocks& blocks, std::size_t member) const {
    const std::size_t regions = blocks.regions();
    Recruitment result{std::vector<bool>(regions),         std::vector<double>(regions, never), std::vector<double>(regions, never),
                       std::vector<std::int64_t>(regions), std::vector<std::int64_t>(regions),  std::vector<std::int64_t>(regions),
                       std::vector<double>(regions, never)};
    std::vector<std::size_t> recruited;
    for (std::size_t region = 0; region < regions; ++region) {
        const std::size_t slot = blocks.slot_of(blocks.node(member, region));
        result.events[region] = events_[slot];
        result.bursts[region] = bursts_[slot];
        result.first_event_ms[region] = first_[slot];
        if (events_[slot] < settings_.min_events) continue;
        result.recruited[region] = true;
        result.onset_ms[region] = first_[slot];
        result.offset_ms[region] = last_[slot];
        recruited.push_back(region);
    }
    std::ranges::stable_sort(recruited, {}, [&](std::size_t region) { return result.onset_ms[region]; });
    for (std::size_t place = 0; place < recruited.size(); ++place) result.order[recruited[place]] = static_cast<std::int64_t>(place) + 1;
    return result;
}

}  // namespace kation
