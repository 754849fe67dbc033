// The delayed sums alone, without any model: what a connection costs per step.
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>
#include <kation/simulator/input_rows.hpp>

#include <fmt/format.h>

using namespace kation;

namespace {

void sums(benchmark::State& state, std::size_t regions, double speed, double dt) {
    const Network network(connectome(regions), model("ion_exchange"));
    SimulatorSettings settings;
    settings.speed = speed;
    settings.integrator = Integrator::heun(dt);
    const Blocks blocks(network);
    const Tracts tracts(network, delays_of(network.connectivity(), settings), blocks, settings.coupling);
    InputRows rows(tracts, blocks, settings.coupling, settings.integrator.method, {true});
    rows.prime([](std::size_t, std::int64_t, double* sent) { *sent = 0.5; }, true);
    const Part all{0, blocks.slots(), {}};
    constexpr auto block = static_cast<std::int64_t>(block_steps);
    std::int64_t first = 0;
    for (auto _ : state) {
        rows.sum_far(all, first);
        for (std::int64_t step = first; step < first + block; ++step) {
            rows.add_near(all, step);
            benchmark::DoNotOptimize(rows.at_step(all, step));
            std::fill_n(rows.sent(step + 1)[0], blocks.slots(), 0.5);
        }
        rows.remember(all, first + 1, first + block);
        first += block;
    }
    state.counters["ns_per_edge_step"] = ns_per(static_cast<double>(tracts.count() * block_steps));
    state.counters["ns_per_node_step"] = ns_per(static_cast<double>(regions * block_steps));
    state.counters["edges"] = static_cast<double>(tracts.count());
    state.counters["KB"] = static_cast<double>(rows.bytes()) / 1024;
}

const bool registered = [] {
    for (const std::size_t regions : {76UL, 200UL, 998UL})
        for (const auto& [speed, dt] : {std::pair{4.0, 0.1}, std::pair{4.0, 0.02}, std::pair{inf, 0.1}})
            benchmark::RegisterBenchmark(fmt::format("coupling/N:{}/speed:{}/dt:{}", regions, speed, dt).c_str(),
                                         [regions, speed = speed, dt = dt](benchmark::State& state) { sums(state, regions, speed, dt); });
    return true;
}();

}  // namespace
