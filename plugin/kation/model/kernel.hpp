#pragma once

#include <kation/model/dual.hpp>
#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

#include <utility>

/// The loops over nodes. Each body is ONE call that takes the node's number by value: written out in the loop it would not be vectorised.
namespace kation {

/// A model without options or derived quantities need not say so.
template <class T>
struct NoFields {};

namespace detail {

template <class Model>
concept HasOptions = requires { typename Model::template Options<double>; };
template <class Model>
concept HasConstants = requires { typename Model::template Constants<double>; };
template <class Model>
concept HasObserved = requires { typename Model::template Observed<double>; };
template <class Model>
concept HasReview = requires(const typename Model::template Parameters<double>& p, Review& review) { Model::review(p, review); };
/// The vector field jumps where `branch` changes sign. With the parameter that `jumps_at` names at infinity the field of the left side,
/// where `branch` is 0 or below, goes on everywhere, with minus infinity that of the right side.
template <class Model>
concept HasJump = requires(const typename Model::template State<double>& x, const typename Model::template Parameters<double>& p) {
    Model::branch(x, p);
    { Model::jumps_at } -> std::convertible_to<std::string_view>;
};
template <class Model>
concept HasListens = requires(const typename Model::template Parameters<double>& p) { Model::listens(std::size_t{}, p); };

/// Loops over nodes become vector code, unless a model whose rates have long loops of their own says `vectorised = false`.
template <class Model>
inline constexpr bool vectorised = true;
template <class Model>
    requires requires { Model::vectorised; }
inline constexpr bool vectorised<Model> = Model::vectorised;

template <class Model, class T, bool = HasOptions<Model>>
struct OptionsOf {
    using type = NoFields<T>;
};
template <class Model, class T>
struct OptionsOf<Model, T, true> {
    using type = typename Model::template Options<T>;
};
template <class Model, class T, bool = HasConstants<Model>>
struct ConstantsOf {
    using type = NoFields<T>;
};
template <class Model, class T>
struct ConstantsOf<Model, T, true> {
    using type = typename Model::template Constants<T>;
};
template <class Model, class T, bool = HasObserved<Model>>
struct ObservedOf {
    using type = NoFields<T>;
};
template <class Model, class T>
struct ObservedOf<Model, T, true> {
    using type = typename Model::template Observed<T>;
};

}  // namespace detail

/// A model's records and their sizes, and its functions on plain arrays of numbers.
template <class Model>
struct Shape {
    template <class T>
    using State = typename Model::template State<T>;
    template <class T>
    using Parameters = typename Model::template Parameters<T>;
    template <class T>
    using Input = typename Model::template Input<T>;
    template <class T>
    using Output = typename Model::template Output<T>;
    template <class T>
    using Options = typename detail::OptionsOf<Model, T>::type;
    template <class T>
    using Constants = typename detail::ConstantsOf<Model, T>::type;
    template <class T>
    using Observed = typename detail::ObservedOf<Model, T>::type;

    static constexpr std::size_t states = count_of<State>, parameters = count_of<Parameters>, channels = count_of<Output>;
    static constexpr std::size_t options = count_of<Options>, constants = count_of<Constants>, observed = count_of<Observed>;
    static_assert(count_of<Input> == channels + 1, "Input has one field for each output channel and then the stimulus");

    /// The model's derivative, called with what it takes: constants if it has some, options if it has some.
    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& switches) {
        if constexpr (detail::HasConstants<Model> && detail::HasOptions<Model>)
            return Model::template derivative<T>(x, p, k, in, switches);
        else if constexpr (detail::HasConstants<Model>)
            return Model::template derivative<T>(x, p, k, in);
        else if constexpr (detail::HasOptions<Model>)
            return Model::template derivative<T>(x, p, in, switches);
        else
            return Model::template derivative<T>(x, p, in);
    }

    /// What follows from the parameters alone, so that it need not be computed at every step.
    template <class T>
    static constexpr Constants<T> constants_of(const Parameters<T>& p) {
        if constexpr (detail::HasConstants<Model>)
            return Model::template constants<T>(p);
        else
            return {};
    }

    /// Every rate was set by `derivative`: none is left at what the record starts with.
    static consteval bool sets_every_rate() {
        const State<Probe> rates = derivative<Probe>(computed_record<State>(), computed_record<Parameters>(), computed_record<Constants>(),
                                                     computed_record<Input>(), computed_record<Options>());
        for (const Probe& rate : values_of<State, Probe>(rates))
            if (!rate.computed) return false;
        return true;
    }

    template <template <class> class Record>
    static consteval Record<Probe> computed_record() {
        return record_of<Record, Probe>(std::array<Probe, count_of<Record>>{});
    }
};

namespace detail {

template <std::size_t Count>
KATION_INLINE std::array<double, Count> gather(ConstColumns columns, std::size_t i) {
    return [&]<std::size_t... K>(std::index_sequence<K...>)
               KATION_INLINE_LAMBDA { return std::array<double, Count>{columns[K][i]...}; }(std::make_index_sequence<Count>{});
}

template <std::size_t Count>
KATION_INLINE void scatter(const std::array<double, Count>& values, Columns columns, std::size_t i) {
    [&]<std::size_t... K>(std::index_sequence<K...>)
        KATION_INLINE_LAMBDA { ((columns[K][i] = values[K]), ...); }(std::make_index_sequence<Count>{});
}

}  // namespace detail

/// One number per state variable of one node.
template <std::size_t Count>
using NodeState = std::array<double, Count>;

/// x + step * rate, each with one rounding.
template <std::size_t Count>
KATION_INLINE NodeState<Count> moved(const NodeState<Count>& x, double step, const NodeState<Count>& rate) {
    NodeState<Count> result{};
    for (std::size_t k = 0; k < Count; ++k) result[k] = fma(step, rate[k], x[k]);
    return result;
}
template <std::size_t Count>
KATION_INLINE NodeState<Count> sum_of(const NodeState<Count>& a, const NodeState<Count>& b) {
    NodeState<Count> result{};
    for (std::size_t k = 0; k < Count; ++k) result[k] = a[k] + b[k];
    return result;
}
template <std::size_t Count>
KATION_INLINE NodeState<Count> clipped(const NodeState<Count>& x, Limits limits) {
    NodeState<Count> result{};
    for (std::size_t k = 0; k < Count; ++k) {
        const double low = limits.low[k], high = limits.high[k];
        const double above = select(x[k] < low, low, x[k]);  // NaN passes, so that the check finds it
        result[k] = select(above > high, high, above);
    }
    return result;
}

namespace detail {

/// One node of one model during one step: its numbers, and the rates they give.
template <class Model>
struct NodeAtStep {
    using S = Shape<Model>;
    std::array<double, S::parameters> p;
    std::array<double, S::constants> k;
    std::array<double, S::options> options;

    KATION_INLINE static NodeAtStep of(const NodeColumns& nodes, std::size_t i) {
        NodeAtStep node;
        node.p = gather<S::parameters>(nodes.parameters, i);
        node.k = gather<S::constants>(nodes.constants, i);
        for (std::size_t o = 0; o < S::options; ++o) node.options[o] = nodes.options[o];
        return node;
    }

    KATION_INLINE std::array<double, S::channels> sends(const NodeState<S::states>& x) const {
        return values_of<S::template Output, double>(
            Model::template output<double>(record_of<S::template State, double>(x), record_of<S::template Parameters, double>(p)));
    }

    /// The quantity whose rises are events.
    KATION_INLINE double event(const NodeState<S::states>& x) const {
        return Model::template event<double>(record_of<S::template State, double>(x), record_of<S::template Parameters, double>(p));
    }

    /// Of models with a jump: where it is 0 or below, the left side's field counts.
    KATION_INLINE double side(const NodeState<S::states>& x) const {
        return Model::template branch<double>(record_of<S::template State, double>(x), record_of<S::template Parameters, double>(p));
    }
    /// The place of the parameter that decides it.
    static consteval std::size_t jump_parameter() {
        constexpr auto fields = fields_of<S::template Parameters>();
        std::size_t k = 0;
        while (fields[k].name.view() != Model::jumps_at) ++k;
        return k;
    }
    KATION_INLINE void stay(bool left) {
        constexpr std::size_t jump = jump_parameter();  // a call that is left for the run would keep loops from becoming vector code
        p[jump] = select(left, inf, -inf);
    }

    KATION_INLINE NodeState<S::states> rate(const NodeState<S::states>& x, const std::array<double, S::channels + 1>& input) const {
        return values_of<S::template State, double>(
            S::template derivative<double>(record_of<S::template State, double>(x), record_of<S::template Parameters, double>(p),
                                           record_of<S::template Constants, double>(k), record_of<S::template Input, double>(input),
                                           record_of<S::template Options, double>(options)));
    }
};

/// What a node hears at one sample of the step: the sum over its connections, its own present output, and the stimulus.
template <class Model>
KATION_INLINE std::array<double, Shape<Model>::channels + 1> heard(const StepInputs& in, std::size_t sample, std::size_t i,
                                                                   const std::array<double, Shape<Model>::channels>& own_output) {
    std::array<double, Shape<Model>::channels + 1> input{};
    for (std::size_t c = 0; c < Shape<Model>::channels; ++c) input[c] = fma(in.own[c][i], own_output[c], in.coupling[sample][c][i]);
    input[Shape<Model>::channels] = in.stimulus[sample][i];
    return input;
}

template <class Model, class Scheme, bool Bounded>
KATION_INLINE void advance_node(std::size_t i, const NodeColumns& nodes, const StepInputs& in) {
    using S = Shape<Model>;
    using X = NodeState<S::states>;
    const auto node = NodeAtStep<Model>::of(nodes, i);
    const X start = gather<S::states>(nodes.state, i);

    // Euler and Heun hear one sample for the whole step; RK4 hears each stage's own.
    const auto input_at_start = heard<Model>(in, 0, i, node.sends(start));
    const auto rate = [&](const X& x, std::size_t sample) KATION_INLINE_LAMBDA {
        if constexpr (Scheme::samples_each_stage)
            return node.rate(x, heard<Model>(in, sample, i, node.sends(x)));
        else
            return node.rate(x, input_at_start);
    };
    const auto settle = [&](const X& x) KATION_INLINE_LAMBDA {
        if constexpr (Bounded)
            return clipped(sum_of(x, gather<S::states>(in.kick, i)), in.limits);
        else
            return x;
    };
    const X next = Scheme::step(start, in.dt, rate, settle);
    scatter(next, nodes.state, i);
    scatter(node.sends(next), in.sent, i);
    in.event[i] = node.event(next);
}

/// So many nodes are advanced before those that crossed a jump are looked for.
inline constexpr std::size_t jump_tile = 8 * lanes;

/// Whether a step from `before` crossed the jump of the vector field, or would have in half a step more, so that a stage may have lain
/// beyond: 1, else 0.
template <class Model>
KATION_INLINE double near_jump(std::size_t i, const NodeColumns& nodes, const double* before) {
    using S = Shape<Model>;
    const auto node = NodeAtStep<Model>::of(nodes, i);
    NodeState<S::states> start{};
    for (std::size_t k = 0; k < S::states; ++k) start[k] = before[k * jump_tile];
    const double begin = node.side(start), end = node.side(gather<S::states>(nodes.state, i)), ahead = fma(0.5, end - begin, end);
    return select(begin <= 0.0, select(select(end > ahead, end, ahead) > 0.0, 1.0, 0.0),
                  select(select(end < ahead, end, ahead) <= 0.0, 1.0, 0.0));
}

/// Looks for the length of a part of a step at whose end a switching function is 0, by inverse quadratic interpolation between the last
/// three lengths that were tried, within those between which it changes sign.
class CrossingSearch {
  public:
    /// @param side  at the part's begin
    KATION_INLINE explicit CrossingSearch(double side) : sides_{side, side, side} {}

    /// Whether a length is known that leads beyond.
    KATION_INLINE bool crossed() const { return high_ > 0.0; }
    /// What a length gave. @param stays  on the side of the begin
    KATION_INLINE void add(double length, double side, bool stays) {
        if (!crossed()) scale_ = __builtin_fabs(side - sides_[2]);
        (stays ? low_ : high_) = length;
        for (std::size_t k = 0; k < 2; ++k) lengths_[k] = lengths_[k + 1], sides_[k] = sides_[k + 1];
        lengths_[2] = length, sides_[2] = side;
        ++known_;
    }
    /// Whether the last one is it, to 1e-10 of the part that crossed first: far below what a scheme of order 4 is off by in it.
    KATION_INLINE bool found() const { return __builtin_fabs(sides_[2]) <= 1e-10 * scale_ || high_ - low_ <= 1e-12 * high_; }
    KATION_INLINE double next() const {
        const double(&t)[3] = lengths_, (&s)[3] = sides_;
        const double straight = t[2] - s[2] * (t[2] - t[1]) / (s[2] - s[1]);
        const double bent = t[0] * s[1] * s[2] / ((s[0] - s[1]) * (s[0] - s[2])) + t[1] * s[0] * s[2] / ((s[1] - s[0]) * (s[1] - s[2])) +
                            t[2] * s[0] * s[1] / ((s[2] - s[0]) * (s[2] - s[1]));
        const double length = known_ >= 2 ? bent : straight;
        return length > low_ && length < high_ ? length : 0.5 * (low_ + high_);
    }

  private:
    double low_ = 0.0, high_ = 0.0, scale_ = 0.0;
    double lengths_[3] = {}, sides_[3];
    int known_ = 0;
};

/// Takes a step near the jump once more, with the field of the side on which it begins, in parts that end where the jump is crossed. Input
/// between the three samples is that of the parabola through them. This restores the order of the scheme, which a jump inside a step would
/// bring down to 1.
template <class Model, class Scheme, bool Bounded>
KATION_INLINE void cross_jump(std::size_t i, const NodeColumns& nodes, const StepInputs& in, const double* before) {
    using S = Shape<Model>;
    using X = NodeState<S::states>;
    const auto node = NodeAtStep<Model>::of(nodes, i);
    X x{};
    for (std::size_t k = 0; k < S::states; ++k) x[k] = before[k * jump_tile];
    double done = 0, side = node.side(x);  // done: part of the step, in [0, 1]
    bool left = side <= 0.0;
    const auto settle = [&](const X& y) KATION_INLINE_LAMBDA {
        if constexpr (Bounded)
            return clipped(y, in.limits);
        else
            return y;
    };
    double length = 1.0;  // of the next part
    CrossingSearch search(side);
    // A part without a crossing needs one trial, one with a crossing about five; the last one goes to the end of the step.
    for (int trials = 60; trials > 0; --trials) {
        if (trials == 1) length = 1.0 - done;
        auto smooth = node;
        smooth.stay(left);
        const auto rate = [&](const X& y, std::size_t sample) KATION_INLINE_LAMBDA {
            const double at = done + 0.5 * static_cast<double>(sample) * length;
            const double weight[3] = {(1.0 - 2.0 * at) * (1.0 - at), 4.0 * at * (1.0 - at), at * (2.0 * at - 1.0)};
            std::array<double, S::channels + 1> input{};
            const auto own = node.sends(y);
            for (std::size_t c = 0; c < S::channels; ++c) {
                input[c] = in.own[c][i] * own[c];
                for (std::size_t k = 0; k < 3; ++k) input[c] = fma(weight[k], in.coupling[k][c][i], input[c]);
            }
            for (std::size_t k = 0; k < 3; ++k) input[S::channels] = fma(weight[k], in.stimulus[k][i], input[S::channels]);
            return smooth.rate(y, input);
        };
        const X end = Scheme::step(x, length * in.dt, rate, settle);
        side = node.side(end);
        const bool stays = (side <= 0.0) == left || side != side;
        if (trials == 1 || (stays && !search.crossed())) {
            x = end;
            break;
        }
        search.add(length, side, stays);
        if (search.found()) {
            x = end;
            done += length;
            left = !left;
            length = 1.0 - done;
            search = CrossingSearch(side);
            if (length <= 0.0) break;
            continue;
        }
        length = search.next();
    }
    scatter(x, nodes.state, i);
    scatter(node.sends(x), in.sent, i);
    in.event[i] = node.event(x);
}

template <class Model>
KATION_INLINE void advance_stage(std::size_t i, const NodeColumns& nodes, const StageInputs& in) {
    using S = Shape<Model>;
    const auto node = NodeAtStep<Model>::of(nodes, i);
    std::array<double, S::channels + 1> input{};
    for (std::size_t c = 0; c < S::channels; ++c) input[c] = in.coupling[c][i];
    input[S::channels] = in.stimulus[i];
    const auto rate = node.rate(gather<S::states>(in.point, i), input);
    const auto sum = moved(gather<S::states>(in.sum, i), in.weight, rate);
    const auto start = gather<S::states>(nodes.state, i);
    const auto next = clipped(moved(moved(start, in.along_sum, sum), in.along_rate, rate), in.limits);
    scatter(sum, in.sum, i);
    scatter(next, in.point, i);
    scatter(node.sends(next), in.sent, i);
}

template <class Model>
KATION_INLINE void rate_node(std::size_t i, const NodeColumns& nodes, const RateInputs& in) {
    using S = Shape<Model>;
    auto node = NodeAtStep<Model>::of(nodes, i);
    if constexpr (HasJump<Model>) node.stay(in.side[i] <= 0.0);
    std::array<double, S::channels + 1> input{};
    for (std::size_t c = 0; c < S::channels; ++c) input[c] = in.coupling[c][i];
    input[S::channels] = in.stimulus[i];
    scatter(node.rate(gather<S::states>(nodes.state, i), input), in.rate, i);
}

template <class Model>
KATION_INLINE void side_of_node(std::size_t i, const NodeColumns& nodes, double* side) {
    if constexpr (HasJump<Model>)
        side[i] = NodeAtStep<Model>::of(nodes, i).side(gather<Shape<Model>::states>(nodes.state, i));
    else
        side[i] = 0.0;
}

template <class Model>
KATION_INLINE void send_node(std::size_t i, const NodeColumns& nodes, Columns sent) {
    const auto node = NodeAtStep<Model>::of(nodes, i);
    scatter(node.sends(gather<Shape<Model>::states>(nodes.state, i)), sent, i);
}

template <class Model>
KATION_INLINE std::array<double, Shape<Model>::observed> observed_at(std::size_t i, const NodeColumns& nodes) {
    using S = Shape<Model>;
    if constexpr (S::observed == 0) {
        return {};
    } else {
        const auto x = record_of<S::template State, double>(gather<S::states>(nodes.state, i));
        const auto p = record_of<S::template Parameters, double>(gather<S::parameters>(nodes.parameters, i));
        return values_of<S::template Observed, double>(Model::template observe<double>(x, p));
    }
}

template <class Model>
KATION_INLINE void observe_node(std::size_t i, const NodeColumns& nodes, Columns observed) {
    scatter(observed_at<Model>(i, nodes), observed, i);
}

template <class Model>
KATION_INLINE void event_of_node(std::size_t i, const NodeColumns& nodes, double* quantity) {
    quantity[i] = NodeAtStep<Model>::of(nodes, i).event(gather<Shape<Model>::states>(nodes.state, i));
}

/// 0 if the node's numbers are all within their ranges, 1 if not; the ranges of derived quantities follow those of the state.
template <class Model>
KATION_INLINE double outside_of_node(std::size_t i, const NodeColumns& nodes, Limits limits) {
    using S = Shape<Model>;
    double outside = 0;
    const auto x = gather<S::states>(nodes.state, i);
    for (std::size_t k = 0; k < S::states; ++k) outside += select(x[k] >= limits.low[k] && x[k] <= limits.high[k], 0.0, 1.0);
    const auto y = observed_at<Model>(i, nodes);
    for (std::size_t k = 0; k < S::observed; ++k)
        outside += select(y[k] >= limits.low[S::states + k] && y[k] <= limits.high[S::states + k], 0.0, 1.0);
    return outside;
}

/// True if any of the flags, 0 or more each, is not 0.
KATION_INLINE bool any(const double* flags, std::size_t count) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t k = 0; k < count; ++k) sum += flags[k];
    return sum > 0;
}

}  // namespace detail

// Arguments are copied into the loop's own scope, where no store through a column can reach them.

template <class Model, class Scheme, bool Bounded>
struct StepLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, const StepInputs& inputs, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
        const StepInputs in = inputs;
        if constexpr (Scheme::splits_at_jumps && detail::HasJump<Model>) {
            constexpr std::size_t tile = detail::jump_tile;
            for (std::size_t first = begin; first < end; first += tile) {
                const std::size_t last = first + tile < end ? first + tile : end;
                double before[Shape<Model>::states * tile], near[tile];
                for (std::size_t k = 0; k < Shape<Model>::states; ++k)
                    for (std::size_t i = first; i < last; ++i) before[k * tile + i - first] = nodes.state[k][i];
#pragma omp simd if (detail::vectorised<Model>)
                for (std::size_t i = first; i < last; ++i) detail::advance_node<Model, Scheme, Bounded>(i, nodes, in);
#pragma omp simd if (detail::vectorised<Model>)
                for (std::size_t i = first; i < last; ++i) near[i - first] = detail::near_jump<Model>(i, nodes, &before[i - first]);
                if (!detail::any(&near[0], last - first)) continue;
                for (std::size_t i = first; i < last; ++i)
                    if (near[i - first] != 0.0) detail::cross_jump<Model, Scheme, Bounded>(i, nodes, in, &before[i - first]);
            }
        } else {
#pragma omp simd if (detail::vectorised<Model>)
            for (std::size_t i = begin; i < end; ++i) detail::advance_node<Model, Scheme, Bounded>(i, nodes, in);
        }
    }
};

template <class Model>
struct StageLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, const StageInputs& inputs, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
        const StageInputs in = inputs;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::advance_stage<Model>(i, nodes, in);
    }
};

template <class Model>
struct RateLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, const RateInputs& inputs, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
        const RateInputs in = inputs;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::rate_node<Model>(i, nodes, in);
    }
};

template <class Model>
struct SideLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, double* side, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::side_of_node<Model>(i, nodes, side);
    }
};

template <class Model>
struct SendLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, Columns sent, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::send_node<Model>(i, nodes, sent);
    }
};

template <class Model>
struct ObserveLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, Columns observed, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::observe_node<Model>(i, nodes, observed);
    }
};

template <class Model>
struct EventLoop {
    KATION_INLINE static void run(const NodeColumns& all_nodes, double* quantity, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
#pragma omp simd if (detail::vectorised<Model>)
        for (std::size_t i = begin; i < end; ++i) detail::event_of_node<Model>(i, nodes, quantity);
    }
};

template <class Model>
struct CheckLoop {
    KATION_INLINE static bool run(const NodeColumns& all_nodes, Limits limits, std::size_t begin, std::size_t end) {
        const NodeColumns nodes = all_nodes;
        double outside[lanes] = {};
        for (std::size_t first = begin; first < end; first += lanes) {
#pragma omp simd if (detail::vectorised<Model>)
            for (std::size_t lane = 0; lane < lanes; ++lane) outside[lane] += detail::outside_of_node<Model>(first + lane, nodes, limits);
        }
        return !detail::any(&outside[0], lanes);
    }
};

}  // namespace kation
