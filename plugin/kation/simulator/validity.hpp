#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/settings.hpp>
#include <kation/support/error.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// Whether the numbers of all nodes are within their ranges, looked at once in a block of steps, and what to say where they are not.
class Validity {
  public:
    /// Both are kept by reference.
    Validity(const Blocks& blocks, std::span<const Simulation> members);

    /// What the state of a group's nodes is clipped to.
    [[nodiscard]] Limits clip(std::size_t group) const { return {limits_[group].clip_low.data(), limits_[group].clip_high.data()}; }

    /// Looks at the part's nodes, each part by its own thread; what is valid is kept as the last good state.
    void look_at(const Part& part);
    /// After all parts were looked at: whether all were valid at this step.
    [[nodiscard]] bool settle(std::int64_t step);

    /// One sentence for each quantity that has left its usual range since the last time, once in a simulation.
    [[nodiscard]] std::vector<std::string> unusual();
    /// Where a member left its valid ranges; nothing if it did not.
    [[nodiscard]] std::optional<InvalidState> complaint(std::size_t member) const;

  private:
    /// Ends of ranges as loops compare with them.
    struct Box {
        std::vector<double> low, high;
        void add(double from, double to) { low.push_back(from), high.push_back(to); }
        [[nodiscard]] Limits limits() const { return {low.data(), high.data()}; }
        [[nodiscard]] bool contain(std::size_t k, double number) const { return number >= low[k] && number <= high[k]; }
    };
    /// Of a group: [variable], and for all but the first [variable, then derived quantity].
    struct GroupLimits {
        std::vector<double> clip_low, clip_high;
        Box valid;   ///< what they must be within
        Box usual;   ///< infinite where nothing is said about it, or has been said already
        Box narrow;  ///< both
        void narrow_down();
    };
    [[nodiscard]] static GroupLimits limits_for(const Entry& model, const Integrator& integrator);

    [[nodiscard]] const Network& network_of(std::size_t node) const { return members_[blocks_->member_of(node)].network; }
    /// State and then derived quantities of a node, from the state given.
    [[nodiscard]] std::vector<double> numbers_of(std::size_t g, const ColumnStore& state, std::size_t place) const;
    /// The first of them outside its valid range.
    [[nodiscard]] std::optional<std::size_t> first_invalid(std::size_t g, std::size_t place) const;
    [[nodiscard]] bool within(const Piece& piece, const Box& ends) const;
    [[nodiscard]] bool valid(const Piece& piece) const;

    const Blocks* blocks_;
    std::span<const Simulation> members_;
    std::vector<GroupLimits> limits_;     ///< [group]
    std::vector<ColumnStore> last_good_;  ///< [group]: the state at the last check
    std::int64_t step_ = 0, last_good_step_ = 0;
    std::atomic<bool> invalid_{false}, unusual_{false};
};

}  // namespace kation
