#pragma once

#include <kation/simulator/coupling.hpp>
#include <kation/simulator/lane_sums.hpp>

#include <variant>
#include <vector>

namespace kation {

/// Sums over the connections that are too short for a block of steps, step by step.
class RecentSums {
  public:
    /// Over connections with a delay in [least, below) steps.
    RecentSums(const Tracts& tracts, const Blocks& blocks, std::int64_t least, std::int64_t below, Coupling::History history);

    /// Adds to the sums [slot] of the part's targets what arrives at this step. @param sent  rows of what nodes sent
    void add(const Part& part, const ConstRowRing& sent, std::int64_t step, double* sums) const;

  private:
    std::variant<std::vector<Listener>, LaneTracts> tracts_;  ///< of one network, of an ensemble
    Coupling::History history_;
};

}  // namespace kation
