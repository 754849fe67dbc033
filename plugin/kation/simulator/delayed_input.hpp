#pragma once

#include <kation/simulator/history.hpp>
#include <kation/simulator/tracts.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/math.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// How many steps the delayed sums are computed for at once: connections with a longer delay are read as contiguous runs. Twice as many
/// would serve these a little better, and leave too many connections that are shorter than a block.
inline constexpr std::size_t block_steps = 16;

/// A number as it is remembered: with its own digits, or with those of a float.
template <class Number>
KATION_INLINE double as(double number) {
    return static_cast<double>(static_cast<Number>(number));
}

/// For each target in [begin, end) and each s in [0, block_steps): row (step + s) of the ring `rows`, at the target, becomes the sum over
/// the target's tracts of weight * sent(source, step + s - delay). `sent` holds for each source a ring over steps, `stride` numbers apart.
template <class Number>
struct BlockSum {
    KATION_INLINE static void run(const std::span<const Tract>* tracts, const Number* sent, std::size_t stride, std::int64_t sent_mask,
                                  std::int64_t step, double* rows, std::size_t row_length, std::int64_t row_mask, std::size_t begin,
                                  std::size_t end) {
        const auto past_of = [&](const Tract& tract)
                                 KATION_INLINE_LAMBDA { return sent + tract.source * stride + ((step - tract.delay) & sent_mask); };
        const Tract* const end_of_all = tracts[end - 1].data() + tracts[end - 1].size();
        for (std::size_t target = begin; target < end; ++target) {
            double sum[block_steps] = {};
            for (const Tract& tract : tracts[target]) {
                // What is needed soon is asked for now, as it lies anywhere in memory. (This also keeps g++ from making vectors of tracts.)
                const Number* soon = past_of(end_of_all - &tract > look_ahead ? *(&tract + look_ahead) : tract);
                for (std::size_t s = 0; s <= block_steps; s += lanes) __builtin_prefetch(soon + s);
                const Number* past = past_of(tract);
                const double weight = tract.weight;
#pragma omp simd
                for (std::size_t s = 0; s < block_steps; ++s) sum[s] = fma(weight, static_cast<double>(past[s]), sum[s]);
            }
            for (std::size_t s = 0; s < block_steps; ++s)
                rows[static_cast<std::size_t>((step + static_cast<std::int64_t>(s)) & row_mask) * row_length + target] = sum[s];
        }
    }

  private:
    static constexpr std::ptrdiff_t look_ahead = 8;  // tracts, which the targets' spans hold one behind the other
};

/// The same sums, taken source by source: what a source sent is read once, from begin to end, and added to all that hear it. Quicker where
/// the history of all sources is larger than the cache and the sums are not. `tracts` holds for each source its connections by target.
template <class Number>
struct SourceSum {
    KATION_INLINE static void run(const std::vector<Tract>* tracts, std::size_t sources, const Number* sent, std::size_t stride,
                                  std::int64_t sent_mask, std::int64_t step, double* sums, double* rows, std::size_t row_length,
                                  std::int64_t row_mask, std::size_t begin, std::size_t end) {
        for (std::size_t k = begin * block_steps; k < end * block_steps; ++k) sums[k] = 0.0;
        for (std::size_t source = 0; source < sources; ++source) {
            const Tract* tract = tracts[source].data();
            const Tract* const last = tract + tracts[source].size();
            while (tract != last && tract->source < begin) ++tract;
            for (; tract != last && tract->source < end; ++tract) {
                const Number* past = sent + source * stride + ((step - tract->delay) & sent_mask);
                double* sum = sums + tract->source * block_steps;
                const double weight = tract->weight;
#pragma omp simd
                for (std::size_t s = 0; s < block_steps; ++s) sum[s] = fma(weight, static_cast<double>(past[s]), sum[s]);
            }
        }
        for (std::size_t s = 0; s < block_steps; ++s) {
            double* row = rows + static_cast<std::size_t>((step + static_cast<std::int64_t>(s)) & row_mask) * row_length;
            for (std::size_t target = begin; target < end; ++target) row[target] = sums[target * block_steps + s];
        }
    }
};

/// sums[target] += sum over the target's tracts of weight * sent(source, step - delay) for targets in [begin, end): what a block of steps
/// is too long for. `sent` is a ring of rows; with a mask of 0 it is one row, whatever the delays. Number: as which the past is remembered.
template <class Number>
struct StepSum {
    KATION_INLINE static void run(const std::span<const Tract>* tracts, const double* sent, std::size_t stride, std::int64_t mask,
                                  std::int64_t step, double* sums, std::size_t begin, std::size_t end) {
        for (std::size_t target = begin; target < end; ++target) {
            double sum = sums[target];
            for (const Tract& tract : tracts[target])
                sum =
                    fma(tract.weight, as<Number>(sent[static_cast<std::size_t>((step - tract.delay) & mask) * stride + tract.source]), sum);
            sums[target] = sum;
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

/// input[node] = G (raw[node] + own[node] sent[node])
struct ScaledInput {
    KATION_INLINE static void run(const double* raw, const double* own, const double* sent, double G, double* input, std::size_t begin,
                                  std::size_t end) {
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i) input[i] = G * fma(own[i], sent[i], raw[i]);
    }
};

/// input[node] = cmin + (cmax - cmin)/(1 + exp(-a (G (raw[node] + own[node] sent[node]) - midpoint)/sigma))
struct SigmoidalInput {
    KATION_INLINE static void run(const double* raw, const double* own, const double* sent, const Coupling& coupling, double* input,
                                  std::size_t begin, std::size_t end) {
        const Coupling c = coupling;
        const double slope = -c.a / c.sigma;
#pragma omp simd
        for (std::size_t i = begin; i < end; ++i)
            input[i] = c.cmin + (c.cmax - c.cmin) / (1.0 + exp(slope * (c.G * fma(own[i], sent[i], raw[i]) - c.midpoint)));
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
