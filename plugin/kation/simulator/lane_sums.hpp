#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/delayed_input.hpp>
#include <kation/simulator/tracts.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// Parallel connections of the members of an ensemble, as the sums of all lanes read them at once.
struct LaneTract {
    std::uint32_t source;  ///< first slot of the source's lanes
    std::int32_t delay;    ///< [steps]
    std::uint32_t place;   ///< of its weights, one for each lane
};

/// The lanes of a region that hears others.
struct LaneListener {
    std::size_t slot;  ///< the first
    std::span<const LaneTract> tracts;
};

/// The connections of an ensemble with delays in [least, below) steps, in the order of summation of each member. Where only some members
/// have a connection, the others have it with a weight of 0, which adds exactly nothing.
class LaneTracts {
  public:
    LaneTracts(const Tracts& tracts, const Blocks& blocks, std::int64_t least, std::int64_t below);
    LaneTracts(const LaneTracts&) = delete;  // listeners point into their own object
    LaneTracts& operator=(const LaneTracts&) = delete;
    LaneTracts(LaneTracts&&) noexcept = default;
    LaneTracts& operator=(LaneTracts&&) noexcept = default;

    [[nodiscard]] std::span<const LaneListener> listeners() const { return listeners_; }
    [[nodiscard]] const double* weights() const { return weights_.data(); }
    [[nodiscard]] std::int64_t longest() const;

  private:
    std::vector<LaneTract> tracts_;
    std::vector<LaneListener> listeners_;
    AlignedNumbers weights_;  ///< [tract][lane]
};

/// FarSums for an ensemble: what all members sent stands side by side, so that every run is read in whole vectors.
class LaneSums {
  public:
    LaneSums(const Tracts& tracts, const Blocks& blocks, std::size_t channels, std::int64_t ahead);

    [[nodiscard]] std::size_t bytes() const { return numbers_.size() * sizeof(double); }
    void touch(const Part& part);
    void store(std::size_t channel, std::size_t slot, std::int64_t step, double value);
    [[nodiscard]] double sent(std::size_t channel, std::size_t slot, std::int64_t step) const;
    void begin_block(std::int64_t) {}
    void sum(const Part& part, std::size_t channel, std::int64_t step, const RowRing& rows);
    void remember(const Part& part, std::size_t channel, const ConstRowRing& sent, std::int64_t first, std::int64_t last);
    /// The past of one slot becomes that of another one.
    void copy(std::size_t from, std::size_t to);

  private:
    [[nodiscard]] double* vector(std::size_t channel, std::size_t slot, std::int64_t step);

    LaneTracts tracts_;
    std::size_t slots_, channels_;
    std::int64_t ahead_, ring_;
    std::size_t stride_;      ///< vectors between two regions
    AlignedNumbers numbers_;  ///< [channel][region][step][lane]: a ring with a block behind its end, as History has it
};

/// What an ensemble's lanes hear at one step: sums[slot + lane] += sum over the listener's tracts of weight[lane] * sent(source + lane,
/// step - delay), for listeners in [begin, end).
struct LaneStepSum {
    KATION_INLINE static void run(std::span<const LaneListener> listeners, const double* weights, const ConstRowRing& all_rows,
                                  std::int64_t step, double* sums, std::size_t begin, std::size_t end) {
        const ConstRowRing rows = all_rows;
        for (const LaneListener& listener : listeners) {
            if (listener.slot < begin || listener.slot >= end) continue;
            double sum[lanes];
            for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] = sums[listener.slot + lane];
            for (const LaneTract& tract : listener.tracts) {
                const double* sent = rows.at(step - tract.delay) + tract.source;
                const double* weight = weights + tract.place;
#pragma omp simd
                for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] = fma(weight[lane], sent[lane], sum[lane]);
            }
            for (std::size_t lane = 0; lane < lanes; ++lane) sums[listener.slot + lane] = sum[lane];
        }
    }
};

}  // namespace kation
