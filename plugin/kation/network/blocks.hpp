#pragma once

#include <kation/network/network.hpp>
#include <kation/support/columns.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// All nodes of one model as columns, padded with copies of the first node.
struct Group {
    const Entry* model;
    std::vector<std::size_t> nodes;  ///< in each place; padding has none
    std::size_t first_slot;          ///< place of the first node among the slots of the whole network
    ColumnStore state, parameters, constants;
    std::vector<double> options;

    [[nodiscard]] std::size_t slots() const { return state.rows(); }
    [[nodiscard]] NodeColumns columns() { return {state.view(), parameters.view(), constants.view(), options.data()}; }
    [[nodiscard]] NodeColumns columns() const { return const_cast<Group*>(this)->columns(); }
};

/// A network as the time loop sees it: groups of columns. A slot is a place in the rows that run over all groups.
///
/// Or `lanes` networks at once, its members, that differ in numbers alone: then region by region the same region of all members, so that
/// each member has a lane of every vector. A node is a region of a member: member regions() + region, which for one network is the region.
class Blocks {
  public:
    explicit Blocks(const Network& network);
    /// @param members  one, or `lanes` of the same regions and models
    /// @param order  in which regions stand within their group; empty: as they are numbered
    explicit Blocks(std::span<const Network* const> members, std::span<const std::size_t> order = {});

    [[nodiscard]] std::size_t slots() const { return slots_; }
    [[nodiscard]] std::size_t members() const { return members_; }
    [[nodiscard]] std::size_t regions() const { return slot_of_node_.size() / members_; }
    [[nodiscard]] std::size_t nodes() const { return slot_of_node_.size(); }

    [[nodiscard]] std::size_t node(std::size_t member, std::size_t region) const { return member * regions() + region; }
    [[nodiscard]] std::size_t member_of(std::size_t node) const { return node / regions(); }
    [[nodiscard]] std::size_t region_of(std::size_t node) const { return node % regions(); }

    [[nodiscard]] std::size_t slot_of(std::size_t node) const { return slot_of_node_[node]; }
    /// The node in a slot, or `none` for padding.
    [[nodiscard]] std::size_t node_in(std::size_t slot) const { return node_in_slot_[slot]; }
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    [[nodiscard]] std::vector<Group>& groups() { return groups_; }
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    [[nodiscard]] const Group& group_of(std::size_t slot) const;
    /// Largest number of output channels of any model.
    [[nodiscard]] std::size_t channels() const { return channels_; }

  private:
    std::vector<Group> groups_;
    std::size_t members_;
    std::vector<std::size_t> slot_of_node_, node_in_slot_;
    std::size_t slots_ = 0, channels_ = 0;
};

/// The part of a group that one thread advances, counted within the group.
struct Piece {
    std::size_t group, begin, end;
};

/// The slots that one thread advances.
struct Part {
    std::size_t begin = 0, end = 0;  ///< slots, multiples of 8
    std::vector<Piece> pieces;
};

/// Cuts the slots into contiguous parts of nearly equal cost. `cost`: of each slot, in any unit.
std::vector<Part> partition(const Blocks& blocks, const std::vector<double>& cost, std::size_t parts);

}  // namespace kation
