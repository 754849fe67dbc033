// The ion-exchange mean field (Rabuffo, Bandyopadhyay et al. 2026) against regimes and trajectories found by independent code.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/crossings.hpp>
#include <support/networks.hpp>
#include <support/reference_table.hpp>
#include <support/refused.hpp>

#include <fmt/format.h>

#include <numbers>

using namespace kation;

namespace {

const Entry& ion_exchange() { return model("ion_exchange"); }

Network one_node(std::string_view preset = {}) { return Network(unconnected(1), ion_exchange(), preset); }

void set_start(Network& network, const std::vector<double>& state) {
    for (std::size_t k = 0; k < state.size(); ++k) network.set_initial(0, network.region(0).model->state[k].name.view(), state[k]);
}

/// The start inside a burst that the page of the model uses for tests of dt.
const std::vector<double> inside_a_burst{0.006, -45.0, 0.3, -1.2, 5.9};
/// The same at K_bath 5.5.
const std::vector<double> rest{0.00555586622, -72.87517613, 0.04774014298, 0.72753345, 2.88260035};

const std::vector<double> baths{5.5, 7.5, 10.0, 12.5, 15.5, 17.5, 20.0, 25.0};

/// Events, potentials and K_ext of single nodes between 40 and 100 s, for all baths at once.
Crossings observe_regimes(std::string_view preset) {
    Network network(unconnected(baths.size()), ion_exchange(), preset);
    for (std::size_t k = 0; k < baths.size(); ++k) network.set_parameter(k, "K_bath", baths[k]);
    SimulatorSettings settings = instant(Integrator::rk4(0.02));
    settings.monitors = {MonitorSettings::subsample(0.1, {"V", "K_ext", "r"})};
    settings.threads = 1;
    Crossings crossings(-20.0, -40.0, 40000.0);
    Simulator(std::move(network), settings).run(100000.0, crossings);
    return crossings;
}

std::size_t region_at(double K_bath) { return static_cast<std::size_t>(std::ranges::find(baths, K_bath) - baths.begin()); }

double mean_interval(const std::vector<double>& times) { return (times.back() - times.front()) / static_cast<double>(times.size() - 1); }

/// Mean time from one burst to the next [ms]; `events`: how many each has.
void check_bursts(const Crossings& crossings, double K_bath, double period, double within, std::size_t events = 0) {
    CAPTURE(K_bath);
    const auto bursts = crossings.bursts(region_at(K_bath), 200.0);
    REQUIRE(bursts.size() >= 5);
    std::vector<double> starts;
    for (const auto& burst : bursts) {
        starts.push_back(burst.front());
        if (events > 0) CHECK(burst.size() == events);
    }
    CHECK_CLOSE(mean_interval(starts), period, .abs = within, .why = "given to this in the table, which was made with another scheme");
    MESSAGE("K_bath " << K_bath << ": " << bursts.size() << " bursts every " << mean_interval(starts) << " ms, " << bursts.front().size()
                      << " spikes");
}

void check_tonic(const Crossings& crossings, double K_bath, double hertz) {
    CAPTURE(K_bath);
    REQUIRE(crossings.of(region_at(K_bath)).size() > 1000);
    const double found = 1000.0 / mean_interval(crossings.of(region_at(K_bath)));
    CHECK_CLOSE(found, hertz, .abs = 0.051, .why = "the table has one digit after the point");
    MESSAGE("K_bath " << K_bath << ": tonic " << found << " Hz");
}

/// @param digits  half a unit of the last digit that the table gives
void check_still(const Crossings& crossings, double K_bath, double V, double digits) {
    CAPTURE(K_bath);
    const std::size_t region = region_at(K_bath);
    CHECK(crossings.of(region).empty());
    CHECK_CLOSE(crossings.last(0, region), V, .abs = digits, .why = "half of the table's last digit");
    MESSAGE("K_bath " << K_bath << ": still at V " << crossings.last(0, region));
}

}  // namespace

TEST_CASE("[long] single nodes of preset fig6 show the regimes of the paper's Fig. 5") {
    const Crossings found = observe_regimes("fig6");
    check_still(found, 5.5, -72.875, 0.0006);
    CHECK_CLOSE(1000 * found.last(2, region_at(5.5)), 5.555, .abs = 0.0011, .why = "rest rate in Hz, to the table's digits");
    check_bursts(found, 7.5, 4579.5, 5.0, 44);
    check_tonic(found, 10.0, 27.3);
    check_bursts(found, 12.5, 1767.7, 3.0);
    check_bursts(found, 15.5, 2361.7, 3.0, 199);
    check_tonic(found, 17.5, 118.4);
    check_tonic(found, 20.0, 155.7);
    check_still(found, 25.0, -20.360, 0.0006);

    const auto [low, high] = found.range(1, region_at(15.5));
    MESSAGE("K_bath 15.5: K_ext from " << low << " to " << high << " mM");
    CHECK_CLOSE(low, 13.13, .abs = 0.01, .why = "smallest K_ext in mM, to the table's digits; sampled every 0.1 ms");
    CHECK_CLOSE(high, 17.05, .abs = 0.01, .why = "largest K_ext in mM, to the table's digits; sampled every 0.1 ms");
}

TEST_CASE("[long] single nodes of preset fig3 show the regimes of the paper's Fig. 3") {
    const Crossings found = observe_regimes("fig3");
    check_still(found, 5.5, -72.77, 0.006);
    check_bursts(found, 7.5, 4280.6, 5.0);
    check_tonic(found, 10.0, 27.8);
    check_bursts(found, 12.5, 1714.0, 3.0);
    check_bursts(found, 15.5, 2354.4, 3.0);
    check_tonic(found, 17.5, 118.4);
    check_still(found, 20.0, -22.42, 0.006);
    check_still(found, 25.0, -21.65, 0.006);
}

TEST_CASE("[long] the gating constants printed in the paper give tonic spiking at rest's K_bath") {
    SimulatorSettings settings = instant(Integrator::rk4(0.02));
    settings.monitors = {MonitorSettings::subsample(0.1, {"V"})};
    Network network = one_node("printed_gating");
    CHECK(network.parameter(0, "K_bath") == 5.5);
    Crossings crossings(-20.0, -40.0, 40000.0);
    Simulator(std::move(network), settings).run(100000.0, crossings);
    const auto& times = crossings.of(0);
    REQUIRE(times.size() > 1000);
    const double hertz = 1000.0 / mean_interval(times);
    MESSAGE("printed_gating at K_bath 5.5: " << hertz << " Hz");
    CHECK_CLOSE(hertz, 125.6, .abs = 0.15, .why = "one digit is given, and not the window that it is the mean of");
    for (std::size_t k = 1; k < times.size(); ++k)
        if (times[k] - times[k - 1] > 12.0) FAIL_CHECK("a pause of " << times[k] - times[k - 1] << " ms");
}

TEST_CASE("RK4 at 0.01 ms meets the reference inside a burst") {
    Network network = one_node();
    network.set_parameter("K_bath", 15.5);
    set_start(network, inside_a_burst);
    Simulator simulator(std::move(network), instant(Integrator::rk4(0.01)));
    simulator.run(50.0);
    MESSAGE("V(50 ms) = " << fmt::format("{:.10f}", simulator.state(0, "V")) << " mV");
    CHECK_CLOSE(simulator.state(0, "V"), -65.6968791455, .abs = 1e-4, .why = "a fixed step across the jump of the vector field, dt 0.01");
}

namespace {

/// A case of the table of reference trajectories: its name says preset, gating constants, K_bath and what else differs.
struct Trajectory {
    std::string name;
    std::vector<ReferenceTable::Row> rows;

    [[nodiscard]] bool has(std::string_view part) const { return name.find(part) != std::string::npos; }

    [[nodiscard]] Simulator simulator(const Integrator& integrator) const {
        const std::string preset = has("F6") ? "fig6" : has("F3") ? "fig3" : has("F5c") ? "fig4e" : has("F4c") ? "fig4a" : "tvb";
        Network network = one_node(preset);
        network.set_parameter(
            "K_bath", number_from(name.substr(name.find("_K") + 2, name.find('_', name.find("_K") + 2) - name.find("_K") - 2)).value());
        if (has("paper"))
            for (const auto& [parameter, value] : {std::pair{"Vm", -22.0}, {"km", 15.0}, {"Vn", -30.0}, {"kn", 5.0}})
                network.set_parameter(parameter, value);
        if (has("noself") || has("TVBdefault")) network.set_option("self_conductance", 0.0);
        if (has("Vc1")) {
            const auto p = [&](const char* parameter) { return network.parameter(0, parameter); };
            network.set_parameter("Vstar", (p("R_minus") * p("c_minus") - p("R_plus") * p("c_plus")) / (p("R_minus") - p("R_plus")));
        }
        if (has("inburst")) set_start(network, inside_a_burst);
        SimulatorSettings settings = instant(integrator);
        if (has("pulse")) {
            set_start(network, {0.0055558662, -72.875176, 0.0477401430, 0.7275334, 2.8826003});
            Stimulus pulse;
            pulse.regions = {0};
            pulse.onset = 10.0;
            pulse.duration = 50.0;
            pulse.amplitude = 5.0;  // J I_input = 0.4/ms
            settings.stimuli = {pulse};
        }
        return Simulator(std::move(network), settings);
    }
};

std::vector<Trajectory> mean_field_trajectories() {
    std::vector<Trajectory> cases;
    const ReferenceTable table(KATION_SOURCE_DIR "/tests/reference/ion_exchange/reference_trajectories.csv");
    for (const auto& row : table.rows()) {
        const std::string& name = row.at("case");
        if (name.starts_with("HH")) continue;  // the single neuron of Eq. 1
        if (cases.empty() || cases.back().name != name) cases.push_back({name, {}});
        cases.back().rows.push_back(row);
    }
    return cases;
}

}  // namespace

namespace {

/// Cases that show no burst while they are compared.
bool quiet(const Trajectory& each) { return !each.has("inburst") && !each.has("paper") && !each.has("pulse"); }

}  // namespace

TEST_CASE("RK4 at 0.005 ms follows the reference trajectories") {
    struct Column {
        std::string variable, name;
    };
    const Column columns[] = {{"r", "r_per_ms"}, {"V", "V_mV"}, {"n", "n"}, {"DKi", "DKi_mM"}, {"Kg", "Kg_mM"}};
    const auto cases = mean_field_trajectories();
    CHECK(cases.size() == 13);
    for (const Trajectory& each : cases) {
        CAPTURE(each.name);
        Simulator simulator = each.simulator(Integrator::rk4(0.005));
        double worst_r = 0, worst = 0;
        for (const auto& row : each.rows) {
            const double time = ReferenceTable::number(row, "t_ms");
            CAPTURE(time);
            simulator.run(time - simulator.time());
            for (const Column& column : columns) {
                CAPTURE(column.variable);
                const double found = simulator.state(0, column.variable), exact = ReferenceTable::number(row, column.name);
                if (column.variable == "r") {
                    CHECK_CLOSE(found, exact, .rel = 1e-5, .why = "the page of the model says so of RK4 at 0.005 ms");
                    worst_r = std::max(worst_r, std::abs(found - exact) / exact);
                } else {
                    CHECK_CLOSE(found, exact, .abs = quiet(each) ? 3e-8 : 1e-5, .rel = quiet(each) ? 0.0 : 1e-6,
                                .why = "the page of the model says so of RK4 at 0.005 ms; within bursts V changes by 50 mV/ms");
                    worst = std::max(worst, std::abs(found - exact));
                }
            }
        }
        MESSAGE(each.name << ": largest error " << worst << ", relative in r " << worst_r);
    }
}

TEST_CASE("the adaptive scheme meets the reference trajectories to 1e-9") {
    const std::pair<std::string, std::string> columns[] = {
        {"r", "r_per_ms"}, {"V", "V_mV"}, {"n", "n"}, {"DKi", "DKi_mM"}, {"Kg", "Kg_mM"}};
    for (const Trajectory& each : mean_field_trajectories()) {
        CAPTURE(each.name);
        Simulator simulator = each.simulator(Integrator::adaptive(0.02, {1e-13, 1e-14}));
        double worst = 0;
        for (const auto& row : each.rows) {
            const double time = ReferenceTable::number(row, "t_ms");
            CAPTURE(time);
            simulator.run(time - simulator.time());
            for (const auto& column : columns) {
                const std::string& variable = column.first;
                CAPTURE(variable);
                const double found = simulator.state(0, variable), exact = ReferenceTable::number(row, column.second);
                const double size = std::max(std::abs(exact), natural_size(ion_exchange().state[ion_exchange().state_index(variable)]));
                CHECK_CLOSE(found / size, exact / size, .abs = 1e-9, .why = "the table is good to 1e-10 of these sizes");
                worst = std::max(worst, std::abs(found - exact) / size);
            }
        }
        MESSAGE(each.name << ": largest error " << worst << " of each variable's size, "
                          << static_cast<double>(simulator.evaluations()) / simulator.time() << " right-hand sides per ms");
    }
}

TEST_CASE("through a burst the adaptive scheme is good to 1e-6 with less than 400 right-hand sides per ms") {
    Network network = one_node();
    network.set_parameter("K_bath", 15.5);
    set_start(network, inside_a_burst);
    Simulator simulator(std::move(network), instant(Integrator::adaptive(0.02, {1e-8, 1e-11})));
    simulator.run(50.0);
    const std::vector<double> exact{0.00774899614288968, -65.6968791454715, 0.357880414875043, -1.29097372193039, 5.95171974937317};
    const auto found = simulator.state(0);
    double worst = 0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
        CHECK_CLOSE(found[k], exact[k], .rel = 1e-6, .why = "asked of it");
        worst = std::max(worst, std::abs(found[k] / exact[k] - 1.0));
    }
    const double per_ms = static_cast<double>(simulator.evaluations()) / 50.0;
    MESSAGE("largest relative error " << worst << " with " << per_ms << " right-hand sides per ms");
    CHECK(per_ms < 400.0);
}

TEST_CASE("[long] over 60 s of bursts and pauses the adaptive scheme beats RK4 at 0.02 ms with a third of its right-hand sides") {
    struct Found {
        std::vector<double> state;
        double per_ms;
    };
    const auto solve = [](const Integrator& integrator) {
        Network network = one_node("fig6");
        network.set_parameter("K_bath", 15.5);
        Simulator simulator(std::move(network), instant(integrator));
        simulator.run(60000.0);
        return Found{simulator.state(0), static_cast<double>(simulator.evaluations()) / simulator.time()};
    };
    const Found exact = solve(Integrator::adaptive(0.02, {1e-11, 1e-14})), fixed = solve(Integrator::rk4(0.02)),
                loose = solve(Integrator::adaptive(0.02, {3e-5, 3e-8})), usual = solve(Integrator::adaptive(0.02));
    MESSAGE("right-hand sides per ms: RK4 " << fixed.per_ms << ", adaptive at rtol 3e-5 " << loose.per_ms << ", at 1e-6 " << usual.per_ms);
    CHECK(loose.per_ms <= fixed.per_ms / 3.0);
    CHECK(usual.per_ms <= fixed.per_ms / 2.0);
    for (std::size_t k = 0; k < exact.state.size(); ++k) {
        CAPTURE(k);
        const auto error = [&](const Found& found) { return std::abs(found.state[k] - exact.state[k]); };
        MESSAGE("errors: RK4 " << error(fixed) << ", adaptive " << error(loose) << ", " << error(usual));
        CHECK(error(loose) <= error(fixed));
        CHECK(error(usual) <= 0.1 * error(fixed));
    }
}

TEST_CASE("steps that cross the jump of the vector field are split there, so that RK4 keeps its order through a burst") {
    const auto solve = [](double dt) {
        Network network = one_node();
        network.set_parameter("K_bath", 15.5);
        set_start(network, inside_a_burst);
        SimulatorSettings settings = instant(Integrator::rk4(dt));
        Stimulus sine;
        sine.regions = {0};
        sine.waveform = Stimulus::Waveform::sine;
        sine.frequency = 0.05;
        settings.stimuli = {sine};
        return final_states(network, settings, 30.0);
    };
    const auto coarse = solve(0.005), middle = solve(0.0025), fine = solve(0.00125);
    for (std::size_t k = 0; k < 5; ++k) {
        const double order = std::log2(std::abs(coarse[k] - middle[k]) / std::abs(middle[k] - fine[k]));
        CAPTURE(k);
        MESSAGE("order " << order);
        CHECK_CLOSE(order, 4.0, .abs = 0.5, .why = "the next term of the error is still felt at these steps");
    }
}

TEST_CASE("the rest state at K_bath 5.5 is a stable fixed point") {
    const Network network = one_node("fig6");
    const auto& parameters = network.region(0).parameters;
    const std::vector<double> silence{0.0, 0.0}, options{1.0};
    const auto rates = ion_exchange().derivative(rest, parameters, silence, options);
    for (const double rate : rates)
        CHECK_CLOSE(rate, 0.0, .abs = 2e-8, .why = "the state is given to 1e-8, and rates per ms change at most as quickly as the state");

    const arma::cx_vec eigenvalues = arma::eig_gen(ion_exchange().jacobian(rest, parameters, silence, options));
    MESSAGE("largest real part of an eigenvalue: " << arma::real(eigenvalues).max() << " 1/ms");
    CHECK(arma::real(eigenvalues).max() < -1e-5);

    Network resting = one_node("rest");
    Simulator simulator(std::move(resting), instant(Integrator::rk4(0.02)));
    simulator.run(10000.0);
    CHECK_CLOSE(simulator.state(0, "V"), rest[1], .abs = 1e-6, .why = "the state is given to 1e-8");
}

TEST_CASE("each guard refuses with its own message") {
    Network network = one_node();
    const auto refuse_parameter = [&](const char* name, double value, const char* range) {
        CAPTURE(name);
        CHECK_REFUSED(ConfigurationError, range, network.set_parameter(name, value));
        CHECK_REFUSED(ConfigurationError, fmt::format("{} = {}", name, value).c_str(), network.set_parameter(name, value));
    };
    refuse_parameter("K_bath", 0.0, "is outside (0, inf)");
    refuse_parameter("K_bath", -1.0, "is outside (0, inf)");
    refuse_parameter("Delta", -0.5, "is outside [0, inf)");
    refuse_parameter("Cm", 0.0, "is outside (0, inf)");
    refuse_parameter("tau_n", -4.0, "tau_n = -4 ms in region region_0 is outside (0, inf)");
    refuse_parameter("R_minus", 0.0, "is outside (0, inf)");
    refuse_parameter("R_plus", 0.0, "is outside (-inf, 0)");
    refuse_parameter("R_plus", 0.1, "is outside (-inf, 0)");

    CHECK_REFUSED(ConfigurationError, "DKi = 16 mM in region region_0 is outside (-46, 16)", network.set_initial(0, "DKi", 16.0));
    CHECK_REFUSED(ConfigurationError, "is outside (-46, 16)", network.set_initial(0, "DKi", -46.0));
    CHECK_REFUSED(ConfigurationError, "r = -0.001 1/ms in region region_0 is outside [0, inf)", network.set_initial(0, "r", -0.001));
    CHECK_REFUSED(ConfigurationError, "n = 1.01 in region region_0 is outside [0, 1]", network.set_initial(0, "n", 1.01));
    CHECK_REFUSED(ConfigurationError, "outside", network.set_initial(0, "n", -0.01));
    CHECK_REFUSED(ConfigurationError, "outside", network.set_initial(0, "V", std::numeric_limits<double>::quiet_NaN()));
}

TEST_CASE("a start without potassium outside the cells is refused") {
    Network network = one_node();
    network.set_initial(0, "DKi", -1.0);
    network.set_initial(0, "Kg", -8.0);  // K_ext = 4.8 + 3 - 8 = -0.2
    CHECK_REFUSED(ConfigurationError, "the start state of region region_0 gives K_ext = -0.2", network.check());
    CHECK_REFUSED(ConfigurationError, "which is outside (0, inf)", Simulator(network, instant(Integrator::rk4(0.02))));
    network.set_initial(0, "Kg", -7.0);
    network.check();
}

TEST_CASE("parabolas joined beside their vertices deserve a warning, and so does a large step") {
    Network network = one_node();
    CHECK(network.warnings().size() == 1);  // that the connectome has no delays
    network.set_parameter("Vstar", -15.0);
    const auto warnings = Simulator(network, instant(Integrator::rk4(0.1))).warnings();
    CHECK(std::ranges::count_if(warnings, [](const std::string& each) { return each.find("Vstar") != each.npos; }) == 1);
    CHECK(std::ranges::count_if(warnings, [](const std::string& each) { return each.find("dt = 0.1 ms is above 0.05 ms") != each.npos; }) ==
          1);
}

namespace {

/// Event times of a node under a pulse of I_input.
std::vector<double> response(Network network, double amplitude, double onset, double length, double until) {
    SimulatorSettings settings = instant(Integrator::rk4(0.02));
    Stimulus pulse;
    pulse.regions = {0};
    pulse.onset = onset;
    pulse.duration = length;
    pulse.amplitude = amplitude;
    settings.stimuli = {pulse};
    settings.monitors = {MonitorSettings::raw({"V"})};
    Crossings crossings(-20.0, -40.0, 0.0);
    Simulator(std::move(network), settings).run(until, crossings);
    return crossings.of(0);
}

/// Where a node comes to rest at K_bath 6.5, from the rest state at 5.5.
std::vector<double> rest_at_6_5() {
    Network network = one_node("rest");
    network.set_parameter("K_bath", 6.5);
    Simulator simulator(std::move(network), instant(Integrator::rk4(0.05)));
    simulator.run(100000.0);
    return simulator.state(0);
}

}  // namespace

TEST_CASE("a resting node fires during a strong pulse and not after it") {
    const auto times = response(one_node("rest"), 5.0, 100.0, 500.0, 3000.0);
    REQUIRE(times.size() > 1);
    MESSAGE(times.size() << " spikes between " << times.front() << " and " << times.back() << " ms");
    CHECK(times.front() > 100.0);
    CHECK(times.back() < 600.0);
}

TEST_CASE("a resting node has a threshold for pulses") {
    const auto fires = [](double amplitude) { return !response(one_node("rest"), amplitude, 10.0, 100.0, 300.0).empty(); };
    CHECK_FALSE(fires(0.9405));
    CHECK(fires(0.9415));
}

TEST_CASE("a short pulse evokes a transient burst at K_bath 6.5") {
    Network network = one_node();
    network.set_parameter("K_bath", 6.5);
    set_start(network, rest_at_6_5());
    const auto times = response(network, 0.625, 0.0, 100.0, 5000.0);
    REQUIRE(times.size() > 6);
    MESSAGE(times.size() << " spikes, the last at " << times.back() << " ms");
    CHECK(std::ranges::count_if(times, [](double time) { return time < 100.0; }) == 6);
    CHECK(times.size() == 6 + 25);
    CHECK_CLOSE(times.back(), 688.0, .abs = 2.0, .why = "the page of the model says near 688 ms");
    CHECK(response(network, 0.0, 0.0, 100.0, 5000.0).empty());
}

TEST_CASE("a step that is too large ends with region, variable, time and dt") {
    ConnectomeParts parts;
    parts.weights.zeros(2, 2);
    parts.labels = {"calm", "stormy"};
    Network network(Connectivity(parts), ion_exchange());
    network.set_model(0, RegionModel(ion_exchange(), "rest"));
    network.set_parameter(1, "K_bath", 15.5);
    Simulator simulator(std::move(network), instant(Integrator::euler(0.3)));
    try {
        simulator.run(30000.0);
        FAIL("the run went on");
    } catch (const InvalidState& error) {
        const std::string message = error.what();
        MESSAGE(message);
        CHECK(message.find("in region stormy at t = ") != message.npos);
        CHECK(message.find("With euler at dt = 0.3 ms the step is probably too large: try dt = 0.075") != message.npos);
        CHECK(error.code() == ExitCode::invalid_state);
    }
    CHECK_REFUSED(InvalidState, "cannot go on", simulator.run(1.0));
}
