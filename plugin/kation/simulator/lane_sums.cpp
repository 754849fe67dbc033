#include <kation/simulator/lane_sums.hpp>

#include <algorithm>
#include <array>
#include <bit>

namespace kation {
namespace {

constexpr auto block = static_cast<std::int64_t>(block_steps);

/// For each listener in [begin, end) and each of block_steps rows from `step` on: row[slot + lane] becomes the sum over its tracts.
/// `pasts`: what was sent, vectors of lanes, `stride` vectors between two regions.
struct LaneBlockSum {
    KATION_INLINE static void run(std::span<const LaneListener> listeners, const double* weights, const double* pasts, std::size_t stride,
                                  std::int64_t mask, std::int64_t step, const RowRing& all_rows, std::size_t begin, std::size_t end) {
        const RowRing rows = all_rows;
        constexpr std::size_t at_once = 8;  // steps, whose sums stay in registers
        for (const LaneListener& listener : listeners) {
            if (listener.slot < begin || listener.slot >= end) continue;
            for (std::size_t s = 0; s < block_steps; s += at_once) {
                double sum[at_once][lanes] = {};
                for (const LaneTract& tract : listener.tracts) {
                    const double* past =
                        pasts + tract.source * stride + (static_cast<std::size_t>((step - tract.delay) & mask) + s) * lanes;
                    const double* weight = weights + tract.place;
#pragma GCC unroll 8
                    for (std::size_t k = 0; k < at_once; ++k)
#pragma omp simd
                        for (std::size_t lane = 0; lane < lanes; ++lane)
                            sum[k][lane] = fma(weight[lane], past[k * lanes + lane], sum[k][lane]);
                }
                for (std::size_t k = 0; k < at_once; ++k)
                    for (std::size_t lane = 0; lane < lanes; ++lane)
                        rows.at(step + static_cast<std::int64_t>(s + k))[listener.slot + lane] = sum[k][lane];
            }
        }
    }
};

/// Copies what the lanes in [begin, end) sent in the steps from first to last into their pasts; the first block also behind the ring's end.
struct LaneRemember {
    KATION_INLINE static void run(const ConstRowRing& all_rows, std::int64_t first, std::int64_t last, double* pasts, std::size_t stride,
                                  std::int64_t mask, std::size_t begin, std::size_t end) {
        const ConstRowRing rows = all_rows;
        for (std::size_t tile = begin; tile < end; tile += lanes)
            for (std::int64_t step = first; step <= last; ++step) {
                const double* sent = rows.at(step) + tile;
                double* past = pasts + tile * stride + static_cast<std::size_t>(step & mask) * lanes;
                for (std::size_t lane = 0; lane < lanes; ++lane) past[lane] = sent[lane];
                if ((step & mask) >= block) continue;
                past += static_cast<std::size_t>(mask + 1) * lanes;
                for (std::size_t lane = 0; lane < lanes; ++lane) past[lane] = sent[lane];
            }
    }
};

}  // namespace

LaneTracts::LaneTracts(const Tracts& tracts, const Blocks& blocks, std::int64_t least, std::int64_t below) {
    std::vector<std::size_t> ends;
    for (std::size_t tile = 0; tile < blocks.slots(); tile += lanes) {
        struct Parallel {
            std::int32_t delay;
            std::size_t region;  // of the source
            std::uint32_t source;
            std::array<double, lanes> weights{};
        };
        std::vector<Parallel> all;
        for (std::size_t lane = 0; lane < lanes; ++lane)
            for (const Tract& tract : tracts.into(tile + lane, least, below)) {
                const auto source = static_cast<std::uint32_t>(tract.source / lanes * lanes);
                auto found =
                    std::ranges::find_if(all, [&](const Parallel& other) { return other.source == source && other.delay == tract.delay; });
                if (found == all.end()) found = all.insert(found, {tract.delay, blocks.region_of(blocks.node_in(tract.source)), source});
                found->weights[lane] = tract.weight;
            }
        std::ranges::stable_sort(
            all, [](const Parallel& a, const Parallel& b) { return a.delay != b.delay ? a.delay > b.delay : a.region < b.region; });
        for (const Parallel& each : all) {
            tracts_.push_back({each.source, each.delay, static_cast<std::uint32_t>(weights_.size())});
            weights_.insert(weights_.end(), each.weights.begin(), each.weights.end());
        }
        if (all.empty()) continue;
        listeners_.push_back({tile, {}});
        ends.push_back(tracts_.size());
    }
    for (std::size_t k = 0, first = 0; k < listeners_.size(); first = ends[k++])
        listeners_[k].tracts = std::span(tracts_).subspan(first, ends[k] - first);
}

std::int64_t LaneTracts::longest() const {
    std::int64_t longest = 0;
    for (const LaneTract& tract : tracts_) longest = std::max<std::int64_t>(longest, tract.delay);
    return longest;
}

LaneSums::LaneSums(const Tracts& tracts, const Blocks& blocks, std::size_t channels, std::int64_t ahead)
    : tracts_(tracts, blocks, block + ahead, any_delay),
      slots_(blocks.slots()),
      channels_(channels),
      ahead_(ahead),
      ring_(static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(tracts_.longest()) + 2 * block_steps))),
      stride_(static_cast<std::size_t>(ring_ + block) + 1) {
    if (tracts_.longest() > 0) numbers_.resize(channels * slots_ * stride_);
}

void LaneSums::touch(const Part& part) {
    if (numbers_.empty()) return;
    for (std::size_t channel = 0; channel < channels_; ++channel)
        std::fill_n(vector(channel, part.begin, 0), (part.end - part.begin) * stride_, 0.0);
}

double* LaneSums::vector(std::size_t channel, std::size_t slot, std::int64_t step) {
    return numbers_.data() + ((channel * slots_ + slot / lanes * lanes) * stride_) + static_cast<std::size_t>(step & (ring_ - 1)) * lanes;
}

void LaneSums::store(std::size_t channel, std::size_t slot, std::int64_t step, double value) {
    if (numbers_.empty()) return;
    double* numbers = vector(channel, slot, step) + slot % lanes;
    *numbers = value;
    if ((step & (ring_ - 1)) < block) numbers[static_cast<std::size_t>(ring_) * lanes] = value;
}

double LaneSums::sent(std::size_t channel, std::size_t slot, std::int64_t step) const {
    return const_cast<LaneSums*>(this)->vector(channel, slot, step)[slot % lanes];
}

void LaneSums::sum(const Part& part, std::size_t channel, std::int64_t step, const RowRing& rows) {
    for (std::int64_t s = step + ahead_; s < step + ahead_ + block; ++s) std::fill(rows.at(s) + part.begin, rows.at(s) + part.end, 0.0);
    run_loop<LaneBlockSum>(tracts_.listeners(), tracts_.weights(), numbers_.data() + channel * slots_ * stride_, stride_, ring_ - 1,
                           step + ahead_, rows, part.begin, part.end);
}

void LaneSums::remember(const Part& part, std::size_t channel, const ConstRowRing& sent, std::int64_t first, std::int64_t last) {
    if (numbers_.empty()) return;
    run_loop<LaneRemember>(sent, first, last, numbers_.data() + channel * slots_ * stride_, stride_, ring_ - 1, part.begin, part.end);
}

void LaneSums::copy(std::size_t from, std::size_t to) {
    if (numbers_.empty()) return;
    for (std::size_t channel = 0; channel < channels_; ++channel)
        for (std::int64_t step = 0; step < ring_; ++step) store(channel, to, step, sent(channel, from, step));
}

}  // namespace kation
