// The order of every scheme, estimated from three step sizes: |x(h) - x(h/2)| / |x(h/2) - x(h/4)| tends to 2^order.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>

#include <cmath>

using namespace kation;

namespace {

/// Where a model is smooth for a while: its rest state if it has one, disturbed.
RegionModel smooth_start(const Entry& entry) {
    const bool rests = std::ranges::any_of(entry.presets, [](const PresetValues& preset) { return preset.name == "rest"; });
    return rests ? RegionModel(entry, "rest") : RegionModel(entry);
}

/// [ms] The time in which a model moves at its start, and 1 ms for the faster ones: steps are parts of it, so that RK4's error is above
/// rounding.
double pace(const Entry& entry) {
    const RegionModel node = smooth_start(entry);
    std::vector<double> options, silence(entry.inputs.size(), 0.0);
    for (const Field& option : entry.options) options.push_back(option.value);
    const arma::mat jacobian = entry.jacobian(node.initial, node.parameters, silence, options);
    const double fastest = arma::abs(arma::eig_gen(jacobian)).max();        // [1/ms]
    return std::exp2(std::floor(std::log2(std::max(1.0, 2.0 / fastest))));  // a power of 2, which keeps times on their grids
}

/// The states after a run, each in units of the range in which it is interesting.
std::vector<double> solution(const Network& network, const SimulatorSettings& settings, double duration) {
    std::vector<double> states = final_states(network, settings, duration);
    std::size_t place = 0;
    for (std::size_t region = 0; region < network.regions(); ++region)
        for (const Field& field : network.region(region).model->state) states[place++] /= natural_size(field);
    return states;
}

/// @param solve  the states that a run with this dt ends with
template <class Solve>
double estimated_order(double dt, const Solve& solve) {
    const std::vector<double> coarse = solve(dt), middle = solve(dt / 2), fine = solve(dt / 4);
    return std::log2(largest_difference(coarse, middle) / largest_difference(middle, fine));
}

void check_order(double found, double expected, double allowed = 0.3) {
    CHECK_CLOSE(found, expected, .abs = allowed, .why = "the next term of the error is still felt at these steps");
}

/// The estimate as a message.
void tell(const Entry& entry, Method method, const Coupling& coupling, double order) {
    const std::string kind = coupling.kind == Coupling::Kind::difference ? "difference" : "linear";
    MESSAGE(std::string(entry.info.name) << ", " << std::string(method_names[static_cast<std::size_t>(method)]) << ", " << kind
                                         << " coupling: order " << order);
}

double order_of(Method method) { return method == Method::euler ? 1.0 : method == Method::heun ? 2.0 : 4.0; }
constexpr Method methods[] = {Method::euler, Method::heun, Method::rk4};

/// 12 regions of a model with starts and one parameter that differ.
Network network_of(const Entry& entry, const Connectivity& brain) {
    Network network(brain, smooth_start(entry));
    scatter_starts(network, 0.04);
    return network;
}

SimulatorSettings with(Method method, double dt, Coupling coupling, double speed) {
    SimulatorSettings settings;
    settings.integrator = Integrator::of(method, dt);
    settings.coupling = coupling;
    settings.speed = speed;
    return settings;
}

/// Weak enough for the potential of ion_exchange to stay on its side of the jump.
double gentle(const Entry& entry) { return entry.info.name == "ion_exchange" ? 1.0 : 0.05; }

/// Lengths that are different multiples of 0.16 mm, and of at least `least` of them.
Connectivity delays_on_the_grid(int least) {
    const Connectivity random =
        random_connectome({.regions = 12, .density = 0.4, .shortest = 0.0, .longest = 9.0, .self_connections = true});
    arma::mat lengths = random.tract_lengths();
    lengths.transform([&](double length) { return 0.16 * (std::floor(length) + least); });
    return connectome(random.weights(), lengths);
}

}  // namespace

TEST_CASE("single nodes of all models are solved with the full order of each scheme") {
    for (const Entry* entry : all_models())
        for (const Method method : methods) {
            const double found = estimated_order(0.02 * pace(*entry), [&](double dt) {
                return solution(network_of(*entry, unconnected(12)), with(method, dt, Coupling::linear(1.0), inf), 1.6 * pace(*entry));
            });
            tell(*entry, method, {}, found);
            check_order(found, order_of(method));
        }
}

TEST_CASE("networks without delay are solved by RK4 with order 4 and by Euler with order 1") {
    const Connectivity brain = random_connectome({.regions = 12, .density = 0.5, .self_connections = true});
    for (const Entry* entry : all_models())
        for (const Coupling& coupling : {Coupling::linear(gentle(*entry)), Coupling::difference(gentle(*entry))})
            for (const Method method : {Method::euler, Method::rk4}) {
                const double found = estimated_order(0.02 * pace(*entry), [&](double dt) {
                    return solution(network_of(*entry, brain), with(method, dt, coupling, inf), 1.6 * pace(*entry));
                });
                tell(*entry, method, coupling, found);
                check_order(found, order_of(method));
            }
}

TEST_CASE("Heun freezes the coupling over its stages, as The Virtual Brain does, and is of order 1 in it") {
    const Connectivity brain = random_connectome({.regions = 12, .density = 0.5, .self_connections = true});
    for (const Coupling& coupling : {Coupling::linear(2.0), Coupling::difference(5.0)}) {
        const Entry& entry = model("montbrio_pazo_roxin");
        const double found = estimated_order(
            0.005, [&](double dt) { return solution(network_of(entry, brain), with(Method::heun, dt, coupling, inf), 1.6); });
        tell(entry, Method::heun, coupling, found);
        check_order(found, 1.0);
    }
}

TEST_CASE("sigmoidal coupling without delay is solved by RK4 with order 4") {
    const Connectivity brain = random_connectome({.regions = 12, .density = 0.5, .self_connections = true});
    const Coupling coupling{.kind = Coupling::Kind::sigmoidal, .G = 1.0, .sigma = 2.0};
    const double found = estimated_order(0.02, [&](double dt) {
        return solution(network_of(model("montbrio_pazo_roxin"), brain), with(Method::rk4, dt, coupling, inf), 1.6);
    });
    check_order(found, 4.0);
}

TEST_CASE("networks with delays and a smooth past are solved by RK4 with order 4") {
    const Connectivity brain = delays_on_the_grid(1);
    for (const Entry* entry : all_models())
        for (const Coupling& coupling : {Coupling::linear(gentle(*entry)), Coupling::difference(gentle(*entry))}) {
            const Network network = network_of(*entry, brain);
            const double slow = pace(*entry);
            const double found = estimated_order(0.04 * slow, [&](double dt) {
                SimulatorSettings settings = with(Method::rk4, dt, coupling, 1.0 / slow);
                settings.past = [&](std::size_t region, double time) {
                    auto state = network.region(region).initial;
                    for (double& value : state) value *= 1.0 + 0.2 * std::sin(1.5 * time / slow);
                    return state;
                };
                return solution(network, settings, 3.2 * slow);
            });
            tell(*entry, Method::rk4, coupling, found);
            check_order(found, 4.0, 0.5);
        }
}

TEST_CASE("the kinks of a constant past cost RK4 no order where delays are four steps or more") {
    const Connectivity brain = delays_on_the_grid(1);
    for (const Entry* entry : all_models()) {
        const double slow = pace(*entry);
        const double found = estimated_order(0.04 * slow, [&](double dt) {
            return solution(network_of(*entry, brain), with(Method::rk4, dt, Coupling::linear(gentle(*entry)), 1.0 / slow), 3.2 * slow);
        });
        tell(*entry, Method::rk4, {}, found);
        CHECK(found > 3.5);
    }
}

TEST_CASE("Heun and Euler are of order 1 in delayed coupling") {
    const Connectivity brain = delays_on_the_grid(1);
    for (const Method method : {Method::euler, Method::heun}) {
        const double found = estimated_order(0.01, [&](double dt) {
            return solution(network_of(model("montbrio_pazo_roxin"), brain), with(method, dt, Coupling::linear(0.3), 1.0), 3.2);
        });
        check_order(found, 1.0);
    }
}

TEST_CASE("a stimulus that changes smoothly or jumps between steps costs RK4 no order") {
    for (const Entry* entry : all_models()) {
        Network network = network_of(*entry, unconnected(12));
        const double slow = pace(*entry);
        Stimulus sine;
        sine.waveform = Stimulus::Waveform::sine;
        sine.frequency = 0.4 / slow;
        sine.amplitude = 0.1 * natural_size(entry->inputs.back());
        sine.phase = 0.7;
        for (std::size_t region = 0; region < 12; ++region) sine.regions.push_back(region);
        Stimulus pulse = sine;
        pulse.waveform = Stimulus::Waveform::pulse;
        pulse.onset = 0.24 * slow;
        pulse.duration = 0.48 * slow;
        const double found = estimated_order(0.02 * slow, [&](double dt) {
            SimulatorSettings settings = with(Method::rk4, dt, Coupling::linear(1.0), inf);
            settings.stimuli = {sine, pulse};
            return solution(network, settings, 1.6 * slow);
        });
        tell(*entry, Method::rk4, {}, found);
        check_order(found, 4.0);
    }
}
