#include <kation/monitors/recruitment.hpp>
#include <kation/support/eight.hpp>
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

/// What a quantity does to a node, or to eight of them. Flags are 0 or 1; fired: 1 where an event happens.
template <class Number>
KATION_INLINE void rise(const Number& quantity, const Number& threshold, const Number& rearm, Number& armed, Number& fired) {
    fired = quantity >= threshold ? armed : Number{};
    armed = quantity < rearm ? Number{} + 1.0 : armed - fired;
}

/// Goes through the steps from first to last for each slot in [begin, end): `before` becomes what `armed` was, `armed` what it is after the
/// last one, `events` how many there were. @returns whether there was one
struct CountRises {
    KATION_INLINE static bool run(const ConstRowRing& all_rows, std::int64_t first, std::int64_t last, const double* threshold,
                                  const double* rearm, double* armed, double* before, double* events, std::size_t begin, std::size_t end) {
        const ConstRowRing rows = all_rows;
        Eight any{};
        for (std::size_t tile = begin; tile < end; tile += lanes) {
            Eight now, high, low, quantity, fired, rises{};
            load(now, armed + tile);
            load(high, threshold + tile);
            load(low, rearm + tile);
            store(now, before + tile);
            for (std::int64_t step = first; step <= last; ++step) {
                load(quantity, rows.at(step) + tile);
                rise(quantity, high, low, now, fired);
                rises += fired;
            }
            store(now, armed + tile);
            store(rises, events + tile);
            any += rises;
        }
        double sum = 0;
        for (std::size_t lane = 0; lane < lanes; ++lane) sum += any[lane];
        return sum > 0;
    }
};

}  // namespace

std::size_t Recruitment::count_outside(const std::vector<bool>& zone) const {
    std::size_t count = 0;
    for (std::size_t region = 0; region < recruited.size(); ++region) count += recruited[region] && !zone[region] ? 1 : 0;
    return count;
}

RecruitmentObserver::RecruitmentObserver(const RecruitmentSettings& settings, const Blocks& blocks, std::size_t steps)
    : settings_(settings),
      steps_(steps),
      quantity_(steps * blocks.slots(), 0.0),
      armed_(blocks.slots(), 0.0),
      before_(blocks.slots(), 0.0),
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

void RecruitmentObserver::look(const Part& part, const Blocks& blocks, std::int64_t step) {
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks.groups()[piece.group];
        group.model->kernels.event[instruction_set()](group.columns(), quantity(step) + group.first_slot, piece.begin, piece.end);
    }
}

void RecruitmentObserver::watch(const Part& part, std::int64_t first, std::int64_t last, double dt) {
    if (!run_loop<CountRises>(ConstRowRing(rows()), first, last, threshold_.data(), rearm_.data(), armed_.data(), before_.data(),
                              fired_.data(), part.begin, part.end))
        return;
    for (std::size_t slot = part.begin; slot < part.end; ++slot) {
        if (fired_[slot] == 0.0) continue;
        double armed = before_[slot], fired = 0;
        for (std::int64_t step = first; step <= last; ++step) {
            rise(quantity(step)[slot], threshold_[slot], rearm_[slot], armed, fired);
            if (fired != 0.0) count(slot, time_of(step, dt));
        }
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
