#include <bench/stopwatch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>

namespace {

constexpr std::size_t turns = 9;
constexpr double least_time = 0.03;  // [s] of a measurement: the clocks and a call of std::function are nothing beside it

double now(Clock clock) {
    if (clock == Clock::wall) return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double time_of_calls(const Work& work, std::size_t calls, Clock clock) {
    const double begin = now(clock);
    for (std::size_t call = 0; call < calls; ++call) work();
    return (now(clock) - begin) / static_cast<double>(calls);
}

/// How many calls make a measurement. Also warms up.
std::size_t calls_needed(const Work& work, Clock clock) {
    for (std::size_t calls = 1;; calls *= 4) {
        const double time = time_of_calls(work, calls, clock) * static_cast<double>(calls);
        if (time > least_time / 8) return static_cast<std::size_t>(std::ceil(static_cast<double>(calls) * least_time / time));
    }
}

double median(std::array<double, turns> times) {
    std::ranges::sort(times);
    return times[turns / 2];
}

}  // namespace

double median_time(const Work& work, Clock clock) {
    const std::size_t calls = calls_needed(work, clock);
    std::array<double, turns> times{};
    for (double& time : times) time = time_of_calls(work, calls, clock);
    return median(times);
}

Pair in_turns(const Work& ours, const Work& theirs, Clock clock) {
    const std::size_t our_calls = calls_needed(ours, clock), their_calls = calls_needed(theirs, clock);
    std::array<double, turns> our_times{}, their_times{}, ratios{};
    for (std::size_t turn = 0; turn < turns; ++turn) {
        our_times[turn] = time_of_calls(ours, our_calls, clock);
        their_times[turn] = time_of_calls(theirs, their_calls, clock);
        ratios[turn] = their_times[turn] / our_times[turn];
    }
    return {median(our_times), median(their_times), median(ratios)};
}
