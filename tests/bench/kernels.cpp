// The loops over nodes alone: what a model and a scheme cost, for each instruction set of this machine.
#include <bench/parts.hpp>
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>

#include <fmt/format.h>

using namespace kation;

namespace {

Network unconnected(const Entry& model) {
    ConnectomeParts parts;
    parts.weights = arma::mat(KernelLoop::nodes, KernelLoop::nodes, arma::fill::zeros);
    return {Connectivity(parts), model};
}

}  // namespace

KernelLoop::KernelLoop(const Entry& model, Method method, InstructionSet set)
    : blocks_(unconnected(model)),
      coupling_(model.outputs.size(), nodes),
      own_(model.outputs.size(), nodes),
      kick_(model.state.size(), nodes),
      stimulus_(1, nodes),
      sent_(model.outputs.size(), nodes),
      inputs_{.dt = 0.01,
              .coupling = {coupling_.view(), coupling_.view(), coupling_.view()},
              .own = own_.view(),
              .stimulus = {stimulus_[0], stimulus_[0], stimulus_[0]},
              .kick = kick_.view(),
              .limits = {nullptr, nullptr},
              .sent = sent_.view(),
              .event = event_.data()},
      kernel_(model.kernels.step[static_cast<std::size_t>(method)][set]) {}

namespace {

void step(benchmark::State& state, const Entry& model, Method method, InstructionSet set) {
    KernelLoop loop(model, method, set);
    for (auto _ : state) {
        loop.step();
        benchmark::ClobberMemory();
    }
    state.counters["ns_per_node_step"] = ns_per(KernelLoop::nodes);
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
