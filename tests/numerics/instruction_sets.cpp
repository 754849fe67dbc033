// Every kernel gives the same bits on all instruction sets that this machine has.
#include <kation/simulator/euler.hpp>
#include <kation/simulator/heun.hpp>
#include <kation/simulator/rk4.hpp>
#include <kation/support/instruction_set.hpp>
#include <support/all_models.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>

using namespace kation;

namespace {

constexpr std::size_t nodes = 24;
constexpr InstructionSet sets[] = {InstructionSet::base, InstructionSet::x86_64_v3, InstructionSet::x86_64_v4};

ColumnStore random_columns(std::size_t columns, double low, double high, std::uint64_t seed) {
    Uniform uniform(seed);
    ColumnStore store(columns, nodes);
    for (std::size_t k = 0; k < columns; ++k)
        for (std::size_t node = 0; node < nodes; ++node) store[k][node] = uniform(low, high);
    return store;
}

/// Nodes of a model with the parameters of their presets in turn, and states that are up to a third away from the presets'.
struct Nodes {
    const Entry* entry;
    ColumnStore state, parameters, constants;
    std::vector<double> options;

    /// @param switched  options at the other end of their range than by default
    explicit Nodes(const Entry& model, bool switched = false)
        : entry(&model), state(model.state.size(), nodes), parameters(model.parameters.size(), nodes), constants(model.constants, nodes) {
        Uniform uniform(17);
        for (const Field& option : model.options)
            options.push_back(!switched ? option.value : option.value == option.valid.high ? option.valid.low : option.valid.high);
        for (std::size_t node = 0; node < nodes; ++node) {
            const PresetValues& preset = model.presets[node % model.presets.size()];
            const auto constant = model.constants_of(preset.parameters);
            for (std::size_t k = 0; k < state.columns(); ++k) state[k][node] = preset.state[k] * uniform(0.67, 1.33);
            for (std::size_t k = 0; k < parameters.columns(); ++k) parameters[k][node] = preset.parameters[k];
            for (std::size_t k = 0; k < constants.columns(); ++k) constants[k][node] = constant[k];
        }
    }
    [[nodiscard]] NodeColumns columns() { return {state.view(), parameters.view(), constants.view(), options.data()}; }
};

std::vector<double> numbers_of(const ColumnStore& store) {
    std::vector<double> numbers;
    for (std::size_t k = 0; k < store.columns(); ++k) numbers.insert(numbers.end(), store[k], store[k] + nodes);
    return numbers;
}

/// Some of the random states lie outside the valid ranges, where a model may well give NaN.
bool same_number(double a, double b) { return a == b || (a != a && b != b); }

/// Calls `kernel_on` with each set that there is, and compares what it returns with the base's.
template <class KernelOn>
void same_bits(const KernelOn& kernel_on) {
    const std::vector<double> base = kernel_on(InstructionSet::base);
    for (const InstructionSet set : sets) {
        if (!has(set)) continue;
        CAPTURE(std::string(instruction_set_names[static_cast<std::size_t>(set)]));
        const std::vector<double> found = kernel_on(set);
        REQUIRE(found.size() == base.size());
        const auto [other, expected] = std::ranges::mismatch(found, base, same_number);
        const std::ptrdiff_t place = other - found.begin();
        CAPTURE(place);
        if (other != found.end()) FAIL_CHECK(*other << " is not " << *expected);
    }
}

}  // namespace

TEST_CASE("one step of every scheme of every model has the same bits on all instruction sets") {
    for (const Entry* entry : all_models())
        for (std::size_t method = 0; method < fixed_methods; ++method)
            for (const bool bounded : {false, true}) {
                CAPTURE(std::string(entry->info.name));
                CAPTURE(std::string(method_names[method]));
                CAPTURE(bounded);
                same_bits([&](InstructionSet set) {
                    Nodes those(*entry, bounded);  // the bounded kernels with the options the other way round
                    const std::size_t channels = entry->outputs.size(), variables = entry->state.size();
                    const ColumnStore begin = random_columns(channels, 0, 0.1, 1), middle = random_columns(channels, 0, 0.1, 2),
                                      end = random_columns(channels, 0, 0.1, 3), own = random_columns(channels, -0.1, 0.1, 4),
                                      kick = random_columns(variables, -1e-3, 1e-3, 5), stimulus = random_columns(3, -0.1, 0.1, 6);
                    ColumnStore sent(channels, nodes);
                    const std::vector<double> low(variables, -80.0), high(variables, 60.0);
                    std::vector<double> event(nodes);
                    const StepInputs inputs{.dt = 0.01,
                                            .coupling = {begin.view(), middle.view(), end.view()},
                                            .own = own.view(),
                                            .stimulus = {stimulus[0], stimulus[1], stimulus[2]},
                                            .kick = kick.view(),
                                            .limits = {low.data(), high.data()},
                                            .sent = sent.view(),
                                            .event = event.data()};
                    const auto& kernels = bounded ? entry->kernels.step_bounded : entry->kernels.step;
                    for (int step = 0; step < 20; ++step) kernels[method][set](those.columns(), inputs, 0, nodes);
                    auto numbers = numbers_of(those.state);
                    for (const double value : numbers_of(sent)) numbers.push_back(value);
                    return numbers;
                });
            }
}

TEST_CASE("stages, outputs, derived quantities, events and checks have the same bits on all instruction sets") {
    for (const Entry* entry : all_models())
        same_bits([&](InstructionSet set) {
            Nodes those(*entry);
            const std::size_t channels = entry->outputs.size(), variables = entry->state.size();
            const ColumnStore coupling = random_columns(channels, 0, 0.1, 1), stimulus = random_columns(1, -0.1, 0.1, 6);
            ColumnStore sum(variables, nodes), point = those.state, sent(channels, nodes), observed(entry->observed.size(), nodes);
            const std::vector<double> low(variables + observed.columns(), -1e300), high(variables + observed.columns(), 1e300);
            const StageInputs inputs{.coupling = coupling.view(),
                                     .stimulus = stimulus[0],
                                     .limits = {low.data(), high.data()},
                                     .weight = 2.0,
                                     .along_rate = 0.005,
                                     .along_sum = 0.0,
                                     .sum = sum.view(),
                                     .point = point.view(),
                                     .sent = sent.view()};
            entry->kernels.stage[set](those.columns(), inputs, 0, nodes);
            auto numbers = numbers_of(sum);
            for (const auto* store : {&point, &sent})
                for (const double value : numbers_of(*store)) numbers.push_back(value);
            Uniform uniform(19);
            std::vector<double> side(nodes);
            for (double& each : side) each = uniform(-1.0, 1.0);
            ColumnStore rate(variables, nodes);
            entry->kernels.rate[set](those.columns(), {coupling.view(), stimulus[0], side.data(), rate.view()}, 0, nodes);
            entry->kernels.side[set](those.columns(), side.data(), 0, nodes);
            for (const double value : numbers_of(rate)) numbers.push_back(value);
            numbers.insert(numbers.end(), side.begin(), side.end());
            entry->kernels.send[set](those.columns(), sent.view(), 0, nodes);
            entry->kernels.observe[set](those.columns(), observed.view(), 0, nodes);
            for (const auto* store : {&observed, &sent})
                for (const double value : numbers_of(*store)) numbers.push_back(value);
            std::vector<double> event(nodes);
            entry->kernels.event[set](those.columns(), event.data(), 0, nodes);
            numbers.insert(numbers.end(), event.begin(), event.end());
            numbers.push_back(entry->kernels.check[set](those.columns(), {low.data(), high.data()}, 0, nodes));
            CHECK(numbers.back() == 1.0);
            return numbers;
        });
}

TEST_CASE("what a kernel computes is what the model's plain functions say") {
    for (const Entry* entry : all_models()) {
        Nodes those(*entry);
        const ColumnStore before = those.state;
        const std::size_t channels = entry->outputs.size();
        const ColumnStore coupling = random_columns(channels, 0, 0.1, 1), stimulus = random_columns(1, -0.1, 0.1, 6);
        const ColumnStore none(std::max(channels, entry->state.size()), nodes);
        ColumnStore sent(channels, nodes);
        std::vector<double> event(nodes);
        const StepInputs inputs{.dt = 0.001,
                                .coupling = {coupling.view(), coupling.view(), coupling.view()},
                                .own = none.view(),
                                .stimulus = {stimulus[0], stimulus[0], stimulus[0]},
                                .kick = none.view(),
                                .limits = {},
                                .sent = sent.view(),
                                .event = event.data()};
        entry->kernels.step[0][instruction_set()](those.columns(), inputs, 0, nodes);
        for (std::size_t node = 0; node < nodes; ++node) {
            std::vector<double> x, p, input;
            for (std::size_t k = 0; k < before.columns(); ++k) x.push_back(before[k][node]);
            for (std::size_t k = 0; k < those.parameters.columns(); ++k) p.push_back(those.parameters[k][node]);
            for (std::size_t c = 0; c < channels; ++c) input.push_back(coupling[c][node]);
            input.push_back(stimulus[0][node]);
            const auto rate = entry->derivative(x, p, input, those.options);
            for (std::size_t k = 0; k < x.size(); ++k) CHECK(same_number(those.state[k][node], std::fma(0.001, rate[k], x[k])));
        }
    }
}
