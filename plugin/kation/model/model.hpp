#pragma once

#include <kation/model/field.hpp>
#include <kation/model/probe.hpp>
#include <kation/support/columns.hpp>
#include <kation/support/instruction_set.hpp>

#include <armadillo>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// Time schemes; those of a fixed step come first, in the order of the tables of kernels.
enum class Method : std::size_t { euler, heun, rk4, adaptive };
inline constexpr std::array<std::string_view, 4> method_names{"euler", "heun", "rk4", "adaptive"};
inline constexpr std::size_t fixed_methods = 3;

/// What a model is, in words. The equations are text that a test cannot check: they stand right above the code that must match them.
struct Info {
    std::string_view name;
    std::string_view title;
    std::string_view equations;
    std::string_view source;                                      ///< authors, year, journal, equation numbers, DOI
    std::string_view corrections;                                 ///< what we changed against the source, and why
    std::array<double, fixed_methods> largest_dt{inf, inf, inf};  ///< [ms] for each Method: a larger step deserves a warning
    std::string_view if_invalid = {};  ///< what it means and what helps if a run becomes invalid; empty: dt was too large
};

/// What recruitment counts: a quantity rising to `threshold` after having been below `rearm`.
struct EventRule {
    std::string_view quantity;
    std::string_view unit;
    double threshold;
    double rearm;
};

/// Documented point in parameter space, with its start state.
template <class Model>
struct Preset {
    std::string_view name;
    std::string_view regime;  ///< what it shows; tests hold it to that
    typename Model::template Parameters<double> parameters;
    typename Model::template State<double> state;
};

/// The same, type-erased: numbers in the order of the model's tables.
struct PresetValues {
    std::string_view name;
    std::string_view regime;
    std::vector<double> parameters;
    std::vector<double> state;
};

/// Verdict on the parameters of one region beyond the range of each.
struct Review {
    std::vector<std::string> refusals;
    std::vector<std::string> warnings;
};

/// The nodes of one model as columns; `node` counts within the model's group.
struct NodeColumns {
    Columns state;            ///< [variable][node]
    ConstColumns parameters;  ///< [parameter][node]
    ConstColumns constants;   ///< [constant][node]: what follows from the parameters alone
    const double* options;    ///< [option], the same for all nodes
};

/// Limits of the state, [variable] each.
struct Limits {
    const double* low;
    const double* high;
};

/// All that one step needs besides the nodes. RK4 reads three samples (begin, middle and end of the step), Euler and Heun the first one
/// only, as The Virtual Brain does.
struct StepInputs {
    double dt;                              ///< [ms]
    std::array<ConstColumns, 3> coupling;   ///< [sample][channel][node]
    ConstColumns own;                       ///< [channel][node]: weight of the node's own present output
    std::array<const double*, 3> stimulus;  ///< [sample][node]
    ConstColumns kick;                      ///< [variable][node]: what noise adds in this step
    Limits limits;                          ///< clipped to them
    Columns sent;                           ///< [channel][node]: outputs after the step
    double* event;                          ///< [node]: the quantity whose rises are events, after the step
};

/// One stage of RK4 for networks with zero-delay connections, whose coupling has to be summed between the stages.
struct StageInputs {
    ConstColumns coupling;   ///< [channel][node]: the sum over all connections at this stage
    const double* stimulus;  ///< [node]
    Limits limits;
    double weight;      ///< of this stage's rate in the sum of rates: 1, 2, 2, 1
    double along_rate;  ///< [ms] how far the next point lies along this rate: dt/2, dt/2, dt, 0
    double along_sum;   ///< [ms] and along the sum: 0, 0, 0, dt/6
    Columns sum;        ///< [variable][node]: rates so far
    Columns point;      ///< [variable][node]: state at which this stage is evaluated, then the next one's
    Columns sent;       ///< [channel][node]: outputs at the new point
};

/// What rates depend on besides the nodes, whose state is then the point at which they are evaluated.
struct RateInputs {
    ConstColumns coupling;   ///< [channel][node]: the sum over all connections, the node's own present output included
    const double* stimulus;  ///< [node]
    const double* side;      ///< [node]: of a model that jumps, the field of the left side goes on everywhere where this is 0 or below
    Columns rate;            ///< [variable][node]
};

/// The loops over nodes of one model, for nodes in [begin, end), both multiples of 8.
struct Kernels {
    using Step = void(const NodeColumns&, const StepInputs&, std::size_t begin, std::size_t end);
    using Stage = void(const NodeColumns&, const StageInputs&, std::size_t begin, std::size_t end);
    using Rate = void(const NodeColumns&, const RateInputs&, std::size_t begin, std::size_t end);
    using Side = void(const NodeColumns&, double* side, std::size_t begin, std::size_t end);
    using Send = void(const NodeColumns&, Columns sent, std::size_t begin, std::size_t end);
    using Observe = void(const NodeColumns&, Columns observed, std::size_t begin, std::size_t end);
    using Event = void(const NodeColumns&, double* quantity, std::size_t begin, std::size_t end);
    using Check = bool(const NodeColumns&, Limits, std::size_t begin, std::size_t end);

    std::array<Variants<Step>, fixed_methods> step;          ///< by Method: no noise, no clipping
    std::array<Variants<Step>, fixed_methods> step_bounded;  ///< with noise and clipping
    Variants<Stage> stage;
    Variants<Rate> rate;        ///< for schemes that keep their stages in columns
    Variants<Side> side;        ///< the switching function of the present state; 0 for a model without one
    Variants<Send> send;        ///< outputs of the present state
    Variants<Observe> observe;  ///< derived quantities of the present state
    Variants<Event> event;      ///< the quantity whose rises are events, of the present state
    Variants<Check> check;      ///< true if all states and derived quantities are finite and within [low, high]
};

/// A model as everything but its own header sees it: tables and functions on blocks of nodes.
struct Entry {
    Info info;
    std::span<const Field> state, parameters, options, outputs, inputs, observed;
    bool jumps;                         ///< whether the vector field jumps where the kernel `side` changes sign
    std::size_t constants;              ///< how many numbers `constants_of` gives
    std::vector<PresetValues> presets;  ///< the first is the default
    EventRule event;
    Kernels kernels;

    /// Rates of one node [unit of the variable per ms]. `input`: one number per output channel, then the stimulus.
    std::vector<double> (*derivative)(std::span<const double> state, std::span<const double> parameters, std::span<const double> input,
                                      std::span<const double> options);
    /// d rate(row) / d state(column), exact.
    arma::mat (*jacobian)(std::span<const double> state, std::span<const double> parameters, std::span<const double> input,
                          std::span<const double> options);
    std::vector<double> (*output)(std::span<const double> state, std::span<const double> parameters);
    std::vector<double> (*observe)(std::span<const double> state, std::span<const double> parameters);
    std::vector<double> (*constants_of)(std::span<const double> parameters);
    Review (*review)(std::span<const double> parameters);
    /// Whether a node with these parameters hears what comes in through a channel; a channel that nobody hears is not summed.
    bool (*listens)(std::size_t channel, std::span<const double> parameters);

    /// Places in the tables; ConfigurationError with the nearest names where there is none.
    [[nodiscard]] std::size_t parameter_index(std::string_view name) const;
    [[nodiscard]] std::size_t state_index(std::string_view name) const;
    [[nodiscard]] std::size_t option_index(std::string_view name) const;
    [[nodiscard]] const PresetValues& preset(std::string_view name) const;
};

/// "fig6, fig3, ..." and the like, for messages.
std::vector<std::string> names_of(std::span<const Field> fields);

/// "[0, inf)" with the ends as they count.
std::string text_of(const Range& range);

}  // namespace kation
