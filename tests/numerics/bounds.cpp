// States outside their ranges: an error that says where, or a clip that keeps them inside.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/delayed_input.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>

#include <fmt/format.h>

using namespace kation;

namespace {

/// Nodes whose rate Euler and Heun drive below 0 at large steps.
Network restless(std::size_t regions) {
    Network network(random_connectome({.regions = regions}), model("montbrio_pazo_roxin"));
    network.set_parameter("eta", 10.0);
    scatter_starts(network, 0.3);
    return network;
}

SimulatorSettings settings_of(Method method, double dt, Bounds bounds, std::vector<Limit> limits = {}) {
    SimulatorSettings settings;
    settings.integrator = Integrator::of(method, dt);
    settings.integrator.bounds = bounds;
    settings.integrator.limits = std::move(limits);
    settings.coupling = Coupling::linear(0.05);
    return settings;
}

}  // namespace

TEST_CASE("clipped states stay within the model's valid range, or within the given limits") {
    for (const Method method : {Method::euler, Method::heun, Method::rk4})
        for (const double speed : {3.0, inf}) {
            SimulatorSettings settings = settings_of(method, 0.25, Bounds::clip, {{"v", -4.0, 3.0}});
            settings.speed = speed;
            settings.monitors = {MonitorSettings::raw()};
            const Recording recording = Simulator(restless(9), settings).run(50.0);
            CHECK(recording.series()["r"].min() >= 0.0);
            if (method != Method::rk4) CHECK(recording.series()["r"].min() == 0.0);  // it would be below
            CHECK(recording.series()["v"].min() == -4.0);
            CHECK(recording.series()["v"].max() == 3.0);
        }
}

TEST_CASE("limits stand in for the valid range of their variable only") {
    SimulatorSettings settings = settings_of(Method::heun, 0.25, Bounds::clip, {{"r", 0.25, 0.5}, {"v", -50.0, 50.0}});
    settings.monitors = {MonitorSettings::raw()};
    const Recording recording = Simulator(restless(9), settings).run(50.0);
    const arma::mat r = recording.series()["r"].tail_rows(200);
    CHECK(r.min() >= 0.25);
    CHECK(r.max() == 0.5);
}

TEST_CASE("the error names model, variable, value, region, time, range and dt, and what was recorded before is kept") {
    ConnectomeParts parts;
    parts.weights.zeros(2, 2);
    parts.labels = {"good", "bad"};
    Network network(Connectivity(parts), model("montbrio_pazo_roxin"));
    network.set_parameter(1, "eta", 10.0);
    SimulatorSettings settings = settings_of(Method::euler, 0.25, Bounds::error);
    settings.monitors = {MonitorSettings::raw()};
    Simulator simulator(network, settings);
    Recording recording;
    try {
        simulator.run(1000.0, recording);
        FAIL("the run went on");
    } catch (const InvalidState& error) {
        const std::string message = error.what();
        MESSAGE(message);
        CHECK(message.starts_with("montbrio_pazo_roxin: "));
        CHECK(message.find(" in region bad at t = ") != message.npos);
        CHECK(message.find("With euler at dt = 0.25 ms the step is probably too large: try dt = 0.0625") != message.npos);
        CHECK(error.code() == ExitCode::invalid_state);
    }
    REQUIRE(!recording.series().time.empty());
    CHECK(recording.series()["r"].min() >= 0.0);
    CHECK(recording.series()["r"].is_finite());
    CHECK_REFUSED(InvalidState, "cannot go on", simulator.run(1.0));
}

TEST_CASE("the error tells the last good value and its time, also where runs end within a block") {
    // y' = y under Euler with dt 1 doubles in each step: infinite at step 1024.
    Network network(unconnected(1), relay());
    network.set_parameter("leak", -1.0);
    network.set_initial(0, "y", 1.0);
    Simulator simulator(network, instant(Integrator::euler(1.0)));
    simulator.run(1000.0);
    simulator.run(23.0);
    const std::string message = fmt::format(
        "relay: y = nan 1/ms in region region_0 at t = {} ms is no finite number; it was 8.98847e+307 at t = 1023 ms", 1023 + block_steps);
    CHECK_REFUSED(InvalidState, message.c_str(), simulator.run(100.0));
}

TEST_CASE("a derived quantity outside its range ends the run as well") {
    // Potassium taken from outside the cells faster than the bath brings it.
    Network network(unconnected(1), model("ion_exchange"));
    network.set_parameter("gamma", -20.0);
    Simulator simulator(network, instant(Integrator::rk4(0.02)));
    CHECK_THROWS_AS(simulator.run(2000.0), InvalidState);
}

TEST_CASE("NaN is found in release builds too, whether clipped or not") {
    for (const Bounds bounds : {Bounds::clip, Bounds::error}) {
        Network network(unconnected(1), relay());
        network.set_parameter("leak", -1.0);
        network.set_initial(0, "y", 1.0);
        SimulatorSettings settings = instant(Integrator::euler(1.0));
        settings.integrator.bounds = bounds;
        CHECK_THROWS_AS(Simulator(network, settings).run(3000.0), InvalidState);
    }
}

TEST_CASE("limits that mean nothing are refused") {
    CHECK_REFUSED(ConfigurationError, "integrator.limits: no model of this network has a state variable 'rr'",
                  Simulator(restless(2), settings_of(Method::heun, 0.1, Bounds::clip, {{"rr", 0, 1}})));
    CHECK_REFUSED(ConfigurationError, "r = [1, 0] is empty",
                  Simulator(restless(2), settings_of(Method::heun, 0.1, Bounds::clip, {{"r", 1, 0}})));
    CHECK_REFUSED(ConfigurationError, "limits are for bounds = \"clip\"",
                  Simulator(restless(2), settings_of(Method::heun, 0.1, Bounds::error, {{"r", 0, 1}})));
}
