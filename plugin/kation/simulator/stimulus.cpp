#include <kation/model/field.hpp>
#include <kation/simulator/stimulus.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kation {

std::string Stimulus::problem() const {
    if (!std::isfinite(amplitude)) return "amplitude is not a finite number";
    if (!std::isfinite(onset)) return "onset is not a finite number";
    if (!(duration > 0)) return fmt::format("duration = {} ms is not above 0", shortest(duration));
    if (waveform == Waveform::pulse_train && !(width > 0 && width <= period))
        return fmt::format("a pulse train needs 0 < width <= period, but width = {} ms and period = {} ms", shortest(width),
                           shortest(period));
    if (waveform == Waveform::sine && !(frequency > 0))
        return fmt::format("frequency = {} 1/ms of a sine is not above 0", shortest(frequency));
    if (waveform == Waveform::ramp && !(duration < 1e299)) return "a ramp needs a duration";
    if (!std::isfinite(phase) || !std::isfinite(frequency)) return "frequency or phase is not a finite number";
    const auto finite = [](double number) { return std::isfinite(number); };
    if (waveform == Waveform::file && !(std::ranges::all_of(times, finite) && std::ranges::all_of(values, finite)))
        return "a series needs finite numbers";
    if (waveform == Waveform::file && (times.empty() || times.size() != values.size() || !std::ranges::is_sorted(times)))
        return "a series needs as many values as times, with times ascending";
    return {};
}

StimulusOnGrid::StimulusOnGrid(Stimulus stimulus, double dt) : stimulus_(std::move(stimulus)), dt_(dt) {
    constexpr std::int64_t never = std::int64_t{1} << 60;
    const auto on_grid = [&](const char* what, double& time) -> std::int64_t {
        if (time / dt_ > 1e15) return never;
        const std::int64_t step = nearest_step(time, dt_);
        if (!steps_if_whole(time, dt_)) {
            moved_ +=
                fmt::format("{}{} {} ms -> {:.10g} ms", moved_.empty() ? "" : ", ", what, shortest(time), static_cast<double>(step) * dt_);
            time = static_cast<double>(step) * dt_;
        }
        return step;
    };
    if (stimulus_.waveform == Stimulus::Waveform::file) return;
    first_ = on_grid("onset", stimulus_.onset);
    const std::int64_t length = on_grid("duration", stimulus_.duration);
    end_ = length == never ? never : first_ + length;
    if (stimulus_.waveform == Stimulus::Waveform::pulse_train) {
        period_ = std::max<std::int64_t>(1, on_grid("period", stimulus_.period));
        width_ = std::max<std::int64_t>(1, on_grid("width", stimulus_.width));
    }
}

bool StimulusOnGrid::on_during(std::int64_t step) const {
    if (step < first_ || step >= end_) return false;
    return stimulus_.waveform != Stimulus::Waveform::pulse_train || (step - first_) % period_ < width_;
}

double StimulusOnGrid::shape(double time) const {
    const Stimulus& s = stimulus_;
    switch (s.waveform) {
        case Stimulus::Waveform::sine:
            return s.amplitude * std::sin(2 * std::numbers::pi * s.frequency * (time - s.onset) + s.phase);
        case Stimulus::Waveform::ramp:
            return s.amplitude * std::clamp((time - s.onset) / s.duration, 0.0, 1.0);
        case Stimulus::Waveform::file: {
            const auto after = std::ranges::upper_bound(s.times, time);
            if (after == s.times.begin()) return 0.0;
            const auto k = static_cast<std::size_t>(after - s.times.begin());
            if (k == s.times.size()) return time == s.times.back() ? s.amplitude * s.values.back() : 0.0;
            const double part = (time - s.times[k - 1]) / (s.times[k] - s.times[k - 1]);
            return s.amplitude * std::lerp(s.values[k - 1], s.values[k], part);
        }
        case Stimulus::Waveform::pulse:
        case Stimulus::Waveform::pulse_train:
            break;
    }
    return s.amplitude;
}

double StimulusOnGrid::at(std::int64_t step) const {
    const double time = static_cast<double>(step) * dt_;
    switch (stimulus_.waveform) {
        case Stimulus::Waveform::file:
            return shape(time);
        case Stimulus::Waveform::ramp:
            return step >= first_ ? shape(time) : 0.0;
        case Stimulus::Waveform::pulse_train:
            return step > first_ && on_during(step) ? shape(time) : 0.0;
        default:
            return on_during(step) ? shape(time) : 0.0;
    }
}

std::array<double, 3> StimulusOnGrid::within(std::int64_t step) const {
    const bool on = stimulus_.waveform == Stimulus::Waveform::file || (stimulus_.waveform == Stimulus::Waveform::ramp && step >= first_) ||
                    on_during(step);
    if (!on) return {0.0, 0.0, 0.0};
    const double time = static_cast<double>(step) * dt_;
    return {shape(time), shape(time + 0.5 * dt_), shape(static_cast<double>(step + 1) * dt_)};
}

double StimulusOnGrid::next_edge(double time) const {
    const Stimulus& s = stimulus_;
    if (s.waveform == Stimulus::Waveform::file) {
        const auto after = std::ranges::upper_bound(s.times, time);
        return after == s.times.end() ? inf : *after;
    }
    const auto later = [&](std::int64_t step) {
        const double edge = time_of(step, dt_);
        return edge > time ? edge : inf;
    };
    double next = std::min(later(first_), later(end_));
    if (s.waveform == Stimulus::Waveform::pulse_train && time >= time_of(first_, dt_) && time < time_of(end_, dt_)) {
        const std::int64_t since = static_cast<std::int64_t>(std::floor(time / dt_)) - first_;
        const std::int64_t pulse = first_ + std::max<std::int64_t>(0, since / period_ - 1) * period_;
        for (std::int64_t k = 0; k < 4; ++k) next = std::min({next, later(pulse + k * period_), later(pulse + k * period_ + width_)});
    }
    return next;
}

double StimulusOnGrid::smooth_at(double time, double middle) const {
    const Stimulus& s = stimulus_;
    if (s.waveform == Stimulus::Waveform::file) {
        const auto after = std::ranges::upper_bound(s.times, middle);
        if (after == s.times.begin() || after == s.times.end()) return 0.0;
        const auto k = static_cast<std::size_t>(after - s.times.begin());
        return s.amplitude * std::lerp(s.values[k - 1], s.values[k], (time - s.times[k - 1]) / (s.times[k] - s.times[k - 1]));
    }
    const auto step = static_cast<std::int64_t>(std::floor(middle / dt_));
    const bool on = s.waveform == Stimulus::Waveform::ramp ? step >= first_ : on_during(step);
    return on ? shape(time) : 0.0;
}

}  // namespace kation
