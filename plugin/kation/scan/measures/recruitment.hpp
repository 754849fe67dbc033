#pragma once

#include <kation/scan/measure.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace kation::measures {

/// Who was recruited, when, and with how many events: over the whole trial, whatever the window is.
class RecruitmentGauge : public Gauge {
  public:
    explicit RecruitmentGauge(const MeasuredTrial&) {}

    void finish(const TrialEnd& end) override {
        found_ = end.recruitment;
        simulated_ = end.simulated;
    }

    [[nodiscard]] double value(const Question& question) const override {
        const std::string_view measure = question.measure;
        const auto count = static_cast<double>(question.regions.size());
        double recruited = 0, events = 0, bursts = 0, length = 0, order = 0, first = never, last = never, end = never;
        for (const std::size_t region : question.regions) {
            recruited += found_.recruited[region] ? 1 : 0;
            events += static_cast<double>(found_.events[region]);
            bursts += static_cast<double>(found_.bursts[region]);
            order = static_cast<double>(found_.order[region]);
            if (found_.recruited[region]) length += found_.offset_ms[region] - found_.onset_ms[region];
            first = std::fmin(first, found_.onset_ms[region]);  // fmin and fmax pass NaN over
            last = std::fmax(last, found_.onset_ms[region]);
            end = std::fmax(end, found_.offset_ms[region]);
        }
        if (measure == "recruited") return recruited;
        if (measure == "fraction") return recruited / count;  // NaN for no regions
        if (measure == "first_onset" || measure == "onset") return first;
        if (measure == "last_onset") return last;
        if (measure == "last_offset" || measure == "offset") return end;
        if (measure == "length") return length / (recruited > 0 ? recruited : never);
        if (measure == "order") return order;
        if (measure == "events") return events;
        if (measure == "bursts") return bursts;
        return question.regions.empty() || simulated_ <= 0 ? never : 1000.0 * events / simulated_ / count;  // rate
    }

  private:
    static constexpr double never = std::numeric_limits<double>::quiet_NaN();
    Recruitment found_;
    double simulated_ = 0;  // [ms]
};

inline std::span<const MeasureKind> recruitment() {
    constexpr auto none = MeasureKind::Rows::none;
    constexpr auto gauge = &make_gauge<RecruitmentGauge>;
    static const std::array<MeasureKind, 12> kinds{{
        {"recruited", "1", "number of recruited regions; of one region: 1 or 0", none, {}, {}, false, gauge, true},
        {"fraction", "1", "recruited regions among all that are looked at", none, {}, {}, false, gauge, true},
        {"first_onset", "ms", "first event of the region that is recruited first", none, {}, {}, false, gauge},
        {"last_onset", "ms", "first event of the region that is recruited last", none, {}, {}, false, gauge},
        {"last_offset", "ms", "last event of all recruited regions", none, {}, {}, false, gauge},
        {"onset", "ms", "first event of a region; nan: not recruited", none, {}, {}, true, gauge},
        {"offset", "ms", "last event of a region; nan: not recruited", none, {}, {}, true, gauge},
        {"order", "1", "place of a region in the order of onsets, the zone's included; 0: not recruited", none, {}, {}, true, gauge},
        {"length", "ms", "from onset to offset, mean over the recruited regions", none, {}, {}, false, gauge},
        {"events",
         "1",
         "number of events (spikes, bursts: each model says what), summed over the regions",
         none,
         {},
         {},
         false,
         gauge,
         true},
        {"bursts", "1", "number of groups of events with less than recruitment.burst_gap between them", none, {}, {}, false, gauge, true},
        {"rate", "Hz", "events per second, mean over the regions", none, {}, {}, false, gauge},
    }};
    return kinds;
}

}  // namespace kation::measures
