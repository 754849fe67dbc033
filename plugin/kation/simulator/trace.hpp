#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace kation {

/// What some nodes sent, as functions of time: for each channel and node one polynomial per piece of time. This is what delayed connections
/// read, so that they hear the past as accurately as it was computed.
class Trace {
  public:
    static constexpr std::size_t most_samples = 8;  ///< of a piece: polynomials of degree 7, as the scheme's continuous extension has

    Trace(std::size_t channels, std::size_t nodes) : channels_(channels), nodes_(nodes) {}

    /// Appends a piece that begins where the one before it ends, or before that. @param samples  [sample][channel][node] at up to
    /// `most_samples` equally spaced times from begin to begin + length
    void add(double begin, double length, std::span<const double> samples);

    /// The value at a time [ms]. @param place  a number of the reader's own that tells where it read last
    [[nodiscard]] double at(std::size_t channel, std::size_t node, double time, std::int64_t& place) const;

    /// Nothing before this time [ms] will be asked for any more.
    void forget_before(double time);

  private:
    struct Piece {
        double begin;
        double per_ms;                    ///< samples per ms; 0 for a constant
        std::vector<double> differences;  ///< [channel][node][order]: Newton's forward differences
    };

    std::size_t channels_, nodes_;
    std::deque<Piece> pieces_;
    std::int64_t first_ = 0;  ///< number of the first piece that is kept
};

}  // namespace kation
