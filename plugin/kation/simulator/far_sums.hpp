#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/coupling.hpp>
#include <kation/simulator/history.hpp>
#include <kation/simulator/tracts.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// Sums over the connections that are longer than a block of steps, for a block at once, and the past that they need. Number: as which that
/// is remembered, double or float.
template <class Number>
class FarSums {
  public:
    /// @param into  [slot]: tracts of at least block_steps + ahead steps, in the order of summation
    /// @param ahead  how many steps after the present one the sums begin
    FarSums(std::vector<std::span<const Tract>> into, std::size_t channels, std::int64_t ahead, Coupling::Order order);

    [[nodiscard]] bool none() const { return longest_ == 0; }
    [[nodiscard]] std::size_t bytes() const { return history_.bytes() + (long_sums_.size() + sums_by_source_.size()) * sizeof(double); }

    /// Makes the memory of the part's past, by the thread that will write to it.
    void touch(const Part& part) { history_.touch(part.begin, part.end); }
    /// What a slot sent at a step <= 0.
    void store(std::size_t channel, std::size_t slot, std::int64_t step, double value);
    [[nodiscard]] double sent(std::size_t channel, std::size_t slot, std::int64_t step) const;

    /// Told by one thread, before any asks for the sums of the block that starts at this step.
    void begin_block(std::int64_t step);
    /// Rows step + ahead and the following become the sums of the part's targets.
    void sum(const Part& part, std::size_t channel, std::int64_t step, const RowRing& rows);
    /// Keeps what the part's nodes sent in the steps from first to last, a block at most.
    void remember(const Part& part, std::size_t channel, const ConstRowRing& sent, std::int64_t first, std::int64_t last);

  private:
    std::vector<std::span<const Tract>> into_;
    std::int64_t ahead_, longest_;
    History<Number> history_;
    // In the order of the targets.
    std::vector<std::uint32_t> long_count_;  ///< [slot]: how many of the tracts, the first ones, reach back two blocks
    AlignedNumbers long_sums_;               ///< [channel][slot][step]
    std::int64_t long_begin_ = 0;            ///< step that the long sums begin with
    bool any_long_ = false, long_known_ = false, long_due_ = false;
    // In the order of the sources.
    std::vector<std::vector<Outgoing>> out_of_;
    AlignedNumbers sums_by_source_;  ///< [slot][step of the block]
};

extern template class FarSums<double>;
extern template class FarSums<float>;

}  // namespace kation
