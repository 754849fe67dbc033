// The loops over nodes alone: what a model and a scheme cost, for each instruction set of this machine.
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>
#include <kation/network/blocks.hpp>
#include <kation/support/instruction_set.hpp>

#include <fmt/format.h>

using namespace kation;

namespace {

constexpr std::size_t nodes = 512;

void step(benchmark::State& state, const Entry& model, Method method, InstructionSet set) {
    ConnectomeParts parts;
    parts.weights = arma::mat(nodes, nodes, arma::fill::zeros);
    Blocks blocks(Network(Connectivity(parts), model));
    Group& group = blocks.groups().front();
    const std::size_t channels = model.outputs.size();
    const ColumnStore coupling(channels, nodes), own(channels, nodes), kick(model.state.size(), nodes), stimulus(1, nodes);
    ColumnStore sent(channels, nodes);
    const StepInputs inputs{.dt = 0.01,
                            .coupling = {coupling.view(), coupling.view(), coupling.view()},
                            .own = own.view(),
                            .stimulus = {stimulus[0], stimulus[0], stimulus[0]},
                            .kick = kick.view(),
                            .limits = {nullptr, nullptr},
                            .sent = sent.view()};
    const auto kernel = model.kernels.step[static_cast<std::size_t>(method)][set];
    for (auto _ : state) {
        kernel(group.columns(), inputs, 0, nodes);
        benchmark::ClobberMemory();
    }
    state.counters["ns_per_node_step"] = ns_per(nodes);
}

const bool registered = [] {
    const Catalogue catalogue;
    for (const Entry* model : catalogue.entries())
        for (const Method method : {Method::euler, Method::heun, Method::rk4})
            for (const auto set : {InstructionSet::base, InstructionSet::x86_64_v3, InstructionSet::x86_64_v4})
                if (has(set))
                    benchmark::RegisterBenchmark(
                        fmt::format("kernel/{}/{}/{}", model->info.name, method_names[static_cast<std::size_t>(method)],
                                    instruction_set_names[static_cast<std::size_t>(set)])
                            .c_str(),
                        [=](benchmark::State& state) { step(state, *model, method, set); });
    return true;
}();

}  // namespace
