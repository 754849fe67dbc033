// Results do not depend on the number of threads, to the last bit.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/parts_order.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/simulator/tracts.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>

#include <array>
#include <numeric>

using namespace kation;

namespace {

/// All that a run gives: states, records and what was recruited.
struct Outcome {
    std::vector<double> states;
    std::vector<arma::mat> records;
    std::vector<std::int64_t> events;
    std::vector<double> first_event;

    bool operator==(const Outcome& other) const {
        const auto same = [](double a, double b) { return a == b || (a != a && b != b); };
        if (records.size() != other.records.size()) return false;
        for (std::size_t k = 0; k < records.size(); ++k)
            if (records[k].n_rows != other.records[k].n_rows || !std::ranges::equal(records[k], other.records[k], same)) return false;
        return states == other.states && events == other.events && std::ranges::equal(first_event, other.first_event, same);
    }
};

Outcome run_with(const Network& network, SimulatorSettings settings, int threads, double duration) {
    settings.threads = threads;
    settings.monitors = {MonitorSettings::subsample(5 * settings.integrator.dt), MonitorSettings::average(4 * settings.integrator.dt)};
    Simulator simulator(network, settings);
    CHECK(simulator.threads() == threads);
    const Recording recording = simulator.run(duration);
    Outcome outcome{states_of(simulator), recording.series(0).values, simulator.recruitment().events,
                    simulator.recruitment().first_event_ms};
    for (const auto& values : recording.series(1).values) outcome.records.push_back(values);
    return outcome;
}

/// Two models, so that parts begin and end inside and between groups.
Network mixed_network(const Connectivity& brain) {
    Network network(brain, model("montbrio_pazo_roxin"));
    for (std::size_t region = 0; region < network.regions(); region += 3)
        network.set_model(region, RegionModel(model("ion_exchange"), "rest"));
    scatter_starts(network, 0.02);
    return network;
}

void same_for_any_threads(const Network& network, const SimulatorSettings& settings, std::int64_t steps) {
    const double duration = static_cast<double>(steps) * settings.integrator.dt;
    const Outcome one = run_with(network, settings, 1, duration);
    for (const int threads : {2, 3}) {
        CAPTURE(threads);
        CHECK(run_with(network, settings, threads, duration) == one);
    }
}

}  // namespace

TEST_CASE("[threads] 76 regions with delays give the same bits for 1, 2 and 3 threads") {
    const Network network = mixed_network(random_connectome({.regions = 76, .density = 0.3, .longest = 150}));
    for (const Method method : {Method::euler, Method::heun, Method::rk4})
        for (const Coupling& coupling :
             {Coupling::linear(0.02), Coupling::difference(0.02), Coupling{.kind = Coupling::Kind::sigmoidal, .G = 0.1},
              Coupling{.G = 0.02, .history = Coupling::History::float32, .order = Coupling::Order::source}}) {
            SimulatorSettings settings;
            settings.integrator = Integrator::of(method, 0.1);
            settings.integrator.bounds = Bounds::clip;
            settings.coupling = coupling;
            same_for_any_threads(network, settings, 150);
        }
}

TEST_CASE("[threads] connections without delay give the same bits for 1, 2 and 3 threads") {
    for (const double density : {0.05, 0.6}) {
        const Network network = mixed_network(random_connectome({.regions = 40, .density = density, .self_connections = true}));
        for (const Method method : {Method::heun, Method::rk4})
            same_for_any_threads(network, instant(Integrator::of(method, 0.02), Coupling::linear(0.01)), 70);
    }
}

TEST_CASE("[threads] delays of one to a few steps between the threads' parts give the same bits") {
    const Network network = mixed_network(random_connectome({.regions = 40, .density = 0.2, .shortest = 0.5, .longest = 6}));
    for (const Method method : {Method::euler, Method::rk4}) {
        SimulatorSettings settings;
        settings.integrator = Integrator::of(method, 0.05);
        settings.coupling = Coupling::linear(0.02);
        settings.speed = 10.0;
        same_for_any_threads(network, settings, 100);
    }
}

TEST_CASE("[threads] far delays, where threads run a whole block ahead of each other, give the same bits") {
    const Network network = mixed_network(random_connectome({.regions = 40, .density = 0.3, .shortest = 40, .longest = 100}));
    for (const Method method : {Method::heun, Method::rk4}) {
        SimulatorSettings settings;
        settings.integrator = Integrator::of(method, 0.05);
        settings.coupling = Coupling::linear(0.02);
        settings.speed = 10.0;
        same_for_any_threads(network, settings, 333);
    }
}

TEST_CASE("[threads] two groups that hear only themselves without delay give the same bits") {
    arma::mat weights(32, 32, arma::fill::zeros);
    weights.submat(0, 0, 15, 15).fill(0.01);
    weights.submat(16, 16, 31, 31).fill(0.02);
    weights(3, 5) = 0.5;
    Network network(connectome(weights), model("montbrio_pazo_roxin"));
    scatter_starts(network, 0.1);
    for (const Method method : {Method::heun, Method::rk4}) same_for_any_threads(network, instant(Integrator::of(method, 0.02)), 100);
}

TEST_CASE("[threads] noise and stimuli are the same for 1, 2 and 3 threads") {
    const Network network = mixed_network(random_connectome({.regions = 40, .density = 0.3, .longest = 60}));
    SimulatorSettings settings;
    settings.integrator = Integrator::heun(0.02);
    settings.integrator.bounds = Bounds::clip;
    settings.coupling = Coupling::linear(0.02);
    settings.noise.variables = {{"r", 1e-6, std::nullopt}, {"v", 1e-3, 5.0}};
    settings.noise.stimulus = StimulusNoise{5.0, 0.01};
    Stimulus pulse;
    pulse.regions = {1, 17, 30};
    pulse.duration = 1.0;
    settings.stimuli = {pulse};
    same_for_any_threads(network, settings, 150);
}

TEST_CASE("[threads] a run inside another parallel region gets one thread and the same bits") {
    const Network network = mixed_network(random_connectome({.regions = 24, .density = 0.3}));
    SimulatorSettings settings;
    settings.integrator = Integrator::rk4(0.02);
    settings.coupling = Coupling::linear(0.02);
    settings.threads = 2;
    std::vector<std::vector<double>> results(2);
#pragma omp parallel for num_threads(2)
    for (std::size_t trial = 0; trial < 2; ++trial) {
        Simulator simulator(network, settings);
        simulator.run(2.0);
        results[trial] = states_of(simulator);
    }
    settings.threads = 1;
    const auto alone = final_states(network, settings, 2.0);
    CHECK(results[0] == alone);
    CHECK(results[1] == alone);
}

TEST_CASE("small networks use one thread, and more threads than vectors of nodes are not started") {
    SimulatorSettings settings;
    CHECK(Simulator(Network(unconnected(6), model("montbrio_pazo_roxin")), settings).threads() == 1);
    settings.threads = 16;
    const Simulator simulator(Network(unconnected(17), model("montbrio_pazo_roxin")), settings);
    CHECK(simulator.threads() == 3);
    CHECK(simulator.reason_for_threads() == "as asked");
}

TEST_CASE("[threads] regions with short connections come into one part, so that threads wait for each other less often") {
    // Pairs of regions 2 steps apart, far from each other's number; everything else is 40 steps away.
    constexpr std::size_t regions = 37;
    arma::mat weights(regions, regions, arma::fill::ones), lengths(regions, regions);
    lengths.fill(40.0);
    weights.diag().zeros();
    for (std::size_t a = 0; a < 12; ++a) lengths(a, 30 - a) = lengths(30 - a, a) = 2.0;
    SimulatorSettings settings;
    settings.speed = 1.0;
    settings.integrator.dt = 1.0;
    const Connectivity brain = connectome(weights, lengths);
    const StepMatrix delays = delays_of(brain, settings);
    for (const std::size_t parts : {2UL, 3UL}) {
        CAPTURE(parts);
        const auto order = order_for_parts(brain, delays, parts);
        auto sorted = order;
        std::ranges::sort(sorted);
        std::vector<std::size_t> all(regions);
        std::iota(all.begin(), all.end(), std::size_t{0});
        CHECK(sorted == all);
        const Network network(brain, model("montbrio_pazo_roxin"));
        const auto shortest_between_parts = [&](const Blocks& blocks) {
            return Tracts(network, delays, blocks, settings.coupling)
                .shortest_between(partition(blocks, std::vector<double>(blocks.slots(), 1.0), parts));
        };
        CHECK(shortest_between_parts(Blocks(network)) == 2);
        CHECK(shortest_between_parts(Blocks(std::array{&network}, order)) == 40);
    }
    CHECK(order_for_parts(brain, delays, 1).empty());
}
