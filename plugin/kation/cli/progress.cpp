#include <kation/cli/progress.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>

namespace {

constexpr double worth_telling = 1.0;  // [s]

std::atomic<bool> asked_to_stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch it");

std::string duration_text(double seconds) {
    if (seconds < 90) return fmt::format("{:.0f} s", seconds);
    if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(double total, std::string unit, bool quiet)
    : total_(total),
      unit_(std::move(unit)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

Progress::~Progress() { clear(); }

void Progress::clear() {
    if (terminal_ && shown_) fmt::print(stderr, "\r\033[K");
    shown_ = false;
}

void Progress::show(double done, const std::string& note) {
    if (quiet_ || total_ <= 0) return;
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    if (seconds < worth_telling) return;
    const int tenths = static_cast<int>(10 * done / total_);
    const bool due = terminal_ ? std::chrono::duration<double>(now - last_).count() > 0.2 : tenths > tenths_;
    if (!due) return;
    last_ = now;
    tenths_ = tenths;
    const double speed = done / seconds;
    const std::string line = fmt::format("{:3.0f} % done, {:.4g} {} per s, {} left", 100 * done / total_, speed, unit_,
                                         speed > 0 ? duration_text((total_ - done) / speed) : "?") +
                             (note.empty() ? "" : ", " + note);
    if (terminal_)
        fmt::print(stderr, "\r\033[K{}", line);
    else
        fmt::print(stderr, "{}\n", line);
    std::fflush(stderr);
    shown_ = true;
}

void listen_for_interrupts() {
    struct sigaction action = {};
    action.sa_handler = [](int) { asked_to_stop = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // a second signal ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return asked_to_stop; }
