#include <kation/simulator/thread_choice.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kation {

ThreadChoice::ThreadChoice(std::size_t threads, bool fixed, std::string reason)
    : most_(threads), fixed_(fixed || threads == 1), reason_(std::move(reason)) {}

double ThreadChoice::stretch() const {
    constexpr double trial = 0.003, keep = 0.5;  // [s]: hundreds of blocks, and a hundred times as long
    if (fixed_) return std::numeric_limits<double>::infinity();
    return stage_ == Stage::keeping ? keep : trial;
}

void ThreadChoice::took(double seconds, std::int64_t steps) {
    const double each = seconds / static_cast<double>(std::max<std::int64_t>(1, steps));
    switch (stage_) {
        case Stage::trying_all:
            with_all_ = each;
            stage_ = Stage::trying_one;
            one_ = true;
            break;
        case Stage::trying_one:
            with_one_ = each;
            stage_ = Stage::keeping;
            one_ = with_one_ <= with_all_;
            reason_ = fmt::format("{} threads take {:.2f} times as long as one, as tried while it ran", most_, with_all_ / with_one_);
            break;
        case Stage::keeping:
            stage_ = Stage::trying_all;
            one_ = false;
            break;
    }
}

void ThreadChoice::only_one(std::string reason) {
    fixed_ = one_ = true;
    reason_ = std::move(reason);
}

}  // namespace kation
