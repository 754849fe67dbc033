#pragma once

#include <kation/simulator/tracts.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/math.hpp>
#include <kation/support/row_ring.hpp>
#include <kation/support/transpose.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// How many steps the delayed sums are computed for at once: connections with a longer delay are read as contiguous runs.
inline constexpr std::size_t block_steps = 16;
/// The same for the connections that are long enough for two blocks: fewer, longer runs take fewer cache lines.
inline constexpr std::size_t long_block_steps = 2 * block_steps;

/// A number as it is remembered: with its own digits, or with those of a float.
template <class Number>
KATION_INLINE double as(double number) {
    return static_cast<double>(static_cast<Number>(number));
}

/// What all nodes sent, as loops read it: for each slot a ring over steps, `stride` numbers apart.
template <class Number>
struct Pasts {
    const Number* first;
    std::size_t stride;
    std::int64_t mask;
    KATION_INLINE const Number* of(std::size_t slot, std::int64_t step) const { return first + slot * stride + (step & mask); }
};

namespace detail {

/// sum[s] += weight * sent(source, step + s - delay) over the tracts, for s in [0, Steps).
template <std::size_t Steps, class Number>
KATION_INLINE void add_runs(std::span<const Tract> tracts, const Tract* end_of_all, const Pasts<Number>& pasts, std::int64_t step,
                            double* sums) {
    constexpr std::ptrdiff_t look_ahead = 384 / Steps;  // tracts, which the targets' spans hold one behind the other
    double sum[Steps];
    for (std::size_t s = 0; s < Steps; ++s) sum[s] = sums[s];
    for (const Tract& tract : tracts) {
        // What is needed soon is asked for now, as it lies anywhere in memory. (This also keeps g++ from making vectors of tracts.)
        const Tract& later = end_of_all - &tract > look_ahead ? *(&tract + look_ahead) : tract;
        const Number* soon = pasts.of(later.source, step - later.delay);
        for (std::size_t s = 0; s <= Steps; s += lanes) __builtin_prefetch(soon + s);
        const Number* past = pasts.of(tract.source, step - tract.delay);
        const double weight = tract.weight;
#pragma omp simd
        for (std::size_t s = 0; s < Steps; ++s) sum[s] = fma(weight, static_cast<double>(past[s]), sum[s]);
    }
    for (std::size_t s = 0; s < Steps; ++s) sums[s] = sum[s];
}

}  // namespace detail

/// For each target in [begin, end) and each s in [0, long_block_steps): sums[target][s] becomes the sum over the first `count` of the
/// target's tracts of weight * sent(source, step + s - delay).
template <class Number>
struct LongBlockSum {
    KATION_INLINE static void run(const std::span<const Tract>* tracts, const std::uint32_t* count, const Pasts<Number>& all_pasts,
                                  std::int64_t step, double* sums, std::size_t begin, std::size_t end) {
        const Pasts<Number> pasts = all_pasts;
        const Tract* const end_of_all = tracts[end - 1].data() + tracts[end - 1].size();
        for (std::size_t target = begin; target < end; ++target) {
            double* sum = sums + target * long_block_steps;
            for (std::size_t s = 0; s < long_block_steps; ++s) sum[s] = 0.0;
            detail::add_runs<long_block_steps>(tracts[target].first(count[target]), end_of_all, pasts, step, sum);
        }
    }
};

/// For each target in [begin, end) and each s in [0, block_steps): the row of step + s, at the target, becomes sums[target][s]
/// (long_block_steps apart) plus the sum over all but the first `count` of the target's tracts of weight * sent(source, step + s - delay).
template <class Number>
struct BlockSum {
    KATION_INLINE static void run(const std::span<const Tract>* tracts, const std::uint32_t* count, const Pasts<Number>& all_pasts,
                                  std::int64_t step, const double* long_sums, const RowRing& all_rows, std::size_t begin, std::size_t end) {
        const Pasts<Number> pasts = all_pasts;
        const RowRing rows = all_rows;
        const Tract* const end_of_all = tracts[end - 1].data() + tracts[end - 1].size();
        for (std::size_t tile = begin; tile < end; tile += lanes) {
            alignas(64) double sums[lanes][block_steps];
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const std::size_t target = tile + lane;
                for (std::size_t s = 0; s < block_steps; ++s) sums[lane][s] = long_sums[target * long_block_steps + s];
                detail::add_runs<block_steps>(tracts[target].subspan(count[target]), end_of_all, pasts, step, sums[lane]);
            }
            for (std::size_t s = 0; s < block_steps; s += lanes)
                transpose([&](std::size_t lane) KATION_INLINE_LAMBDA { return &sums[lane][s]; },
                          [&](std::size_t k) KATION_INLINE_LAMBDA { return rows.at(step + static_cast<std::int64_t>(s + k)) + tile; });
        }
    }
};

/// The same sums, taken source by source: what a source sent is read once, from begin to end, and added to all that hear it. Quicker where
/// the history of all sources is larger than the cache and the sums are not. `tracts` holds for each source its connections by target.
template <class Number>
struct SourceSum {
    KATION_INLINE static void run(const std::vector<Outgoing>* tracts, std::size_t sources, const Pasts<Number>& all_pasts,
                                  std::int64_t step, double* sums, const RowRing& all_rows, std::size_t begin, std::size_t end) {
        const Pasts<Number> pasts = all_pasts;
        const RowRing rows = all_rows;
        for (std::size_t k = begin * block_steps; k < end * block_steps; ++k) sums[k] = 0.0;
        for (std::size_t source = 0; source < sources; ++source) {
            const Outgoing* tract = tracts[source].data();
            const Outgoing* const last = tract + tracts[source].size();
            while (tract != last && tract->target < begin) ++tract;
            for (; tract != last && tract->target < end; ++tract) {
                const Number* past = pasts.of(source, step - tract->delay);
                double* sum = sums + tract->target * block_steps;
                const double weight = tract->weight;
#pragma omp simd
                for (std::size_t s = 0; s < block_steps; ++s) sum[s] = fma(weight, static_cast<double>(past[s]), sum[s]);
            }
        }
        for (std::size_t tile = begin; tile < end; tile += lanes)
            for (std::size_t s = 0; s < block_steps; s += lanes)
                transpose([&](std::size_t lane) KATION_INLINE_LAMBDA { return &sums[(tile + lane) * block_steps + s]; },
                          [&](std::size_t k) KATION_INLINE_LAMBDA { return rows.at(step + static_cast<std::int64_t>(s + k)) + tile; });
    }
};

/// Copies what the slots in [begin, end) sent in block_steps steps, from rows by step into runs by slot: from `place` on in each ring of
/// the history, which has room for a block behind its end.
template <class Number>
struct RememberBlock {
    KATION_INLINE static void run(const ConstRowRing& all_rows, std::int64_t step, Number* history, std::size_t stride, std::size_t begin,
                                  std::size_t end) {
        const ConstRowRing rows = all_rows;
        for (std::size_t tile = begin; tile < end; tile += lanes)
            for (std::size_t s = 0; s < block_steps; s += lanes)
                transpose([&](std::size_t k) KATION_INLINE_LAMBDA { return rows.at(step + static_cast<std::int64_t>(s + k)) + tile; },
                          [&](std::size_t lane) KATION_INLINE_LAMBDA { return history + (tile + lane) * stride + s; });
    }
};

/// sums[target] += sum over the target's tracts of weight * sent(source, step - delay), for those targets in [begin, end) that have some:
/// what a block of steps is too long for. Number: as which the past is remembered.
template <class Number>
struct StepSum {
    KATION_INLINE static void run(std::span<const Listener> listeners, const ConstRowRing& all_rows, std::int64_t step, double* sums,
                                  std::size_t begin, std::size_t end) {
        const ConstRowRing rows = all_rows;
        const Listener* listener = listeners.data();
        const Listener* const last = listener + listeners.size();
        while (listener != last && listener->slot < begin) ++listener;
        for (; listener != last && listener->slot < end; ++listener) {
            double sum = sums[listener->slot];
            for (const Tract& tract : listener->tracts) sum = fma(tract.weight, as<Number>(rows.at(step - tract.delay)[tract.source]), sum);
            sums[listener->slot] = sum;
        }
    }
};

/// Adds the product of a dense matrix with what the nodes send now to the input of the targets in [begin, end):
/// input[target] += weights[source][target] * sent[source], in the order of the sources.
struct DenseProduct {
    KATION_INLINE static void run(const double* weights, std::size_t stride, std::span<const std::uint32_t> sources, const double* sent,
                                  double* input, std::size_t begin, std::size_t end) {
        constexpr std::size_t tile = 4 * lanes;
        for (std::size_t first = begin; first < end; first += tile) {
            if (first + tile <= end)
                run_tile<tile>(weights, stride, sources, sent, input + first, first);
            else
                for (std::size_t part = first; part < end; part += lanes)
                    run_tile<lanes>(weights, stride, sources, sent, input + part, part);
        }
    }

  private:
    template <std::size_t Tile>
    KATION_INLINE static void run_tile(const double* weights, std::size_t stride, std::span<const std::uint32_t> sources,
                                       const double* sent, double* input, std::size_t first) {
        double sum[Tile];
        for (std::size_t k = 0; k < Tile; ++k) sum[k] = input[k];
        for (std::size_t row = 0; row < sources.size(); ++row) {
            const double y = sent[sources[row]];
            const double* weight = weights + row * stride + first;
#pragma omp simd
            for (std::size_t k = 0; k < Tile; ++k) sum[k] = fma(weight[k], y, sum[k]);
        }
        for (std::size_t k = 0; k < Tile; ++k) input[k] = sum[k];
    }
};

/// input[node] = G[node] (raw[node] + own[node] sent[node])
struct ScaledInput {
    KATION_INLINE static void run(const double* raw, const double* own, const double* sent, const double* G, double* input,
                                  std::size_t begin, std::size_t end) {
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i) input[i] = G[i] * fma(own[i], sent[i], raw[i]);
    }
};

/// input[node] = cmin + (cmax - cmin)/(1 + exp(-a (G[node] (raw[node] + own[node] sent[node]) - midpoint)/sigma))
struct SigmoidalInput {
    KATION_INLINE static void run(const double* raw, const double* own, const double* sent, const Coupling& coupling, const double* G,
                                  double* input, std::size_t begin, std::size_t end) {
        const Coupling c = coupling;
        const double slope = -c.a / c.sigma;
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i)
            input[i] = c.cmin + (c.cmax - c.cmin) / (1.0 + exp(slope * (G[i] * fma(own[i], sent[i], raw[i]) - c.midpoint)));
    }
};

/// Input in the middle of a step from its values on the grid, before, at the begin and at the end of the step: a cubic through four values.
struct MiddleInput {
    KATION_INLINE static void run(const double* before2, const double* before1, const double* begin_of_step, const double* end_of_step,
                                  double* middle, std::size_t begin, std::size_t end) {
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i)
            middle[i] = fma(0.0625, before2[i], fma(-0.3125, before1[i], fma(0.9375, begin_of_step[i], 0.3125 * end_of_step[i])));
    }
};

}  // namespace kation
