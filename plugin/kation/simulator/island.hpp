#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/coupling.hpp>
#include <kation/simulator/dormand_prince.hpp>
#include <kation/simulator/integrator.hpp>
#include <kation/simulator/stimulus.hpp>
#include <kation/simulator/trace.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace kation {

/// Nodes that must step together, as connections without delay join them, and that the adaptive scheme takes through time with steps of
/// their own: the pair of Dormand and Prince of order 8(5,3). A step ends where a node's vector field jumps, at edges of stimuli, and where
/// the kink between past and present arrives.
class Island {
  public:
    /// A connection as the island hears it.
    struct Delayed {
        const Trace* source;
        std::size_t sender;  ///< place in the source
        double delay;        ///< [ms]
        double weight;
        std::int64_t place = 0;  ///< where in the source it read last
    };
    struct Instant {
        std::size_t sender;  ///< place in this island
        double weight;
    };
    struct Heard {
        std::vector<Delayed> delayed;
        std::vector<Instant> instant;
        double own = 0.0;  ///< weight of the node's own present output
    };
    struct Stimulated {
        const StimulusOnGrid* stimulus;
        std::vector<std::size_t> places;
    };

    /// @param slots  of the network, ascending.  @param heard  for each channel, whether anybody listens to it
    Island(const Blocks& blocks, std::span<const std::size_t> slots, const Coupling& coupling, const Integrator& integrator,
           const std::vector<bool>& heard);

    [[nodiscard]] const std::vector<std::size_t>& slots() const { return slots_; }
    /// Place of the node with this number in `slots()`: islands pad the nodes of each model to whole vectors.
    [[nodiscard]] std::size_t place_of(std::size_t number) const { return places_[number]; }
    [[nodiscard]] std::size_t places() const { return sides_.size(); }

    // To be called before the first step.
    void hears(std::size_t number, Heard heard) {
        hears_present_ = hears_present_ || !heard.instant.empty() || heard.own != 0.0;
        heard_[number] = std::move(heard);
    }
    void stimulate(Stimulated stimulated) { stimuli_.push_back(std::move(stimulated)); }
    void add_edge(double time);  ///< [ms]: a step shall end there
    void keep_trace() { traced_ = true; }
    Trace& trace() { return trace_; }

    /// How far the island has come [ms].
    [[nodiscard]] double time() const { return time_; }
    /// One step, of a length that keeps the error within the tolerance, and not beyond a time.
    void advance(double until);
    /// Puts the state at a time within the last step into the network's columns.
    void state_at(double time, Blocks& blocks);
    /// Right-hand sides that were evaluated, of all nodes.
    [[nodiscard]] std::int64_t evaluations() const { return evaluations_; }

  private:
    /// The island's nodes of one model: a part of its columns.
    struct Members {
        const Entry* model;
        std::size_t group, first, nodes, slots;  ///< first: place of the first one; slots: with padding
        std::size_t offset;                      ///< of the first variable in the island's numbers
        ColumnStore parameters, constants;
        const double* options;
        std::vector<double> smallest;  ///< [variable]: error that is allowed at 0
    };

    [[nodiscard]] Columns columns(AlignedNumbers& numbers, const Members& part) const { return {&numbers[part.offset], part.slots}; }
    [[nodiscard]] NodeColumns at_point(AlignedNumbers& point, const Members& part) const {
        return {columns(point, part), part.parameters.view(), part.constants.view(), part.options};
    }
    void add_members(const Blocks& blocks, std::size_t group, double atol);
    void send(AlignedNumbers& point);
    void hear(double time, AlignedNumbers& point);
    [[nodiscard]] double summed(Heard& heard, std::size_t channel, std::size_t place, double time);
    void evaluate(std::size_t rate, double time, AlignedNumbers& point);
    void combine(const AlignedNumbers& start, double factor, const dormand_prince::Row& weights, AlignedNumbers& result);

    [[nodiscard]] double next_edge() const;
    void begin_step();
    void choose_length(double end);
    void propose(double error, bool rejected);
    /// All stages but the last rate. @returns the largest error of a node as a part of what is allowed
    [[nodiscard]] double attempt();
    [[nodiscard]] double largest_error();
    [[nodiscard]] double error_of(const Members& part, std::size_t node) const;
    void give_up();
    void remember();

    void extend();
    void interpolate(double part, std::size_t begin, std::size_t size, AlignedNumbers& result);
    /// Where the first node crosses a jump, as a part of the step; 2 if none does.
    [[nodiscard]] double first_crossing();
    [[nodiscard]] double side_within(const Members& part, std::size_t node, double at);
    [[nodiscard]] double crossing_of(const Members& part, std::size_t node, double low, double high);
    void choose_sides(AlignedNumbers& point, std::vector<double>& sides);
    [[nodiscard]] bool beyond(double side, std::size_t place) const { return side == side && (side <= 0.0) != (sides_[place] <= 0.0); }
    void end_step_at_jump(double part);

    Coupling coupling_;
    StepTolerance tolerance_;
    double dt_;
    std::vector<std::size_t> slots_, places_;
    std::vector<std::size_t> channels_heard_;
    std::size_t channels_;
    std::vector<Members> members_;
    std::vector<Heard> heard_;  ///< [number]
    std::vector<Stimulated> stimuli_;
    std::vector<double> edges_;  ///< ascending [ms]
    bool hears_present_ = false, jumps_ = false, traced_ = false;
    Trace trace_;

    // The last step: from begin_ on a polynomial over length_, of which the part up to time_ counts.
    double begin_ = 0.0, length_ = 0.0, time_ = 0.0, middle_ = 0.0;
    double proposed_;                                  ///< length of the next step [ms]
    double length_before_ = 0.0, error_before_ = 0.0;  ///< of the step before
    bool lands_ = false, renew_ = true, extended_ = false, broken_ = false;
    AlignedNumbers start_, end_, settled_, point_, zeros_, error_5_, error_3_;  ///< [variable][place] for each model
    std::array<AlignedNumbers, dormand_prince::all_rates> rates_;
    std::array<AlignedNumbers, 7> extension_;
    AlignedNumbers coupling_now_, stimulus_now_, sent_now_;  ///< [channel][place]; [place]
    std::vector<double> sides_, trial_sides_;                ///< [place]: the switching function; its sign says which field counts
    std::vector<bool> crossed_;                              ///< [place]: at the end of the step before
    std::int64_t evaluations_ = 0;
};

}  // namespace kation
