#include <kation/simulator/far_sums.hpp>

#include <algorithm>

namespace kation {
namespace {

constexpr auto block = static_cast<std::int64_t>(block_steps), long_block = static_cast<std::int64_t>(long_block_steps);

std::int64_t longest_of(std::span<const std::span<const Tract>> into) {
    std::int64_t longest = 0;
    for (const auto tracts : into)
        for (const Tract& tract : tracts) longest = std::max<std::int64_t>(longest, tract.delay);
    return longest;
}

}  // namespace

template <class Number>
FarSums<Number>::FarSums(std::vector<std::span<const Tract>> into, std::size_t channels, std::int64_t ahead, Coupling::Order order)
    : into_(std::move(into)),
      ahead_(ahead),
      longest_(longest_of(into_)),
      history_(channels, longest_ > 0 ? into_.size() : 0, longest_, long_block),
      long_count_(into_.size(), 0) {
    if (none()) return;
    if (order == Coupling::Order::source) {
        out_of_ = by_source(into_);
        sums_by_source_.assign(into_.size() * block_steps, 0.0);
        return;
    }
    for (std::size_t slot = 0; slot < into_.size(); ++slot) {
        const auto end = std::ranges::partition_point(into_[slot], [&](const Tract& tract) { return tract.delay >= long_block + ahead_; });
        long_count_[slot] = static_cast<std::uint32_t>(end - into_[slot].begin());
        any_long_ = any_long_ || long_count_[slot] > 0;
    }
    long_sums_.assign(channels * into_.size() * long_block_steps, 0.0);
}

template <class Number>
void FarSums<Number>::store(std::size_t channel, std::size_t slot, std::int64_t step, double value) {
    if (!none()) history_.store(channel, slot, step, value);
}

template <class Number>
double FarSums<Number>::sent(std::size_t channel, std::size_t slot, std::int64_t step) const {
    return static_cast<double>(*history_.at(channel, slot, step));
}

template <class Number>
void FarSums<Number>::begin_block(std::int64_t step) {
    const std::int64_t first = step + ahead_;
    long_due_ = any_long_ && !(long_known_ && first >= long_begin_ && first + block <= long_begin_ + long_block);
    if (!long_due_) return;
    long_begin_ = first;
    long_known_ = true;
}

template <class Number>
void FarSums<Number>::sum(const Part& part, std::size_t channel, std::int64_t step, const RowRing& rows) {
    const std::int64_t first = step + ahead_;
    if (none()) {
        for (std::int64_t s = 0; s < block; ++s) std::fill(rows.at(first + s) + part.begin, rows.at(first + s) + part.end, 0.0);
        return;
    }
    const Pasts<Number> pasts = history_.pasts(channel);
    if (!out_of_.empty()) {
        run_loop<SourceSum<Number>>(out_of_.data(), out_of_.size(), pasts, first, sums_by_source_.data(), rows, part.begin, part.end);
        return;
    }
    double* const sums = long_sums_.data() + channel * into_.size() * long_block_steps;
    if (long_due_) run_loop<LongBlockSum<Number>>(into_.data(), long_count_.data(), pasts, first, sums, part.begin, part.end);
    run_loop<BlockSum<Number>>(into_.data(), long_count_.data(), pasts, first, sums + (any_long_ ? first - long_begin_ : 0), rows,
                               part.begin, part.end);
}

template <class Number>
void FarSums<Number>::remember(const Part& part, std::size_t channel, const ConstRowRing& sent, std::int64_t first, std::int64_t last) {
    if (none()) return;
    if (last - first + 1 == block) {
        history_.store_block(channel, sent, first, part.begin, part.end);
        return;
    }
    for (std::int64_t step = first; step <= last; ++step)
        for (std::size_t slot = part.begin; slot < part.end; ++slot) history_.store(channel, slot, step, sent.at(step)[slot]);
}

template class FarSums<double>;
template class FarSums<float>;

}  // namespace kation
