// What surrounds the steps: building a simulation, watching for recruitment, recording, and the memory that a run takes.
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>
#include <kation/simulator/delayed_input.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

using namespace kation;

namespace {

Network at_rest(std::size_t regions) { return {connectome(regions), model("ion_exchange"), "rest"}; }

SimulatorSettings delayed() {
    SimulatorSettings settings;
    settings.coupling = Coupling::linear(0.001);
    settings.speed = 4.0;
    settings.integrator = Integrator::heun(0.1);
    settings.threads = 1;
    return settings;
}

void start(benchmark::State& state, std::size_t regions) {
    const Network network = at_rest(regions);
    for (auto _ : state) benchmark::DoNotOptimize(Simulator(network, delayed()));
}

void watch(benchmark::State& state) {
    const Network network = at_rest(76);
    const Blocks blocks(network);
    const Part all = partition(blocks, std::vector<double>(blocks.slots(), 1.0), 1).front();
    RecruitmentObserver observer(RecruitmentSettings{}, blocks, block_steps);
    for (auto _ : state) observer.watch(all, 1, block_steps, 0.1);
    state.counters["ns_per_node_step"] = ns_per(76.0 * block_steps);
}

void record(benchmark::State& state, const std::vector<MonitorSettings>& monitors) {
    SimulatorSettings settings = delayed();
    settings.monitors = monitors;
    Simulator simulator(at_rest(76), settings);
    NoSink sink;
    constexpr int steps = 3200;
    for (auto _ : state) simulator.run(steps * settings.integrator.dt, sink);
    state.counters["ns_per_node_step"] = ns_per(76.0 * steps);
}

/// [KB], of this process so far.
double peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss);
}

void memory(benchmark::State& state, double duration) {
    for (auto _ : state) {
        Simulator simulator(at_rest(76), delayed());
        NoSink sink;
        simulator.run(10.0, sink);
        const double before = peak_memory();
        simulator.run(duration, sink);
        state.counters["history_KB"] = static_cast<double>(simulator.memory_bytes()) / 1024;
        state.counters["growth_KB"] = peak_memory() - before;
    }
}

const bool registered = [] {
    for (const std::size_t regions : {6UL, 76UL, 998UL})
        benchmark::RegisterBenchmark(fmt::format("start/N:{}", regions).c_str(), [=](benchmark::State& state) {
            start(state, regions);
        })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("recruitment/N:76", watch);
    const std::pair<const char*, std::vector<MonitorSettings>> recordings[] = {
        {"nothing", {}},
        {"raw", {MonitorSettings::raw()}},
        {"raw_K_ext", {MonitorSettings::raw({"K_ext"})}},
        {"subsample_1ms", {MonitorSettings::subsample(1.0)}},
        {"average_1ms", {MonitorSettings::average(1.0)}},
    };
    for (const auto& [name, monitors] : recordings)
        benchmark::RegisterBenchmark(fmt::format("record/{}", name).c_str(),
                                     [monitors = monitors](benchmark::State& state) { record(state, monitors); });
    for (const double duration : {1000.0, 10000.0})
        benchmark::RegisterBenchmark(fmt::format("memory/simulated_ms:{}", duration).c_str(),
                                     [=](benchmark::State& state) { memory(state, duration); })
            ->Iterations(1)
            ->Repetitions(1)
            ->Unit(benchmark::kMillisecond);
    return true;
}();

}  // namespace
