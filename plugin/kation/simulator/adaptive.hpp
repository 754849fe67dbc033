#pragma once

#include <kation/simulator/input_rows.hpp>
#include <kation/simulator/island.hpp>

#include <memory>

namespace kation {

/// The adaptive scheme for a network: islands of nodes that step together, each with steps of its own. The island that is furthest behind
/// goes next, no further than what it hears of the others is known; so nothing depends on how a run is cut.
class Adaptive {
  public:
    /// @param delays  [steps], axes (to, from).  @param stimulated  slots of each stimulus
    Adaptive(const Blocks& blocks, const Tracts& tracts, const Coupling& coupling, const Integrator& integrator,
             const std::vector<bool>& heard, std::span<const StimulusOnGrid> stimuli, std::span<const std::vector<std::size_t>> stimulated);

    /// Fills the past. @param constant  what was sent at step 0 was sent always
    void prime(const InputRows::SentInPast& past, bool constant);

    /// Goes on until the state at this step is known, and puts it into the columns.
    void reach(std::int64_t step, Blocks& blocks);

    /// Right-hand sides that were evaluated, of all nodes.
    [[nodiscard]] std::int64_t evaluations() const;

  private:
    /// What an island needs to know of another one before it can go on.
    struct Source {
        std::size_t island;
        double delay;  ///< [ms], the smallest
    };

    void connect(std::size_t island, const Tracts& tracts);
    [[nodiscard]] double horizon(std::size_t island) const;

    double dt_;
    std::size_t channels_;
    std::vector<bool> heard_;                       ///< [channel]
    std::vector<std::unique_ptr<Island>> islands_;  // of fixed addresses: they read each other's traces
    std::vector<std::size_t> island_of_slot_, number_of_slot_;
    std::vector<std::vector<Source>> sources_;  ///< [island]
    std::vector<std::int64_t> longest_;         ///< [island], [steps]: how long ago others hear it
};

}  // namespace kation
