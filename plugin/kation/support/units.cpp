#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kation {

std::optional<std::int64_t> steps_if_whole(double time, double dt) {
    const double steps = time / dt;
    constexpr double countable = 9.0e15;  // beyond this, neighbouring steps are the same double
    if (!std::isfinite(steps) || std::abs(steps) > countable) return std::nullopt;
    const double whole = std::nearbyint(steps);
    const double slack = std::max(1e-9, 4 * std::abs(steps) * 2.3e-16);
    if (std::abs(steps - whole) > slack) return std::nullopt;
    return static_cast<std::int64_t>(whole);
}

std::int64_t whole_steps(std::string_view what, double time, double dt) {
    if (const auto steps = steps_if_whole(time, dt)) return *steps;
    const double below = std::floor(time / dt) * dt;
    throw ConfigurationError(fmt::format("{} = {} ms is not a whole number of steps of dt = {} ms; the nearest are {:.10g} and {:.10g} ms",
                                         what, shortest(time), shortest(dt), below, below + dt));
}

std::optional<double> conversion(std::string_view from, std::string_view to) {
    const auto per_ms = [](std::string_view unit) {
        return unit == "1/ms" || unit == "kHz" ? 1.0 : unit == "1/s" || unit == "Hz" ? 1e-3 : 0.0;
    };
    if (per_ms(from) > 0 && per_ms(to) > 0) return per_ms(from) / per_ms(to);
    if (from == to && from != "1") return 1.0;
    return std::nullopt;
}

double time_of(std::int64_t step, double dt) {
    const double steps_in_ms = std::nearbyint(1.0 / dt);
    return 1.0 / steps_in_ms == dt ? static_cast<double>(step) / steps_in_ms : static_cast<double>(step) * dt;
}

std::int64_t nearest_step(double time, double dt) { return static_cast<std::int64_t>(std::nearbyint(time / dt)); }

}  // namespace kation
