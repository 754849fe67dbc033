#pragma once

#include <functional>

/// Work that is timed as a whole.
using Work = std::function<void()>;

/// What two pieces of work take, measured in turns, so that both see the same machine.
struct Pair {
    double ours, theirs;  ///< [s] medians of one call
    double ratio;         ///< theirs/ours: median over the turns
};

enum class Clock {
    cpu,  ///< of the thread: what other programs do does not count
    wall
};

/// Median time of one call [s].
double median_time(const Work& work, Clock clock = Clock::cpu);
Pair in_turns(const Work& ours, const Work& theirs, Clock clock = Clock::cpu);
