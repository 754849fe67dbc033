// What networks do follows from their weights: against naive sums, isolated nodes, and renumbered regions.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/gains.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>

#include <cmath>
#include <functional>
#include <numeric>

using namespace kation;

namespace {

constexpr Method methods[] = {Method::euler, Method::heun, Method::rk4};

SimulatorSettings with(Method method, double dt, Coupling coupling, double speed) {
    SimulatorSettings settings;
    settings.integrator = Integrator::of(method, dt);
    settings.coupling = coupling;
    settings.speed = speed;
    return settings;
}

/// Regions of one model that start differently, with steps that it stands.
struct Trial {
    const Entry* model;
    double dt;

    explicit Trial(const Entry& entry, Method method)
        : model(&entry), dt(std::min(0.25 * entry.info.largest_dt[static_cast<std::size_t>(method)], 0.02)) {}
    [[nodiscard]] Network network(const Connectivity& brain) const {
        Network network(brain, *model);
        scatter_starts(network, 0.04);
        return network;
    }
    [[nodiscard]] double duration() const { return 100.0 * dt; }
};

/// Runs `check` for every model and method.
template <class Check>
void for_all_models(const Check& check) {
    for (const Entry* entry : all_models())
        for (const Method method : methods) {
            CAPTURE(std::string(entry->info.name));
            CAPTURE(std::string(method_names[static_cast<std::size_t>(method)]));
            check(Trial(*entry, method), method);
        }
}

/// The same brain with its regions in another order.
Connectivity renumbered(const Connectivity& brain, const std::vector<std::size_t>& order) {
    const arma::uvec index = arma::conv_to<arma::uvec>::from(order);
    return connectome(brain.weights()(index, index), brain.tract_lengths()(index, index));
}

}  // namespace

TEST_CASE("a network whose weights are zero is a set of isolated nodes, to the last bit") {
    for_all_models([](const Trial& trial, Method method) {
        for (const Coupling& coupling : {Coupling::linear(2.0), Coupling::difference(2.0)}) {
            const SimulatorSettings settings = with(method, trial.dt, coupling, 3.0);
            const Network all = trial.network(unconnected(11));
            const std::vector<double> together = final_states(all, settings, trial.duration());
            std::vector<double> alone;
            for (std::size_t region = 0; region < 11; ++region)
                for (const double value : final_states(Network(unconnected(1), all.region(region)), settings, trial.duration()))
                    alone.push_back(value);
            CHECK(together == alone);
            // G = 0 is the same as no weights.
            Coupling none = coupling;
            none.G = 0.0;
            const Network connected = trial.network(random_connectome({.regions = 11}));
            CHECK(final_states(connected, with(method, trial.dt, none, 3.0), trial.duration()) == together);
        }
    });
}

TEST_CASE("the numbers of the regions do not matter") {
    const Connectivity brain = random_connectome({.regions = 21, .self_connections = true});
    std::vector<std::size_t> order(21);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Uniform uniform(5);
    for (std::size_t k = order.size() - 1; k > 0; --k)
        std::swap(order[k], order[static_cast<std::size_t>(uniform(0.0, static_cast<double>(k + 1)))]);

    for_all_models([&](const Trial& trial, Method method) {
        for (const double speed : {4.0, inf}) {
            const Network network = trial.network(brain);
            Network other(renumbered(brain, order), *trial.model);
            for (std::size_t region = 0; region < 21; ++region) other.set_model(region, network.region(order[region]));
            const auto settings = with(method, trial.dt, Coupling::linear(0.01), speed);
            const auto states = final_states(network, settings, trial.duration()),
                       permuted = final_states(other, settings, trial.duration());
            const std::size_t variables = trial.model->state.size();
            for (std::size_t region = 0; region < 21; ++region)
                for (std::size_t k = 0; k < variables; ++k)
                    CHECK_CLOSE(permuted[variables * region + k], states[variables * order[region] + k],
                                .abs = 1e-11 * natural_size(trial.model->state[k]), .rel = 1e-11,
                                .why = "sums are taken in another order; the flow magnifies differences by less than 1000 in 2 ms");
        }
    });
}

TEST_CASE("difference coupling leaves identical nodes alone") {
    Network network(random_connectome({.regions = 12, .self_connections = true}), model("montbrio_pazo_roxin"), "bistable");
    network.set_parameter("cv", 0.3);
    const std::vector<double> alone = final_states(Network(unconnected(1), network.region(0)), with(Method::heun, 0.02, {}, inf), 20.0);
    for (const Method method : methods)
        for (const double speed : {3.0, inf}) {
            // At the fixed point nothing changes in time either, so that a delay makes no difference.
            const auto states = final_states(network, with(method, 0.02, Coupling::difference(3.0), speed), 20.0);
            for (std::size_t region = 0; region < 12; ++region)
                CHECK_CLOSE(states[2 * region], alone[0], .abs = 1e-13, .why = "sum w y - (sum w) y is zero to rounding");
        }
}

TEST_CASE("difference coupling is linear coupling less the node's own output") {
    const Connectivity brain = random_connectome({.regions = 10, .longest = 60, .self_connections = true});
    for (const double speed : {2.0, inf}) {
        SimulatorSettings settings = with(Method::euler, 0.5, Coupling::difference(0.4), speed);
        Network network = relays(brain, 0.5);
        Uniform uniform(1);
        std::vector<double> start(10);
        for (std::size_t region = 0; region < 10; ++region) network.set_initial(region, "y", start[region] = uniform(-1.0, 1.0));
        const auto found = final_states(network, settings, 0.5);
        for (std::size_t to = 0; to < 10; ++to) {
            double sum = 0;  // the past is constant
            for (std::size_t from = 0; from < 10; ++from) sum += 0.4 * brain.weight(to, from) * (start[from] - start[to]);
            CHECK_CLOSE(found[to], sum, .abs = 1e-14, .why = "ten terms of order 1");
        }
    }
}

TEST_CASE("sigmoidal coupling is The Virtual Brain's curve of the sum") {
    const Connectivity brain = random_connectome({.regions = 10, .longest = 60, .self_connections = true});
    Coupling coupling{.kind = Coupling::Kind::sigmoidal, .G = 1.5, .cmin = -0.2, .cmax = 0.7, .midpoint = 0.3, .a = 0.8, .sigma = 0.9};
    for (const double speed : {40.0, inf})
        for (const Method method : methods) {
            Network network = relays(brain, 0.5);
            Uniform uniform(1);
            std::vector<double> start(10);
            for (std::size_t region = 0; region < 10; ++region) network.set_initial(region, "y", start[region] = uniform(-1.0, 1.0));
            const auto input = [&](std::size_t to) {
                double sum = 0;
                for (std::size_t from = 0; from < 10; ++from) sum += brain.weight(to, from) * start[from];
                return -0.2 + 0.9 / (1.0 + std::exp(-0.8 * (1.5 * sum - 0.3) / 0.9));
            };
            if (method == Method::euler) {
                const auto found = final_states(network, with(method, 0.5, coupling, speed), 0.5);
                for (std::size_t to = 0; to < 10; ++to)
                    CHECK_CLOSE(found[to], input(to), .abs = 1e-14, .why = "ten terms of order 1 and an exponential");
            } else {
                // A step so short that the rate is the difference quotient.
                network.set_parameter("rate", 1.0);
                constexpr double dt = 0x1p-16;
                const auto found = final_states(network, with(method, dt, coupling, speed), dt);
                for (std::size_t to = 0; to < 10; ++to)
                    CHECK_CLOSE((found[to] - start[to]) / dt, input(to) - start[to], .abs = 5e-5,
                                .why = "a difference quotient over 1.5e-5 ms");
            }
        }
}

namespace {

/// What a region hears of another one is worth, and what it takes away for it under difference coupling.
using Worth = std::function<Gains::Factor(std::size_t to, std::size_t from)>;
Gains::Factor as_it_is(std::size_t, std::size_t) { return {1.0, 1.0}; }

/// RK4 of a network without delays, as the textbook has it: every stage sums what all nodes send at its point.
std::vector<double> textbook_rk4(const Network& network, const Coupling& coupling, double dt, int steps, const Worth& worth = as_it_is) {
    const std::size_t regions = network.regions();
    using States = std::vector<std::vector<double>>;
    const auto slope = [&](const States& x) {
        States rates(regions), sent(regions);
        for (std::size_t region = 0; region < regions; ++region)
            sent[region] = network.region(region).model->output(x[region], network.region(region).parameters);
        for (std::size_t to = 0; to < regions; ++to) {
            const RegionModel& node = network.region(to);
            std::vector<double> input(node.model->outputs.size() + 1, 0.0);
            for (std::size_t channel = 0; channel + 1 < input.size(); ++channel)
                for (std::size_t from = 0; from < regions; ++from) {
                    if (channel >= sent[from].size()) continue;  // the sender's model has fewer outputs than the receiver's
                    const double own = coupling.kind == Coupling::Kind::difference ? sent[to][channel] : 0.0;
                    const auto [other, taken] = worth(to, from);
                    input[channel] += coupling.G * network.connectivity().weight(to, from) * (other * sent[from][channel] - taken * own);
                }
            rates[to] = node.model->derivative(x[to], node.parameters, input, network.options_of(*node.model));
        }
        return rates;
    };
    const auto moved = [&](States x, double by, const States& rates) {
        for (std::size_t region = 0; region < regions; ++region)
            for (std::size_t k = 0; k < x[region].size(); ++k) x[region][k] += by * rates[region][k];
        return x;
    };
    States x;
    for (std::size_t region = 0; region < regions; ++region) x.push_back(network.region(region).initial);
    for (int step = 0; step < steps; ++step) {
        const States k1 = slope(x), k2 = slope(moved(x, dt / 2, k1)), k3 = slope(moved(x, dt / 2, k2)), k4 = slope(moved(x, dt, k3));
        x = moved(moved(moved(moved(x, dt / 6, k1), dt / 3, k2), dt / 3, k3), dt / 6, k4);
    }
    std::vector<double> all;
    for (const auto& each : x) all.insert(all.end(), each.begin(), each.end());
    return all;
}

}  // namespace

TEST_CASE("without delays dense and sparse sums agree with the textbook on asymmetric weights") {
    for (const double density : {0.05, 0.2, 0.5, 1.0})
        for (const std::size_t regions : {std::size_t{5}, std::size_t{16}, std::size_t{43}})
            for (const Coupling& coupling : {Coupling::linear(0.05), Coupling::difference(0.05)}) {
                CAPTURE(density);
                CAPTURE(regions);
                const Network network = Trial(model("montbrio_pazo_roxin"), Method::rk4)
                                            .network(random_connectome({.regions = regions, .density = density, .self_connections = true}));
                const auto found = final_states(network, instant(Integrator::rk4(0.02), coupling), 1.0);
                const auto exact = textbook_rk4(network, coupling, 0.02, 50);
                for (std::size_t k = 0; k < found.size(); ++k)
                    CHECK_CLOSE(found[k], exact[k], .abs = 1e-12, .rel = 1e-12, .why = "order of sums and fused operations");
            }
}

TEST_CASE("different models live in one network and hear each other") {
    Network network(random_connectome({.regions = 12, .self_connections = true}), model("montbrio_pazo_roxin"));
    for (const std::size_t region : {1U, 4U, 7U, 11U}) network.set_model(region, RegionModel(model("ion_exchange"), "rest"));
    for (const std::size_t region : {3U, 5U}) network.set_model(region, RegionModel(model("montbrio_pazo_roxin_ei")));
    for (const std::size_t region : {0U, 9U}) network.set_model(region, RegionModel(relay()));
    scatter_starts(network, 0.05);
    CHECK(network.models().size() == 4);

    const Coupling coupling = Coupling::linear(0.02);
    const auto found = final_states(network, instant(Integrator::rk4(0.01), coupling), 0.5);
    const auto exact = textbook_rk4(network, coupling, 0.01, 50);
    REQUIRE(found.size() == exact.size());
    for (std::size_t k = 0; k < found.size(); ++k)
        CHECK_CLOSE(found[k], exact[k], .abs = 1e-11, .rel = 1e-11, .why = "order of sums, fused operations and another exponential");

    // A monitor asked for a variable that some models lack has NaN there.
    SimulatorSettings settings = instant(Integrator::rk4(0.01), coupling);
    settings.monitors = {MonitorSettings::raw({"r", "K_ext"})};
    const Recording recording = Simulator(network, settings).run(0.1);
    CHECK(std::isnan(recording.series()["K_ext"](3, 0)));
    CHECK(recording.series()["K_ext"](3, 1) > 3.0);
    CHECK(std::isnan(recording.series()["r"](3, 9)));
    CHECK_FALSE(std::isnan(recording.series()["r"](3, 2)));
}

namespace {

/// A relay whose rates are in Hz.
struct HertzRelay {
    static constexpr Info info{
        .name = "hertz_relay", .title = "A relay in Hz", .equations = Relay::info.equations, .source = "made for tests", .corrections = ""};
    template <class T>
    using State = Relay::State<T>;
    template <class T>
    using Parameters = Relay::Parameters<T>;
    template <class T>
    struct Output {
        T y = Field{"y", 0.0, "Hz", "the state"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "Hz", "coupling"};
        T I = Field{"I", 0.0, "Hz", "stimulus"};
    };
    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        return {.y = p.rate * (in.c + in.I - p.leak * x.y)};
    }
    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.y = x.y};
    }
    static constexpr EventRule event_rule{"y", "Hz", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.y;
    }
    static constexpr auto presets() { return std::array{Preset<HertzRelay>{"silent", "starts at 0", {}, {}}}; }
};

}  // namespace

TEST_CASE("rates are heard in the receiver's unit, and each pair of models has its own gain") {
    Network network(random_connectome({.regions = 12, .self_connections = true}), relay());
    for (const std::size_t region : {1U, 4U, 7U, 8U}) network.set_model(region, RegionModel(entry_of<HertzRelay>()));
    for (std::size_t region = 0; region < 12; ++region) network.set_initial(region, "y", 0.1 * static_cast<double>(region + 1));
    const auto hertz = [&](std::size_t region) { return network.region(region).model != &relay(); };
    for (Coupling coupling : {Coupling::linear(0.2), Coupling::difference(0.2)}) {
        coupling.gains = {{"relay", "hertz_relay", 0.25}, {"hertz_relay", "hertz_relay", -2.0}};
        const auto exact = textbook_rk4(network, coupling, 0.01, 50, [&](std::size_t to, std::size_t from) -> Gains::Factor {
            if (hertz(to)) return hertz(from) ? Gains::Factor{-2.0, -2.0} : Gains::Factor{0.25 * 1000.0, 0.25};
            return {hertz(from) ? 1e-3 : 1.0, 1.0};
        });
        const auto found = final_states(network, instant(Integrator::rk4(0.01), coupling), 0.5);
        for (std::size_t k = 0; k < exact.size(); ++k)
            CHECK_CLOSE(found[k], exact[k], .rel = 1e-12, .why = "order of sums and fused operations");
    }
}

TEST_CASE("an AdEx brain hears an ion-exchange zone: kHz are 1/ms") {
    Network network(random_connectome({.regions = 12, .longest = 0.0}), model("adex"));
    for (const std::size_t region : {2U, 3U}) network.set_model(region, RegionModel(model("ion_exchange"), "rest"));
    Coupling coupling = Coupling::linear(0.01);
    coupling.gains = {{"ion_exchange", "adex", 0.5}};
    const auto exact = textbook_rk4(network, coupling, 0.01, 50, [&](std::size_t to, std::size_t from) -> Gains::Factor {
        return {network.region(from).model == &model("ion_exchange") && network.region(to).model == &model("adex") ? 0.5 : 1.0, 1.0};
    });
    const auto found = final_states(network, instant(Integrator::rk4(0.01), coupling), 0.5);
    for (std::size_t k = 0; k < exact.size(); ++k)
        CHECK_CLOSE(found[k], exact[k], .abs = 1e-14, .rel = 1e-11, .why = "order of sums, fused operations and another exponential");
}

TEST_CASE("what has no conversion is refused with the reason, unless a gain says what it is worth") {
    arma::mat weights(2, 2);
    weights(0, 1) = 1.0;  // 0 hears 1
    Network network(connectome(weights), model("ion_exchange"));
    network.set_model(1, RegionModel(model("epileptor")));
    const auto simulate = [&](const Coupling& coupling) { return Simulator(network, instant(Integrator::rk4(0.01), coupling)); };
    CHECK_REFUSED(ConfigurationError,
                  "region_0 (ion_exchange) hears region_1 (epileptor), which sends x1 [1], and there is no conversion into c [1/ms]",
                  simulate(Coupling::linear(1.0)));
    Coupling coupling = Coupling::linear(1.0);
    coupling.gains = {{"epileptor", "ion_exchange", 0.01}};
    CHECK(simulate(coupling).warnings().empty());
    coupling.kind = Coupling::Kind::difference;
    CHECK_REFUSED(ConfigurationError, "difference coupling cannot take r [1/ms] from x1 [1]", simulate(coupling));
    coupling.gains.push_back(coupling.gains[0]);
    CHECK_REFUSED(ConfigurationError, "the gain epileptor -> ion_exchange is given twice", simulate(coupling));
    coupling.gains = {{"epileptor", "ion_exchange", inf}};
    CHECK_REFUSED(ConfigurationError, "the gain epileptor -> ion_exchange = inf is not a finite number", simulate(coupling));

    coupling = Coupling::linear(1.0);
    coupling.gains = {{"epileptor", "ion_exchange", 0.01}, {"adex", "ion_exchange", 1.0}};
    const Simulator simulator = simulate(coupling);
    REQUIRE(simulator.warnings().size() == 1);
    CHECK(simulator.warnings()[0] == "the coupling gain adex -> ion_exchange counts for nothing: no region is a adex");

    // Nobody hears the other: nothing to convert.
    const Network apart(unconnected(2), model("ion_exchange"));
    CHECK_NOTHROW(Simulator(apart, instant(Integrator::rk4(0.01), Coupling::linear(1.0))));
}

TEST_CASE("nodes that copy an unstable one but are held by others do not end the run") {
    // Alone, y' = y grows without end; with a self-connection of -2 it decays. What fills up the vector of 8 has no connections.
    arma::mat weights(1, 1);
    weights(0, 0) = -2.0;
    Network network(connectome(weights), relay());
    network.set_parameter("leak", -1.0);
    network.set_initial(0, "y", 1.0);
    for (const Method method : methods) {
        Simulator simulator(network, with(method, 0.125, Coupling::linear(1.0), inf));
        simulator.run(2000.0);
        CHECK(simulator.state(0, "y") < 1e-300);
    }
}

TEST_CASE("models that send other quantities cannot hear each other") {
    Network network(unconnected(2), relay());
    network.set_parameter("leak", 2.0);
    CHECK_REFUSED(ConfigurationError, "no parameter 'leek' (did you mean 'leak'?)", network.set_parameter("leek", 1.0));
    CHECK_REFUSED(ConfigurationError, "no state variable 'z'", network.set_initial(0, "z", 1.0));
    CHECK_REFUSED(ConfigurationError, "option", network.set_option("self_conductance", 0.0));
}
