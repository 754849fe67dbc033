#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/coupling.hpp>
#include <kation/simulator/far_sums.hpp>
#include <kation/simulator/integrator.hpp>
#include <kation/simulator/recent_sums.hpp>
#include <kation/simulator/tracts.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <variant>
#include <vector>

namespace kation {

/// What every node hears: sums over its connections, for each channel and step, from what all nodes sent.
///
/// Far connections (longer than a block) are summed for a whole block at once, nearer ones at every step, those without delay last. All
/// functions take the part whose targets they serve, so that threads can share one object.
class InputRows {
  public:
    /// @param coupling  of all members but for its strength G, which each has its own of
    /// @param heard  for each channel of the models, whether anybody listens to it
    InputRows(const Tracts& tracts, const Blocks& blocks, const Coupling& coupling, std::span<const double> strengths, Method method,
              const std::vector<bool>& heard);

    /// Makes the memory of the part's past, by the thread that will write to it. Comes before `prime`.
    void touch(const Part& part);

    /// What a slot sent at a step <= 0, into `sent` [channel].
    using SentInPast = std::function<void(std::size_t slot, std::int64_t step, double* sent)>;
    /// Fills the past and the sums that the first block cannot make itself. @param constant  what was sent at step 0 was sent always
    void prime(const SentInPast& past, bool constant);

    /// Where nodes write what they send after `step` steps: [channel][slot].
    [[nodiscard]] Columns sent(std::int64_t step) { return {sent_rows(0).at(step), slots_}; }

    /// Told by one thread, before any asks for the sums of the block that starts at this step.
    void begin_block(std::int64_t step);
    /// Sums over far connections for the block that starts at this step.
    void sum_far(const Part& part, std::int64_t step);
    /// Adds the nearer, delayed connections to what the step needs.
    void add_near(const Part& part, std::int64_t step);
    /// What one slot sent and hears becomes what another one sent and heard, which hears nothing from now on.
    void follow(std::size_t from, std::size_t to);
    /// Copies a finished block from the rows of recent steps into the history.
    void remember(const Part& part, std::int64_t first, std::int64_t last);

    /// Euler and Heun: the input at the step, everything included: [channel][slot].
    ConstColumns at_step(const Part& part, std::int64_t step);
    /// RK4 without zero-delay connections: the input at the begin, the middle and the end of the step, without the node's own output.
    std::array<ConstColumns, 3> within_step(const Part& part, std::int64_t step);
    /// Weight of the node's own present output in what `within_step` leaves to the kernel.
    [[nodiscard]] ConstColumns own() const { return tracts_->has_own() ? own_scaled_.view() : ConstColumns{zeros_.data(), 0}; }

    /// RK4 with zero-delay connections: whether they have to be summed between the stages.
    [[nodiscard]] bool staged() const { return staged_; }
    /// Prepares the delayed parts of the three samples of a step.
    void begin_stages(const Part& part, std::int64_t step);
    /// The input at a stage (0 to 3), given what all nodes send at its point.
    ConstColumns at_stage(const Part& part, std::size_t stage, ConstColumns sent_at_stage);

    [[nodiscard]] std::size_t bytes() const;

  private:
    [[nodiscard]] RowRing sent_rows(std::size_t channel) { return {sent_.data() + channel * slots_, channels_ * slots_, sent_ring - 1}; }
    [[nodiscard]] RowRing raw_rows(std::size_t h) {
        return {raw_.data() + h * static_cast<std::size_t>(raw_ring) * slots_, slots_, raw_ring - 1};
    }
    [[nodiscard]] double* raw_row(std::size_t h, std::int64_t step) { return raw_rows(h).at(step); }
    using FarSumsOfAnyKind = std::variant<FarSums<double>, FarSums<float>, LaneSums>;
    [[nodiscard]] FarSumsOfAnyKind far_sums(const Blocks& blocks) const;
    /// What a tract's source sent at a step, with the digits that are remembered.
    [[nodiscard]] double remembered(std::size_t heard_channel, const Tract& tract, std::int64_t step);
    void add_instant(const Part& part, const double* sent, double* raw);
    void finish(const Part& part, const double* raw, const double* own, const double* sent, double* input);
    void middle_of_step(const Part& part, std::size_t heard_channel, std::int64_t step, double* middle);
    [[nodiscard]] double middle_near_kinks(std::size_t slot, std::size_t heard_channel, std::int64_t step);

    static constexpr std::int64_t block = static_cast<std::int64_t>(block_steps);
    static constexpr std::int64_t sent_ring = 4 * block, raw_ring = 2 * block;

    const Tracts* tracts_;
    Coupling coupling_;
    std::int64_t ahead_, far_from_;  ///< [steps]; connections of at least this delay are far
    std::size_t slots_, channels_;
    std::vector<std::size_t> heard_;  ///< channels that somebody listens to
    bool staged_, dense_;
    RecentSums near_, next_, instant_;  ///< by delay; next_: of one step, where near_ is without
    FarSumsOfAnyKind far_;
    AlignedNumbers strength_;             ///< [slot]: G
    AlignedNumbers sent_;                 ///< [step ring][channel][slot]
    AlignedNumbers raw_;                  ///< [heard channel][step ring][slot]
    std::array<ColumnStore, 3> delayed_;  ///< RK4: raw sums at the three samples, [channel][slot]
    std::array<ColumnStore, 3> input_;    ///< finished input, [channel][slot]
    ColumnStore scratch_;                 ///< one row per channel
    ColumnStore own_scaled_;              ///< [channel][slot]
    AlignedNumbers zeros_;
    std::vector<std::uint32_t> dense_sources_;
    AlignedNumbers dense_weights_;  ///< [source][slot], of connections without delay
};

}  // namespace kation
