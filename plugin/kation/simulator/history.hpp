#pragma once

#include <kation/simulator/delayed_input.hpp>
#include <kation/support/columns.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace kation {

/// What nodes sent in the past, for each channel and slot a ring over steps with a mirrored tail, so that a block of consecutive steps is
/// always contiguous: [channel][slot][step]. Number: double or float.
template <class Number>
class History {
  public:
    /// @param longest delay [steps] that will be asked for.  @param block steps that are read at once, at least `block_steps`
    History(std::size_t channels, std::size_t slots, std::int64_t longest, std::int64_t block)
        : slots_(slots),
          // A thread may store its next block while another still sums over the longest delays.
          ring_(static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(longest) + 2 * block_steps))),
          block_(block),
          // Not a power of two, so that the same step of neighbouring slots does not fall into one cache set.
          stride_(static_cast<std::size_t>(ring_ + block) + lanes),
          channels_(channels),
          numbers_(channels * slots * stride_) {}

    /// Zeros for the slots in [begin, end): to be called by the thread that will write their past.
    void touch(std::size_t begin, std::size_t end) {
        if (numbers_.empty()) return;
        for (std::size_t channel = 0; channel < channels_; ++channel)
            std::fill(row(channel, begin), row(channel, begin) + (end - begin) * stride_, Number{0});
    }

    [[nodiscard]] std::size_t bytes() const { return numbers_.size() * sizeof(Number); }

    /// Contiguous numbers of a slot from a step on, a block long.
    [[nodiscard]] const Number* at(std::size_t channel, std::size_t slot, std::int64_t step) const {
        return row(channel, slot) + (step & (ring_ - 1));
    }

    void store(std::size_t channel, std::size_t slot, std::int64_t step, double value) {
        Number* numbers = row(channel, slot);
        const std::int64_t place = step & (ring_ - 1);
        numbers[place] = static_cast<Number>(value);
        if (place < block_) numbers[ring_ + place] = numbers[place];
    }

    /// Where loops read runs of a block.
    [[nodiscard]] Pasts<Number> pasts(std::size_t channel) const {
        return {numbers_.data() + channel * slots_ * stride_, stride_, ring_ - 1};
    }

    /// Stores what the slots in [begin, end) sent in `block_steps` steps from a step on. @param sent  rows of these steps
    void store_block(std::size_t channel, const ConstRowRing& sent, std::int64_t step, std::size_t begin, std::size_t end) {
        const std::int64_t place = step & (ring_ - 1), after = place + static_cast<std::int64_t>(block_steps);
        run_loop<RememberBlock<Number>>(sent, step, row(channel, 0) + place, stride_, begin, end);
        if (place >= block_ && after <= ring_) return;
        for (std::size_t slot = begin; slot < end; ++slot) {
            Number* numbers = row(channel, slot);
            if (after > ring_) std::copy(numbers + ring_, numbers + after, numbers);
            if (place < block_) std::copy(numbers + place, numbers + std::min(after, block_), numbers + ring_ + place);
        }
    }

  private:
    [[nodiscard]] Number* row(std::size_t channel, std::size_t slot) { return numbers_.data() + (channel * slots_ + slot) * stride_; }
    [[nodiscard]] const Number* row(std::size_t channel, std::size_t slot) const {
        return numbers_.data() + (channel * slots_ + slot) * stride_;
    }

    std::size_t slots_;
    std::int64_t ring_, block_;
    std::size_t stride_, channels_;
    AlignedVector<Number> numbers_;
};

}  // namespace kation
