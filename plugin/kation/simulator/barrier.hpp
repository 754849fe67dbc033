#pragma once

#include <atomic>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kation {

/// Where the threads of a team wait for each other: spins a bounded time, since a block takes microseconds, then sleeps, since a thread
/// that is late for longer waits for a core.
class Barrier {
  public:
    explicit Barrier(int threads) : threads_(threads), missing_(threads) {}

    /// @param completion  what the last thread to arrive does before all go on; throws nothing
    template <class Completion>
    void arrive_and_wait(const Completion& completion) {
        if (threads_ == 1) {
            completion();
            return;
        }
        const std::uint32_t round = round_.load(std::memory_order_relaxed);
        if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            completion();
            missing_.store(threads_, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            round_.notify_all();
            return;
        }
        constexpr int spins = 4000;
        for (int spin = 0; round_.load(std::memory_order_acquire) == round; ++spin) {
            if (spin < spins)
                relax();
            else
                round_.wait(round, std::memory_order_acquire);
        }
    }

    void arrive_and_wait() {
        arrive_and_wait([] {});
    }

  private:
    static void relax() {
#if defined(__x86_64__)
        _mm_pause();
#endif
    }

    const int threads_;
    alignas(64) std::atomic<int> missing_;
    alignas(64) std::atomic<std::uint32_t> round_{0};
};

}  // namespace kation
