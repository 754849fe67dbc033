// What is sent arrives exactly its delay later: relays hand on whole numbers, so that nothing is rounded.
#include <kation/connectome/builtin.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>
#include <support/same_matrix.hpp>

#include <cmath>

using namespace kation;

namespace {

/// y of all relays at every step: [step][region], step 0 being the start.
arma::mat relayed(Network network, SimulatorSettings settings, std::int64_t steps) {
    settings.monitors = {MonitorSettings::raw({"y"})};
    Simulator simulator(std::move(network), settings);
    return simulator.run(static_cast<double>(steps) * settings.integrator.dt).series()["y"];
}

/// The same by the definition: y_i(n + 1) = G sum_j w_ij y_j(n - delay_ij), with what was sent at the steps <= 0 given.
template <class Past>
arma::mat relayed_by_definition(const Connectivity& connectome, const StepMatrix& delays, double G, const Past& past, std::int64_t steps) {
    const std::size_t regions = connectome.regions();
    arma::mat y(static_cast<arma::uword>(steps + 1), regions);
    const auto sent = [&](std::size_t region, std::int64_t step) {
        return step <= 0 ? past(region, step) : y(static_cast<arma::uword>(step), region);
    };
    for (std::size_t region = 0; region < regions; ++region) y(0, region) = past(region, std::int64_t{0});
    for (std::int64_t step = 0; step < steps; ++step)
        for (std::size_t to = 0; to < regions; ++to) {
            double sum = 0;
            for (std::size_t from = 0; from < regions; ++from)
                if (connectome.weight(to, from) != 0.0) sum += connectome.weight(to, from) * sent(from, step - delays(to, from));
            y(static_cast<arma::uword>(step + 1), to) = G * sum;
        }
    return y;
}

/// Weights of 1 on a sparse pattern, so that sums of whole numbers stay exact.
Connectivity whole_numbers(const Connectivity& pattern) {
    return connectome(arma::conv_to<arma::mat>::from(pattern.weights() != 0.0), pattern.tract_lengths());
}

double whole_start(std::size_t region) { return static_cast<double>(region % 3) - 1.0; }

Network relays_with_starts(const Connectivity& brain, double dt) {
    Network network = relays(brain, dt);
    for (std::size_t region = 0; region < brain.regions(); ++region) network.set_initial(region, "y", whole_start(region));
    return network;
}

}  // namespace

TEST_CASE("an impulse goes round ring_3 in exactly its delays") {
    // A -> B 5 steps with weight 0.5, B -> C 10 steps with weight 1, C -> A 20 steps with weight 0.25; each relay takes one step itself.
    const Connectivity ring = builtin_connectome("ring_3");
    SimulatorSettings settings;
    settings.integrator = Integrator::euler(0.5);
    settings.coupling = Coupling::linear(1.0);
    settings.speed = 4.0;
    Stimulus impulse;
    impulse.regions = {0};
    impulse.amplitude = 64.0;
    impulse.duration = 0.5;
    settings.stimuli = {impulse};
    const arma::mat y = relayed(relays(ring, 0.5), settings, 120);
    double strength = 64.0;
    arma::mat expected(121, 3, arma::fill::zeros);
    for (arma::uword step = 1, node = 0; step <= 120;) {
        expected(step, node) = strength;
        const arma::uword delay[] = {5, 10, 20};
        const double weight[] = {0.5, 1.0, 0.25};
        step += delay[node] + 1;
        strength *= weight[node];
        node = (node + 1) % 3;
    }
    CHECK(arma::all(arma::vectorise(y == expected)));
}

TEST_CASE("delays of all sizes are exact: none, one, shorter than a block, a block and longer") {
    for (const double longest : {3.0, 30.0, 34.0, 60.0, 300.0}) {
        CAPTURE(longest);
        const Connectivity brain =
            whole_numbers(random_connectome({.regions = 43, .density = 0.03, .longest = longest, .self_connections = true}));
        SimulatorSettings settings;
        settings.integrator = Integrator::euler(1.0);
        settings.speed = 1.0;
        const arma::mat found = relayed(relays_with_starts(brain, 1.0), settings, 150);
        settings.coupling.order = Coupling::Order::source;
        CHECK(same_matrix(relayed(relays_with_starts(brain, 1.0), settings, 150), found));  // whole numbers have no rounding
        const arma::mat exact = relayed_by_definition(
            brain, brain.delays(1.0, 1.0), 1.0, [](std::size_t region, std::int64_t) { return whole_start(region); }, 150);
        REQUIRE(arma::abs(exact).max() < 0x1p52);
        REQUIRE(arma::abs(exact.tail_rows(20)).max() > 0);
        CHECK(arma::all(arma::vectorise(found == exact)));
    }
}

TEST_CASE("every single delay is exact") {
    for (std::int64_t delay = 0; delay <= 100; ++delay) {
        arma::mat weights(2, 2, arma::fill::zeros), lengths(2, 2, arma::fill::zeros);
        weights(1, 0) = 1.0;
        lengths(1, 0) = static_cast<double>(delay);
        SimulatorSettings settings;
        settings.integrator = Integrator::heun(1.0);
        settings.speed = 1.0;
        Stimulus impulse;
        impulse.regions = {0};
        impulse.amplitude = 8.0;
        impulse.duration = 1.0;
        settings.stimuli = {impulse};
        const arma::mat y = relayed(relays(connectome(weights, lengths), 1.0), settings, 110);
        // Heun's relay: y' = 0.5 input, and half of it is forgotten in each step; it begins one step later all the same.
        const auto arrival = static_cast<arma::uword>(arma::as_scalar(arma::find(y.col(1) != 0.0, 1)));
        CAPTURE(delay);
        CHECK(arrival == static_cast<arma::uword>(delay) + 2);
        CHECK(y(arrival, 1) == 2.0);
    }
}

TEST_CASE("a history of floats rounds what was sent in the past, whether long ago or just now, and nothing else") {
    for (const double length : {0.0, 1.0, 7.0, 15.0, 16.0, 40.0})
        for (const auto order : {Coupling::Order::target, Coupling::Order::source}) {
            CAPTURE(length);
            arma::mat weights(2, 2, arma::fill::zeros), lengths(2, 2, arma::fill::zeros);
            weights(1, 0) = 1.0;
            lengths(1, 0) = length;
            SimulatorSettings settings;
            settings.integrator = Integrator::euler(1.0);
            settings.speed = 1.0;
            settings.coupling.history = Coupling::History::float32;
            settings.coupling.order = order;
            Network network = relays(connectome(weights, lengths), 1.0);
            network.set_initial(0, "y", 0.1);
            const arma::mat y = relayed(network, settings, 60);
            CHECK(y(0, 0) == 0.1);
            CHECK(y(1, 1) == (length == 0.0 ? 0.1 : static_cast<double>(0.1F)));
        }
}

TEST_CASE("a given past is heard as it was") {
    const Connectivity brain = whole_numbers(random_connectome({.regions = 9, .density = 0.2, .longest = 70, .self_connections = true}));
    const auto past = [](std::size_t region, std::int64_t step) {
        return step == 0 ? whole_start(region) : static_cast<double>(static_cast<std::int64_t>(region) - step % 5);
    };
    SimulatorSettings settings;
    settings.integrator = Integrator::euler(0.25);
    settings.speed = 4.0;
    settings.past = [&](std::size_t region, double time) { return std::vector<double>{past(region, std::lround(time / 0.25))}; };
    const arma::mat found = relayed(relays_with_starts(brain, 0.25), settings, 120);
    const arma::mat exact = relayed_by_definition(brain, brain.delays(4.0, 0.25), 1.0, past, 120);
    CHECK(arma::all(arma::vectorise(found == exact)));
}

TEST_CASE("one delay for all connections is the same for all, and none for self-connections") {
    const Connectivity brain = whole_numbers(random_connectome({.regions = 7, .density = 0.3, .self_connections = true}));
    SimulatorSettings settings;
    settings.integrator = Integrator::euler(0.5);
    settings.delay = 20.0;
    const StepMatrix delays = delays_of(brain, settings);
    for (std::size_t to = 0; to < 7; ++to)
        for (std::size_t from = 0; from < 7; ++from) CHECK(delays(to, from) == (to == from ? 0 : 40));
    const arma::mat found = relayed(relays_with_starts(brain, 0.5), settings, 100);
    const arma::mat exact = relayed_by_definition(
        brain, delays, 1.0, [](std::size_t region, std::int64_t) { return whole_start(region); }, 100);
    CHECK(arma::all(arma::vectorise(found == exact)));
}

TEST_CASE("impossible speeds and delays are refused") {
    const Network network = relays(unconnected(2), 1.0);
    SimulatorSettings settings;
    settings.speed = -1.0;
    CHECK_REFUSED(ConfigurationError, "speed = -1 mm/ms is not above 0", Simulator(network, settings));
    settings.speed = std::nan("");
    CHECK_REFUSED(ConfigurationError, "speed = nan mm/ms", Simulator(network, settings));
    settings.delay = -5.0;
    CHECK_REFUSED(ConfigurationError, "delay = -5 ms is below 0", Simulator(network, settings));
    settings = {};
    settings.integrator.dt = 0.0;
    CHECK_REFUSED(ConfigurationError, "dt = 0 ms is not above 0", Simulator(network, settings));
    settings = {};
    settings.coupling.G = std::numeric_limits<double>::infinity();
    CHECK_REFUSED(ConfigurationError, "G = inf is not a finite number", Simulator(network, settings));
}
