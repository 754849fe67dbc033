#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/gains.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace kation {

/// Above all delays.
inline constexpr std::int64_t any_delay = std::numeric_limits<std::int64_t>::max();

/// A connection as the sum over a target's input reads it.
struct Tract {
    std::uint32_t source;  ///< slot
    std::int32_t delay;    ///< [steps]
    double weight;         ///< of what was sent: with the gain between the two models
};

/// The same as the source sees it.
struct Outgoing {
    std::uint32_t target;  ///< slot
    std::int32_t delay;    ///< [steps]
    double weight;
};

/// Connections [target slot] by source: [source slot], each list by target.
std::vector<std::vector<Outgoing>> by_source(std::span<const std::span<const Tract>> into);

/// A slot that hears others.
struct Listener {
    std::size_t slot;
    std::span<const Tract> tracts;  ///< at least one
};

/// All connections of a network, by target. The sum of a target is always taken in one order, falling delay and then source region, with
/// the node's own present output last; so it depends neither on blocks nor on threads.
class Tracts {
  public:
    /// A network and how it is coupled.
    struct Member {
        const Network* network;
        const Coupling* coupling;
    };
    /// @param members  as the blocks have them.  @param delays [steps], axes (to, from).  Zero weights are no connections.
    Tracts(std::span<const Member> members, const StepMatrix& delays, const Blocks& blocks);
    Tracts(const Network& network, const StepMatrix& delays, const Blocks& blocks, const Coupling& coupling)
        : Tracts(std::array{Member{&network, &coupling}}, delays, blocks) {}

    /// Connections into a slot with a delay of at least `least` and below `below` steps, in the order of summation.
    [[nodiscard]] std::span<const Tract> into(std::size_t slot, std::int64_t least, std::int64_t below) const;
    [[nodiscard]] std::span<const Tract> into(std::size_t slot) const {
        return {tracts_.data() + begin_[slot], tracts_.data() + begin_[slot + 1]};
    }

    /// The same for every slot.
    [[nodiscard]] std::vector<std::span<const Tract>> into_all(std::int64_t least, std::int64_t below) const;

    /// The same for the slots that have any, ascending.
    [[nodiscard]] std::vector<Listener> listeners(std::int64_t least, std::int64_t below) const;

    /// Weight of a slot's own present output: its zero-delay self-connection, less the sum of all weights for difference coupling.
    [[nodiscard]] const AlignedNumbers& own() const { return own_; }
    [[nodiscard]] bool has_own() const { return has_own_; }

    /// Connections without delay between different nodes.
    [[nodiscard]] std::size_t instant() const { return instant_; }
    [[nodiscard]] std::size_t count() const { return tracts_.size(); }
    [[nodiscard]] std::int64_t longest() const { return longest_; }
    /// Smallest delay between slots of different parts; a large number if there is none.
    [[nodiscard]] std::int64_t shortest_between(std::span<const Part> parts) const;

  private:
    std::vector<Tract> tracts_;
    std::vector<std::size_t> begin_;
    AlignedNumbers own_;
    bool has_own_ = false;
    std::size_t instant_ = 0;
    std::int64_t longest_ = 0;
};

}  // namespace kation
