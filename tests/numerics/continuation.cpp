// A run goes on where it stopped as if it had not stopped, in memory that does not grow.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/delayed_input.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>
#include <support/same_matrix.hpp>

using namespace kation;

namespace {

SimulatorSettings settings_for(Method method, double speed) {
    SimulatorSettings settings;
    settings.integrator = Integrator::of(method, 0.02);
    if (method != Method::adaptive) settings.integrator.bounds = Bounds::clip;
    settings.coupling = Coupling::linear(0.05);
    settings.speed = speed;
    Stimulus train;
    train.regions = {2, 5};
    train.waveform = Stimulus::Waveform::pulse_train;
    train.onset = 0.1;
    train.period = 0.6;
    train.width = 0.14;
    settings.stimuli = {train};
    settings.monitors = {MonitorSettings::raw({"r"}), MonitorSettings::subsample(0.14), MonitorSettings::average(0.22, {"r", "Z"})};
    if (method == Method::euler || method == Method::heun) {
        settings.noise.variables = {{"r", 1e-5, std::nullopt}, {"v", 1e-2, 3.0}};
        settings.noise.stimulus = StimulusNoise{2.0, 0.1};
    }
    return settings;
}

Network network_for(double longest) {
    Network network(random_connectome({.regions = 13, .longest = longest}), model("montbrio_pazo_roxin"));
    scatter_starts(network, 0.3);
    return network;
}

/// Every series of a recording put behind the same one of another.
std::vector<arma::mat> joined(const std::vector<Recording>& parts, std::size_t monitor) {
    std::vector<arma::mat> values = parts.front().series(monitor).values;
    values.push_back(arma::mat(parts.front().series(monitor).time));
    for (std::size_t k = 1; k < parts.size(); ++k) {
        const Series& next = parts[k].series(monitor);
        for (std::size_t v = 0; v < next.values.size(); ++v) values[v] = arma::join_cols(values[v], next.values[v]);
        values.back() = arma::join_cols(values.back(), arma::mat(next.time));
    }
    return values;
}

void same_in_pieces(const Network& network, const SimulatorSettings& settings, const std::vector<std::int64_t>& pieces) {
    std::int64_t total = 0;
    Simulator in_pieces(network, settings);
    std::vector<Recording> parts;
    for (const std::int64_t piece : pieces) {
        parts.push_back(in_pieces.run(static_cast<double>(piece) * settings.integrator.dt));
        total += piece;
        CHECK(in_pieces.step() == total);
    }
    Simulator at_once(network, settings);
    const std::vector<Recording> whole{at_once.run(static_cast<double>(total) * settings.integrator.dt)};
    CHECK(states_of(in_pieces) == states_of(at_once));
    CHECK(in_pieces.recruitment().events == at_once.recruitment().events);
    CHECK(in_pieces.recruitment().bursts == at_once.recruitment().bursts);
    for (std::size_t monitor = 0; monitor < settings.monitors.size(); ++monitor) {
        const auto a = joined(parts, monitor), b = joined(whole, monitor);
        REQUIRE(a.size() == b.size());
        for (std::size_t v = 0; v < a.size(); ++v) CHECK(same_matrix(a[v], b[v]));
    }
}

}  // namespace

TEST_CASE("a run of T equals runs whose lengths add up to T, to the last bit") {
    for (const Method method : {Method::euler, Method::heun, Method::rk4, Method::adaptive})
        for (const double speed : {inf, 60.0, 4.0}) {  // no delays, shorter than a block, most of them longer
            CAPTURE(speed);
            const Network network = network_for(30.0);
            const SimulatorSettings settings = settings_for(method, speed);
            same_in_pieces(network, settings, {200, 200});
            same_in_pieces(network, settings, {1, 32, 33, 31, 0, 2, 97, 204});
            same_in_pieces(network, settings, {65, 7, 7, 7, 7, 7, 300});
        }
}

TEST_CASE("a run that a watcher stops goes on with the same numbers") {
    const Network network = network_for(30.0);
    const SimulatorSettings settings = settings_for(Method::heun, 4.0);
    Simulator stopped(network, settings), at_once(network, settings);
    Recording recording;
    int calls = 0;
    double last = 0;
    const RunWatcher watcher{[&](double now) { last = now; }, [&] { return ++calls == 2; }};
    CHECK_FALSE(stopped.run(20.0, recording, watcher));
    CHECK(stopped.step() == 2 * static_cast<std::int64_t>(block_steps));
    CHECK(last == stopped.time());
    CHECK(stopped.run(20.0 - stopped.time(), recording));
    CHECK(recording.series(0).time.size() == 1001);
    at_once.run(20.0);
    CHECK(states_of(stopped) == states_of(at_once));
}

TEST_CASE("memory is that of the longest delay, not of the duration") {
    SimulatorSettings settings = settings_for(Method::heun, 4.0);
    settings.monitors = {MonitorSettings::subsample(0.1)};
    Simulator simulator(network_for(30.0), settings);
    const std::size_t before = simulator.memory_bytes();
    simulator.run(50.0);
    CHECK(simulator.memory_bytes() == before);

    const auto memory_at = [&](double longest) { return Simulator(network_for(longest), settings).memory_bytes(); };
    CHECK(memory_at(3000.0) > 10 * memory_at(100.0));
    CHECK(memory_at(3000.0) < 200 * memory_at(30.0));
}

TEST_CASE("durations count whole steps: none is lost to int(duration/dt)") {
    // 0.3/0.1 is 2.9999999999999996 and 4.35/0.05 is 86.99999999999999.
    for (const auto& [duration, dt, steps] :
         {std::tuple{0.3, 0.1, 3}, {4.35, 0.05, 87}, {1.1, 0.1, 11}, {60.0, 0.02, 3000}, {100.1, 0.7, 143}}) {
        Simulator simulator(Network(unconnected(1), relay()), instant(Integrator::euler(dt)));
        simulator.run(duration);
        CHECK(simulator.step() == steps);
    }
    Simulator simulator(Network(unconnected(1), relay()), instant(Integrator::euler(0.1)));
    CHECK_REFUSED(ConfigurationError, "duration = 0.35 ms is not a whole number of steps of dt = 0.1 ms; the nearest are 0.3 and 0.4 ms",
                  simulator.run(0.35));
    CHECK_REFUSED(ConfigurationError, "duration = -1 ms is below 0", simulator.run(-1.0));
    CHECK(simulator.step() == 0);
}
