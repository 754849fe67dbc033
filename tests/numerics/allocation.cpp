// The time loop takes no memory: a run asks for as much of it as one ten times as long.
#ifndef KATION_PLAIN_LOOPS  // builds with sanitizers bring allocation functions of their own
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>

using namespace kation;

namespace {

std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    const std::size_t whole = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
    if (void* memory = std::aligned_alloc(alignment, whole)) return memory;
    throw std::bad_alloc();
}

/// Takes samples and keeps none.
class Nowhere : public Sink {
  public:
    void begin(std::span<const std::string>, std::span<const std::vector<RecordedVariable>>, std::size_t) override {}
    void write(const Chunk& chunk) override { rows += chunk.times.size(); }
    std::size_t rows = 0;
};

std::size_t allocations_of_run(Simulator& simulator, std::int64_t steps) {
    Nowhere sink;
    const std::size_t before = allocations;
    simulator.run(static_cast<double>(steps) * simulator.settings().integrator.dt, sink);
    return allocations - before;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

TEST_CASE("no step allocates memory: delays or none, noise, stimuli, monitors, one thread and two") {
    for (const Method method : {Method::euler, Method::heun, Method::rk4})
        for (const double speed : {4.0, inf})
            for (const int threads : {1, 2}) {
                CAPTURE(std::string(method_names[static_cast<std::size_t>(method)]));
                CAPTURE(speed);
                CAPTURE(threads);
                Network network(random_connectome({.regions = 40, .self_connections = true}), model("montbrio_pazo_roxin"));
                SimulatorSettings settings;
                settings.integrator = Integrator::of(method, 0.02);
                settings.coupling = Coupling::linear(0.02);
                settings.speed = speed;
                settings.threads = threads;
                if (method != Method::rk4) settings.noise.variables = {{"r", 1e-6, std::nullopt}, {"v", 1e-4, 5.0}};
                Stimulus sine;
                sine.waveform = Stimulus::Waveform::sine;
                sine.frequency = 0.1;
                sine.regions = {1, 2};
                settings.stimuli = {sine};
                settings.monitors = {MonitorSettings::subsample(0.1), MonitorSettings::average(0.2)};
                Simulator simulator(network, settings);
                allocations_of_run(simulator, 32000);  // buffers of monitors grow to their size
                const std::size_t once = allocations_of_run(simulator, 3200);
                CHECK(allocations_of_run(simulator, 32000) == once);
            }
}
#endif
