// The Virtual Brain's scheme once more, as plainly as it can be written: nested loops over regions, the whole past kept, library functions.
// It shares no code with the simulator, and the cases go where the recorded runs of The Virtual Brain do not.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>

#include <cmath>
#include <functional>
#include <numbers>

using namespace kation;

namespace {

constexpr double pi = std::numbers::pi;
using Numbers = std::vector<double>;
/// The value of a parameter by its name.
using Get = std::function<double(const char*)>;

/// Rates of montbrio_pazo_roxin (models page, section 2). heard: what comes in by r and by v.
Numbers montbrio_rates(const Numbers& x, const Get& p, const Numbers& heard, double stimulus) {
    const double r = x[0], v = x[1], tau = p("tau");
    return {(p("Delta") / (pi * tau) + p("Gamma") * r / pi + 2 * r * v) / tau,
            (v * v + p("eta") + p("J") * tau * r + p("cr") * heard[0] + p("cv") * heard[1] + stimulus - std::pow(pi * tau * r, 2)) / tau};
}

/// Rates of ion_exchange (models page, section 1).
Numbers ion_exchange_rates(const Numbers& x, const Get& p, const Numbers& heard, double stimulus) {
    const double r = x[0], V = x[1], n = x[2], DKi = x[3], Kg = x[4];
    const double beta = p("omega_i") / p("omega_ext");
    const double K_int = 130 + DKi, Na_int = 16 - DKi, Na_ext = 138 + beta * DKi, K_ext = 4.8 - beta * DKi + Kg;
    const double m_inf = 1 / (1 + std::exp((p("Vm") - V) / p("km"))), n_inf = 1 / (1 + std::exp((p("Vn") - V) / p("kn")));
    const double h = 1.1 - 1 / (1 + std::exp(-8 * (n - 0.4)));
    const double I_Na = (p("g_Nal") + p("g_Na") * m_inf * h) * (V - 26.64 * std::log(Na_ext / Na_int));
    const double I_K = (p("g_Kl") + p("g_K") * n) * (V - 26.64 * std::log(K_ext / K_int));
    const double I_Cl = p("g_Cl") * (V + 26.64 * std::log(p("Cl_ext") / p("Cl_int")));
    const double I_pump = p("rho") / (1 + std::exp(10.5 - 0.5 * Na_int)) / (1 + std::exp(5.5 - K_ext));
    const bool left = V <= p("Vstar");
    const double R = left ? p("R_minus") : p("R_plus"), c = left ? p("c_minus") : p("c_plus");
    return {p("R_minus") * p("Delta") / pi + 2 * R * (V - c) * r - p("J") * r * r,
            -(I_Cl + I_Na + I_K + I_pump) / p("Cm") - R * std::pow(pi / p("R_minus"), 2) * r * r +
                (p("J") * r + p("J") * stimulus + heard[0]) * (p("E") - V) + p("eta"),
            (n_inf - n) / p("tau_n"), -(p("gamma") / p("omega_i")) * (I_K - 2 * I_pump), p("epsilon") * (p("K_bath") - K_ext)};
}

/// A case: what the simulator and the plain loops are both given.
struct Case {
    Network network;
    SimulatorSettings settings;
    std::function<double(std::size_t region, std::int64_t step)> stimulus = [](std::size_t, std::int64_t) { return 0.0; };
};

/// The states at every step, [step][region], by the definition of the scheme.
std::vector<std::vector<Numbers>> plain_loops(const Case& given, std::int64_t steps) {
    const Network& network = given.network;
    const SimulatorSettings& settings = given.settings;
    const std::size_t regions = network.regions();
    const double dt = settings.integrator.dt;
    const auto past = [&](std::size_t region, std::int64_t step) {
        return step < 0 && settings.past ? settings.past(region, static_cast<double>(step) * dt) : network.region(region).initial;
    };
    std::vector<std::vector<Numbers>> path{{}};  // [step][region]
    for (std::size_t region = 0; region < regions; ++region) path[0].push_back(past(region, 0));
    const auto state = [&](std::size_t region, std::int64_t step) {
        return step <= 0 ? past(region, step) : path[static_cast<std::size_t>(step)][region];
    };
    // What a state sends: r and v of montbrio, r of ion_exchange. Both stand first.
    const auto coupling = [&](std::size_t to, std::size_t channel, std::int64_t step) {
        double sum = 0;
        for (std::size_t from = 0; from < regions; ++from) {
            const double weight = network.connectivity().weight(to, from);
            if (weight == 0) continue;
            const auto delay = static_cast<std::int64_t>(std::nearbyint(network.connectivity().length(to, from) / settings.speed / dt));
            const double other = state(from, step - delay)[channel], own = state(to, step)[channel];
            sum += weight * (settings.coupling.kind == Coupling::Kind::difference ? other - own : other);
        }
        const Coupling& c = settings.coupling;
        if (c.kind == Coupling::Kind::sigmoidal)
            return c.cmin + (c.cmax - c.cmin) / (1 + std::exp(-c.a * ((c.G * sum - c.midpoint) / c.sigma)));
        return c.G * sum;
    };
    const auto clipped = [&](std::size_t region, Numbers x) {
        if (settings.integrator.bounds != Bounds::clip) return x;
        for (std::size_t k = 0; k < x.size(); ++k) {
            Range range = network.region(region).model->state[k].valid;
            for (const Limit& limit : settings.integrator.limits)
                if (limit.variable == network.region(region).model->state[k].name.view()) range = Range{limit.low, limit.high};
            x[k] = std::min(std::max(x[k], range.low), range.high);
        }
        return x;
    };
    for (std::int64_t step = 0; step < steps; ++step) {
        path.emplace_back();
        for (std::size_t region = 0; region < regions; ++region) {
            const Entry& entry = *network.region(region).model;
            const bool ions = entry.info.name == "ion_exchange";
            const Get get = [&](const char* name) { return network.parameter(region, name); };
            Numbers heard{coupling(region, 0, step)};
            if (!ions) heard.push_back(coupling(region, 1, step));
            const auto rates = [&](const Numbers& x) {
                return (ions ? ion_exchange_rates : montbrio_rates)(x, get, heard, given.stimulus(region, step));
            };
            const Numbers x = state(region, step), k1 = rates(x);
            Numbers next = x;
            for (std::size_t k = 0; k < x.size(); ++k) next[k] += dt * k1[k];
            next = clipped(region, next);
            if (settings.integrator.method == Method::heun) {
                const Numbers k2 = rates(next);
                for (std::size_t k = 0; k < x.size(); ++k) next[k] = x[k] + dt / 2 * (k1[k] + k2[k]);
                next = clipped(region, next);
            }
            path.back().push_back(next);
        }
    }
    return path;
}

/// Compares at many steps on the way, since a network may end where all paths lead.
void compare(const Case& given, std::int64_t steps,
             Tolerance tolerance = {.abs = 1e-12, .rel = 1e-12, .why = "order of sums and fused operations"}) {
    Simulator simulator(given.network, given.settings);
    const auto exact = plain_loops(given, steps);
    double worst = 0;
    for (std::int64_t step = 1; step <= steps; step += step < 40 ? 1 : 10) {
        simulator.run(static_cast<double>(step - simulator.step()) * given.settings.integrator.dt);
        CAPTURE(step);
        for (std::size_t region = 0; region < given.network.regions(); ++region) {
            CAPTURE(region);
            const Numbers found = simulator.state(region), &expected = exact[static_cast<std::size_t>(step)][region];
            for (std::size_t k = 0; k < found.size(); ++k) {
                CAPTURE(k);
                CHECK_CLOSE(found[k], expected[k], tolerance);
                worst = std::max(worst, std::abs(found[k] - expected[k]) / (1 + std::abs(expected[k])));
            }
        }
    }
    MESSAGE("largest difference " << worst << " within " << steps << " steps");
}

Network montbrio_network(const RandomConnectome& options) {
    Network network(random_connectome(options), model("montbrio_pazo_roxin"), "tvb");
    scatter_starts(network, 0.5);
    return network;
}

SimulatorSettings with(Method method, double dt, double speed, Coupling coupling) {
    SimulatorSettings settings;
    settings.integrator = Integrator::of(method, dt);
    settings.speed = speed;
    settings.coupling = coupling;
    return settings;
}

constexpr Method methods[] = {Method::euler, Method::heun};

}  // namespace

TEST_CASE("asymmetric weights and lengths: delays from none to several blocks of steps") {
    for (const Method method : methods)
        for (const double longest : {0.0, 3.0, 60.0, 400.0})
            compare({montbrio_network({.regions = 19, .longest = longest, .self_connections = true}),
                     with(method, 0.05, 4.0, Coupling::linear(0.05))},
                    300);
}

TEST_CASE("both coupling variables are heard, each with its own factor, and parameters differ between regions") {
    for (const Method method : methods) {
        Network network = montbrio_network({.regions = 14});
        Uniform uniform(9);
        for (std::size_t region = 0; region < 14; ++region) {
            network.set_parameter(region, "cr", uniform(0.5, 1.5));
            network.set_parameter(region, "cv", region % 3 == 0 ? 0.0 : uniform(0.1, 0.5));
            network.set_parameter(region, "tau", uniform(1.0, 3.0));
            network.set_parameter(region, "Delta", uniform(0.5, 1.5));
            network.set_parameter(region, "eta", uniform(-6.0, -3.0));
            network.set_parameter(region, "J", uniform(10.0, 16.0));
            network.set_parameter(region, "Gamma", uniform(0.0, 0.5));
        }
        compare({network, with(method, 0.02, 4.0, Coupling::linear(0.1))}, 400);
        network.set_parameter("cr", 0.0);
        compare({network, with(method, 0.02, 4.0, Coupling::linear(0.1))}, 400);
    }
}

TEST_CASE("a past that is not constant is heard at its times") {
    for (const Method method : methods) {
        Case given{montbrio_network({.regions = 11, .longest = 120.0, .self_connections = true}),
                   with(method, 0.05, 4.0, Coupling::linear(0.1))};
        given.network.set_parameter("cv", 0.2);
        given.settings.past = [](std::size_t region, double time) {
            const double phase = 0.3 * time + static_cast<double>(region);
            return Numbers{0.5 + 0.4 * std::sin(phase), -1.0 + std::cos(1.7 * phase)};
        };
        compare(given, 700);
    }
}

TEST_CASE("bounds clip the predictor as well as the result") {
    for (const Method method : methods) {
        // Large steps, so that r would often fall below 0; v is kept in a range that it leaves both ways.
        Case given{montbrio_network({.regions = 12}), with(method, 0.2, 4.0, Coupling::linear(0.2))};
        given.network.set_parameter("eta", 4.0);
        given.settings.integrator.bounds = Bounds::clip;
        given.settings.integrator.limits = {{"v", -3.0, 2.0}};
        compare(given, 40, {.abs = 1e-9, .rel = 1e-9, .why = "large steps of a stiff spike magnify roundings"});
        const auto states = final_states(given.network, given.settings, 8.0);
        CHECK(std::ranges::min(states) >= -3.0);
    }
}

TEST_CASE("self-connections with and without lengths count like all others") {
    for (const Method method : methods)
        for (const double length : {0.0, 0.2, 30.0}) {
            arma::mat weights{{0.5, 0.0, 0.2}, {0.1, -0.7, 0.0}, {0.0, 0.4, 0.9}}, lengths{{0, 0, 7}, {12, 0, 0}, {0, 1, 0}};
            lengths.diag().fill(length);
            Network network(connectome(weights, lengths), model("montbrio_pazo_roxin"));
            scatter_starts(network, 0.3);
            compare({network, with(method, 0.05, 4.0, Coupling::linear(0.8))}, 400);
            compare({network, with(method, 0.05, 4.0, Coupling::difference(0.8))}, 400);
        }
}

TEST_CASE("difference and sigmoidal coupling on asymmetric connectomes") {
    const Coupling sigmoidal{
        .kind = Coupling::Kind::sigmoidal, .G = 1.2, .cmin = -0.4, .cmax = 1.1, .midpoint = 0.6, .a = 1.3, .sigma = 0.8};
    for (const Method method : methods)
        for (const double speed : {4.0, inf})
            for (const Coupling& coupling : {Coupling::difference(0.2), sigmoidal}) {
                Network network = montbrio_network({.regions = 17, .self_connections = true});
                network.set_parameter("cv", 0.3);
                compare({network, with(method, 0.05, speed, coupling)}, 200);
            }
}

TEST_CASE("ion_exchange with other parameters in every region, delays, a past and stimuli") {
    for (const Method method : methods) {
        Network network(random_connectome({.regions = 10, .longest = 20.0, .self_connections = true}), model("ion_exchange"), "rest");
        Uniform uniform(13);
        for (std::size_t region = 0; region < 10; ++region) {
            network.set_parameter(region, "K_bath", uniform(5.0, 16.0));
            network.set_parameter(region, "J", uniform(0.05, 0.15));
            network.set_parameter(region, "Delta", uniform(0.5, 1.5));
            network.set_parameter(region, "E", uniform(-10.0, 0.0));
            network.set_parameter(region, "eta", uniform(-0.5, 0.5));
            network.set_parameter(region, "Cm", uniform(0.9, 1.2));
            network.set_parameter(region, "tau_n", uniform(3.0, 5.0));
            network.set_parameter(region, "g_K", uniform(20.0, 24.0));
            network.set_parameter(region, "omega_ext", uniform(700.0, 800.0));
            network.set_parameter(region, "Cl_int", uniform(4.5, 5.5));
        }
        scatter_starts(network, 0.02);
        Case given{network, with(method, 0.005, 4.0, Coupling::linear(3.0))};
        given.settings.past = [&](std::size_t region, double time) {
            Numbers state = network.region(region).initial;
            state[0] *= 1.0 + 0.5 * std::sin(time + static_cast<double>(region));
            return state;
        };
        Stimulus pulse;
        pulse.regions = {2, 7};
        pulse.onset = 1.0;
        pulse.duration = 2.5;
        pulse.amplitude = 2.0;
        given.settings.stimuli = {pulse};
        given.stimulus = [](std::size_t region, std::int64_t step) {
            return (region == 2 || region == 7) && step >= 200 && step < 700 ? 2.0 : 0.0;
        };
        compare(given, 1500, {.abs = 1e-11, .rel = 1e-11, .why = "exponentials and logarithms of two libraries, magnified during spikes"});
    }
}

TEST_CASE("montbrio and ion_exchange in one network") {
    Network network = montbrio_network({.regions = 12});
    for (const std::size_t region : {0U, 5U, 6U}) network.set_model(region, RegionModel(model("ion_exchange"), "rest"));
    for (const Method method : methods) compare({network, with(method, 0.005, 4.0, Coupling::linear(0.2))}, 1000);
}
