// Whole simulations: what a step of a network costs, with everything that a run does.
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>

#include <fmt/format.h>

using namespace kation;

namespace {

/// A network at rest, so that the cost does not depend on what the regions do.
struct Case {
    std::string_view model, preset;
    Method method;
    std::size_t regions;
    double speed, dt;
    int threads = 1;
    std::vector<std::string_view> noisy{};  ///< variables with white noise

    [[nodiscard]] std::string name() const {
        return fmt::format("{}/{}/{}/N:{}/speed:{}/dt:{}/threads:{}", noisy.empty() ? "step" : fmt::format("noise_on_{}", noisy.size()),
                           model, method_names[static_cast<std::size_t>(method)], regions, speed, dt, threads);
    }
};

void steps(benchmark::State& state, const Case& wanted) {
    SimulatorSettings settings;
    settings.coupling = Coupling::linear(0.001);
    settings.speed = wanted.speed;
    settings.integrator = Integrator::of(wanted.method, wanted.dt);
    settings.threads = wanted.threads;
    settings.integrator.bounds = wanted.noisy.empty() ? Bounds::error : Bounds::clip;
    for (const std::string_view variable : wanted.noisy) settings.noise.variables.push_back({std::string(variable), 1e-12, std::nullopt});
    Simulator simulator(Network(connectome(wanted.regions), model(wanted.model), wanted.preset), settings);
    NoSink sink;
    constexpr int steps = 320;
    simulator.run(steps * wanted.dt, sink);
    for (auto _ : state) simulator.run(steps * wanted.dt, sink);
    const double node_steps = static_cast<double>(wanted.regions) * steps;
    state.counters["ns_per_node_step"] = ns_per(node_steps);
    state.counters["threads"] = simulator.threads();
}

const bool registered = [] {
    std::vector<Case> cases;
    for (const auto& [model, preset] : {std::pair{"ion_exchange", "rest"}, std::pair{"montbrio_pazo_roxin", "bistable"}}) {
        for (const double speed : {4.0, inf})
            for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
                // The first is the number that Kation promises: see README.md.
                const double dt = method == Method::heun ? 0.1 : 0.02;
                if (speed == inf) cases.push_back({model, preset, method, 6, speed, dt});
                for (const std::size_t regions : {76UL, 200UL, 998UL}) cases.push_back({model, preset, method, regions, speed, dt});
            }
        cases.push_back({model, preset, Method::heun, 5000, 4.0, 0.1});
        for (const std::size_t regions : {76UL, 998UL}) cases.push_back({model, preset, Method::heun, regions, 4.0, 0.1, 2});
    }
    for (const std::vector<std::string_view>& noisy : {std::vector<std::string_view>{"v"}, {"r", "v"}})
        for (const std::size_t regions : {76UL, 998UL})
            cases.push_back({"montbrio_pazo_roxin", "bistable", Method::heun, regions, 4.0, 0.1, 1, noisy});
    for (const Case& each : cases) {
        auto* made = benchmark::RegisterBenchmark(each.name().c_str(), [each](benchmark::State& state) { steps(state, each); });
        if (each.threads > 1) made->UseRealTime()->MeasureProcessCPUTime();
    }
    return true;
}();

}  // namespace
