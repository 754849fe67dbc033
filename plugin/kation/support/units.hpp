#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kation {

/// How many steps of dt [ms] a time [ms] is, if it is a whole number of them (to 1e-9 of a step and to rounding of long times).
std::optional<std::int64_t> steps_if_whole(double time, double dt);

/// The same, but a ConfigurationError that names `what` when the time is no whole number of steps.
std::int64_t whole_steps(std::string_view what, double time, double dt);

/// Time [ms] of a step on the grid of dt. Where 1 ms is a whole number of steps it is the double nearest to the exact time: step 1547888
/// of 0.02 ms is at 30957.76 ms, not at 30957.760000000002.
double time_of(std::int64_t step, double dt);

/// What a number in one unit has to be multiplied by to be in another: 1 for the same unit, and rates ("1/ms", "kHz", "1/s", "Hz") into
/// each other. Nothing where there is no such factor, as between pure numbers ("1"), which may mean anything.
std::optional<double> conversion(std::string_view from, std::string_view to);

/// Nearest step to a time, half to even: the rule of The Virtual Brain for delays.
std::int64_t nearest_step(double time, double dt);

}  // namespace kation
