#pragma once

#include <kation/simulator/euler.hpp>
#include <kation/simulator/heun.hpp>
#include <kation/simulator/rk4.hpp>

#include <algorithm>

namespace kation {

namespace detail {

template <class Model>
struct Erased {
    using S = Shape<Model>;
    using Span = std::span<const double>;

    template <std::size_t Count>
    static std::array<double, Count> array_of(Span numbers) {
        std::array<double, Count> array{};
        std::ranges::copy(numbers.first(Count), array.begin());
        return array;
    }
    static auto state_of(Span x) { return record_of<S::template State, double>(array_of<S::states>(x)); }
    static auto parameters_of(Span p) { return record_of<S::template Parameters, double>(array_of<S::parameters>(p)); }
    template <std::size_t Count>
    static std::vector<double> vector_of(const std::array<double, Count>& array) {
        return {array.begin(), array.end()};
    }

    static std::vector<double> derivative(Span x, Span p, Span input, Span options) {
        return vector_of(values_of<S::template State, double>(
            S::template derivative<double>(state_of(x), parameters_of(p), S::template constants_of<double>(parameters_of(p)),
                                           record_of<S::template Input, double>(array_of<S::channels + 1>(input)),
                                           record_of<S::template Options, double>(array_of<S::options>(options)))));
    }

    /// So many derivatives at a time: with all at once the compiler would work for minutes on a model of many variables.
    static constexpr std::size_t slopes = std::min<std::size_t>(S::states, 4);
    using D = Dual<slopes>;

    template <template <class> class Record, std::size_t Count>
    static auto dual_record(const std::array<double, Count>& numbers) {
        std::array<D, Count> duals{};
        std::ranges::copy(numbers, duals.begin());
        return record_of<Record, D>(duals);
    }

    static arma::mat jacobian(Span x, Span p, Span input, Span options) {
        const auto parameters = dual_record<S::template Parameters>(array_of<S::parameters>(p));
        const auto constants = S::template constants_of<D>(parameters);
        const auto inputs = dual_record<S::template Input>(array_of<S::channels + 1>(input));
        const auto switches = dual_record<S::template Options>(array_of<S::options>(options));
        arma::mat result(S::states, S::states);
        for (std::size_t first = 0; first < S::states; first += slopes) {
            const std::size_t count = std::min(slopes, S::states - first);
            std::array<D, S::states> point{};
            std::ranges::copy(array_of<S::states>(x), point.begin());
            for (std::size_t k = first; k < first + count; ++k) point[k] = D::variable(x[k], k - first);
            const auto rates = std::bit_cast<std::array<D, S::states>>(
                S::template derivative<D>(record_of<S::template State, D>(point), parameters, constants, inputs, switches));
            for (std::size_t row = 0; row < S::states; ++row)
                for (std::size_t k = 0; k < count; ++k) result(row, first + k) = rates[row].slope[k];
        }
        return result;
    }

    static std::vector<double> output(Span x, Span p) {
        return vector_of(values_of<S::template Output, double>(Model::template output<double>(state_of(x), parameters_of(p))));
    }

    static std::vector<double> observe([[maybe_unused]] Span x, [[maybe_unused]] Span p) {
        if constexpr (S::observed == 0)
            return {};
        else
            return vector_of(values_of<S::template Observed, double>(Model::template observe<double>(state_of(x), parameters_of(p))));
    }

    static std::vector<double> constants_of([[maybe_unused]] Span p) {
        if constexpr (S::constants == 0)
            return {};
        else
            return vector_of(values_of<S::template Constants, double>(S::template constants_of<double>(parameters_of(p))));
    }

    static Review review([[maybe_unused]] Span p) {
        Review verdict;
        if constexpr (HasReview<Model>) Model::review(parameters_of(p), verdict);
        return verdict;
    }

    static bool listens([[maybe_unused]] std::size_t channel, [[maybe_unused]] Span p) {
        if constexpr (HasListens<Model>)
            return Model::listens(channel, parameters_of(p));
        else
            return true;
    }
};

template <class Model, bool Bounded>
constexpr std::array<Variants<Kernels::Step>, fixed_methods> step_kernels() {
    return {variants_of<StepLoop<Model, Euler, Bounded>>(), variants_of<StepLoop<Model, Heun, Bounded>>(),
            variants_of<StepLoop<Model, RungeKutta4, Bounded>>()};
}

/// Defaults inside their ranges, names that differ, a word of explanation each: checked while compiling.
template <std::size_t Count>
consteval bool well_formed(const std::array<Field, Count>& fields) {
    for (std::size_t k = 0; k < Count; ++k) {
        if (fields[k].name.view().empty() || fields[k].doc.view().empty()) return false;
        if (!fields[k].valid.contains(fields[k].value)) return false;
        for (std::size_t other = 0; other < k; ++other)
            if (fields[other].name.view() == fields[k].name.view()) return false;
    }
    return true;
}

template <template <class> class Record>
struct Table {
    static constexpr auto fields = fields_of<Record>();
    static_assert(well_formed(fields),
                  "a field has no name or no words of explanation, a name comes twice, or a default is outside its range");
};

}  // namespace detail

/// The type-erased form of a model: what the catalogue, a plug-in and tests hand to a network.
template <class Model>
const Entry& entry_of() {
    using S = Shape<Model>;
    using E = detail::Erased<Model>;
    static_assert(S::sets_every_rate(), "derivative leaves a rate unset: it would keep the variable's initial value");
    static const Entry entry = [] {
        Entry made{.info = Model::info,
                   .state = detail::Table<S::template State>::fields,
                   .parameters = detail::Table<S::template Parameters>::fields,
                   .options = detail::Table<S::template Options>::fields,
                   .outputs = detail::Table<S::template Output>::fields,
                   .inputs = detail::Table<S::template Input>::fields,
                   .observed = detail::Table<S::template Observed>::fields,
                   .jumps = detail::HasJump<Model>,
                   .constants = S::constants,
                   .presets = {},
                   .event = Model::event_rule,
                   .kernels = {.step = detail::step_kernels<Model, false>(),
                               .step_bounded = detail::step_kernels<Model, true>(),
                               .stage = variants_of<StageLoop<Model>>(),
                               .rate = variants_of<RateLoop<Model>>(),
                               .side = variants_of<SideLoop<Model>>(),
                               .send = variants_of<SendLoop<Model>>(),
                               .observe = variants_of<ObserveLoop<Model>>(),
                               .event = variants_of<EventLoop<Model>>(),
                               .check = variants_of<CheckLoop<Model>>()},
                   .derivative = &E::derivative,
                   .jacobian = &E::jacobian,
                   .output = &E::output,
                   .observe = &E::observe,
                   .constants_of = &E::constants_of,
                   .review = &E::review,
                   .listens = &E::listens};
        for (const Preset<Model>& preset : Model::presets())
            made.presets.push_back({preset.name, preset.regime, E::vector_of(values_of<S::template Parameters, double>(preset.parameters)),
                                    E::vector_of(values_of<S::template State, double>(preset.state))});
        return made;
    }();
    return entry;
}

}  // namespace kation
