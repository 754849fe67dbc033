// Mean fields of Izhikevich neurons (Gast, Solla, Kennedy 2023) against independent high-precision solutions.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/crossings.hpp>
#include <support/networks.hpp>
#include <support/reference_table.hpp>
#include <support/refused.hpp>

#include <fmt/format.h>

#include <complex>
#include <numbers>

using namespace kation;

namespace {

constexpr double pi = std::numbers::pi;

using Settings = std::vector<std::pair<const char*, double>>;

const Entry& single() { return model("izhikevich"); }
const Entry& circuit() { return model("izhikevich_rs_fs"); }

RegionModel node_of(const Entry& entry, const Settings& settings, std::string_view preset = "") {
    RegionModel node(entry, preset);
    for (const auto& [name, value] : settings) node.parameters[entry.parameter_index(name)] = value;
    return node;
}

const std::vector<double> silence{0.0, 0.0}, uncorrected{0.0}, corrected{1.0};

arma::vec rates_at(const arma::vec& x, const RegionModel& node, const std::vector<double>& options = uncorrected) {
    return arma::vec(node.model->derivative({x.begin(), x.end()}, node.parameters, silence, options));
}
arma::mat jacobian_at(const arma::vec& x, const RegionModel& node, const std::vector<double>& options = uncorrected) {
    return node.model->jacobian({x.begin(), x.end()}, node.parameters, silence, options);
}
arma::vec newton(arma::vec x, const RegionModel& node) {
    for (int k = 0; k < 30; ++k) x -= arma::solve(jacobian_at(x, node), rates_at(x, node));
    return x;
}

ReferenceTable reference(const std::string& file) {
    return ReferenceTable(std::filesystem::path(KATION_SOURCE_DIR "/tests/reference/izhikevich") / file);
}

Simulator one_node(const RegionModel& node, double dt, std::vector<Stimulus> stimuli = {}, double finite_reset = 0.0) {
    SimulatorSettings settings = instant(Integrator::rk4(dt));
    settings.stimuli = std::move(stimuli);
    Network network(unconnected(1), node);
    network.set_option("finite_reset", finite_reset);
    return Simulator(std::move(network), settings);
}

/// The fixed point with potential v, and the current I that it needs: the equations solved by hand, at Table I's other parameters.
struct FixedPoint {
    double I;
    arma::vec state;
};
FixedPoint fixed_point(double v, double Delta_v, double kappa) {
    constexpr double C = 100, k = 0.7, v_r = -60, vb = -40, g = 1, E = 0, tau_u = 33.33, tau_s = 6, b = -2, J = 15;
    // s = tau_s J r makes C r' = 0 a quadratic equation of r, with one root above 0 for v > v_r.
    const double p = k * (2 * v - v_r - vb), q = Delta_v * k * k * (v - v_r) / (pi * C), a = g * tau_s * J;
    const double root = std::sqrt(p * p + 4 * a * q), r = p > 0 ? (p + root) / (2 * a) : 2 * q / (root - p);
    const double s = tau_s * J * r, u = b * (v - v_r) + tau_u * kappa * r, w = pi * C * r;
    return {-(k * (v - v_r) * (v - vb) - w * (Delta_v + w / k) - u + g * s * (E - v)), {r, v, u, s}};
}

/// Product of the sums of all pairs of eigenvalues: 0 where a pair is purely imaginary (or two real ones are opposite).
double pair_sums(const arma::cx_vec& eigenvalues) {
    std::complex<double> product = 1;
    for (arma::uword i = 0; i < eigenvalues.size(); ++i)
        for (arma::uword k = 0; k < i; ++k) product *= eigenvalues(i) + eigenvalues(k);
    return product.real();
}

/// True if the pair of eigenvalues whose sum is nearest to 0 is complex: a Hopf point and not a neutral saddle.
bool oscillates(const arma::cx_vec& eigenvalues, double* frequency = nullptr) {
    double nearest = inf, imaginary = 0;
    for (arma::uword i = 0; i < eigenvalues.size(); ++i)
        for (arma::uword k = 0; k < i; ++k)
            if (const double sum = std::abs(eigenvalues(i) + eigenvalues(k)); sum < nearest) {
                nearest = sum;
                imaginary = std::abs(eigenvalues(i).imag());
            }
    if (frequency != nullptr) *frequency = imaginary / (2 * pi);
    return imaginary > 0;
}

/// Where a function changes sign between low and high.
template <class Function>
double zero_of(const Function& f, double low, double high) {
    const bool sign = f(low) > 0;
    REQUIRE((f(high) > 0) != sign);
    for (int k = 0; k < 80; ++k) {
        const double middle = 0.5 * (low + high);
        ((f(middle) > 0) == sign ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

struct Bifurcation {
    std::string type;
    double I, f_hz;
    arma::vec state;
};

/// All folds and Hopf points on the curve of fixed points, along rising v.
std::vector<Bifurcation> bifurcations(double Delta_v, double kappa) {
    const auto eigenvalues = [&](double v) {
        const FixedPoint point = fixed_point(v, Delta_v, kappa);
        return arma::cx_vec(
            arma::eig_gen(jacobian_at(point.state, node_of(single(), {{"Delta_v", Delta_v}, {"kappa", kappa}, {"I", point.I}}))));
    };
    const auto fold = [&](double v) { return arma::prod(eigenvalues(v)).real(); };
    const auto hopf = [&](double v) { return pair_sums(eigenvalues(v)); };
    std::vector<Bifurcation> found;
    constexpr double step = 0.01;
    double fold_before = fold(-59.0), hopf_before = hopf(-59.0);
    for (double v = -59.0 + step; v < -46.0; v += step) {
        const double fold_here = fold(v), hopf_here = hopf(v);
        if ((fold_here > 0) != (fold_before > 0)) {
            const FixedPoint point = fixed_point(zero_of(fold, v - step, v), Delta_v, kappa);
            found.push_back({"fold", point.I, 0, point.state});
        }
        if ((hopf_here > 0) != (hopf_before > 0)) {
            const double where = zero_of(hopf, v - step, v);
            double frequency = 0;
            const FixedPoint point = fixed_point(where, Delta_v, kappa);
            if (oscillates(eigenvalues(where), &frequency)) found.push_back({"hopf", point.I, 1000 * frequency, point.state});
        }
        fold_before = fold_here, hopf_before = hopf_here;
    }
    return found;
}

}  // namespace

TEST_CASE("izhikevich: the fixed points solved by hand are those of the model") {
    for (const double kappa : {0.0, 10.0, 100.0})
        for (const double v : {-58.0, -55.0, -51.0, -49.0, -47.0}) {
            const FixedPoint point = fixed_point(v, 1.0, kappa);
            const arma::vec rates = rates_at(point.state, node_of(single(), {{"kappa", kappa}, {"I", point.I}}));
            CAPTURE(kappa);
            CAPTURE(v);
            for (arma::uword k = 0; k < 4; ++k) CHECK_CLOSE(rates(k), 0.0, .abs = 2e-13, .why = "terms of 20 mV/ms cancel");
        }
}

TEST_CASE("izhikevich: folds and Hopf points for all widths and adaptations are those of the table, and there are no others") {
    std::map<std::pair<double, double>, std::vector<Bifurcation>> expected;
    const ReferenceTable table = reference("gast_bifurcations.csv");
    for (const auto& row : table.rows()) {
        const auto of = [&](const char* column) { return ReferenceTable::number(row, column); };
        const bool hopf = row.at("type") == "hopf";
        expected[{of("Delta_v"), of("kappa")}].push_back(
            {row.at("type"), of("I"), hopf ? of("f_hz") : 0, {of("r_hz") / 1000, of("v"), of("u"), of("s")}});
    }
    double worst = 0;
    std::size_t count = 0;
    for (const auto& [key, points] : expected) {
        const double Delta_v = key.first, kappa = key.second;
        CAPTURE(Delta_v);
        CAPTURE(kappa);
        const auto found = bifurcations(Delta_v, kappa);
        CHECK(found.size() == points.size());
        for (const Bifurcation& exact : points) {
            CAPTURE(exact.type);
            const auto match = std::ranges::find_if(
                found, [&](const Bifurcation& each) { return each.type == exact.type && std::abs(each.state(1) - exact.state(1)) < 1e-3; });
            REQUIRE(match != found.end());
            CHECK_CLOSE(match->I, exact.I, .abs = 2e-8, .why = "given with 8 decimals");
            CHECK_CLOSE(match->f_hz, exact.f_hz, .abs = 2e-6, .why = "given with 6 decimals");
            // The table's folds are minima of I(v), which are flat: half of the digits of v.
            const double of_v = exact.type == "fold" ? 1e-5 : 2e-7;
            CHECK_CLOSE(match->state(0), exact.state(0), .abs = of_v * 1e-2, .why = "dr/dv is at most 0.01");
            CHECK_CLOSE(match->state(1), exact.state(1), .abs = of_v, .why = "given with 7 decimals, and flat minima");
            CHECK_CLOSE(match->state(2), exact.state(2), .abs = of_v * 20, .why = "du/dv is at most 20");
            CHECK_CLOSE(match->state(3), exact.state(3), .abs = of_v, .why = "ds/dv is at most 1");
            worst = std::max(worst, std::abs(match->I - exact.I));
            ++count;
        }
    }
    CHECK(count == 59);
    MESSAGE(count << " bifurcations, largest error of I: " << worst << " pA");
}

TEST_CASE(
    "izhikevich: kappa 10 has folds at I 40.670626 and 23.621307 and no Hopf point, kappa 100 Hopf points at 49.980697 and 61.141274") {
    const auto weak = bifurcations(1.0, 10.0), strong = bifurcations(1.0, 100.0);
    REQUIRE(weak.size() == 2);
    CHECK(weak[0].type == "fold");
    CHECK(weak[1].type == "fold");
    CHECK_CLOSE(weak[0].I, 40.670626, .abs = 6e-7, .why = "given with 6 decimals");
    CHECK_CLOSE(weak[1].I, 23.621307, .abs = 6e-7, .why = "given with 6 decimals");
    REQUIRE(strong.size() == 2);
    CHECK(strong[0].type == "hopf");
    CHECK(strong[1].type == "hopf");
    CHECK_CLOSE(strong[0].I, 49.980697, .abs = 6e-7, .why = "given with 6 decimals");
    CHECK_CLOSE(strong[1].I, 61.141274, .abs = 6e-7, .why = "given with 6 decimals");
}

TEST_CASE("izhikevich: at kappa 100 and I 55 there is a limit cycle of 259.710 ms with s from 0.260494 to 1.670723") {
    SimulatorSettings settings = instant(Integrator::rk4(0.02));
    settings.monitors = {MonitorSettings::raw({"s", "r"})};
    Crossings crossings(1.0, 0.5, 4000.0);
    Simulator(Network(unconnected(1), single(), "limit_cycle"), settings).run(4000.0 + 8 * 260.0, crossings);
    const auto& times = crossings.of(0);
    REQUIRE(times.size() >= 7);
    const double period = (times[6] - times[0]) / 6;
    MESSAGE("period " << fmt::format("{:.6f}", period) << " ms");
    CHECK_CLOSE(period, 259.711, .abs = 1e-3, .why = "given with 3 decimals, of which the last is one off:");
    CHECK_CLOSE(period, 259.7102861, .abs = 1e-6,
                .why = "by a program of its own, the same at steps of 0.05, 0.1 and 0.2 ms and three thresholds");
    const auto [low, high] = crossings.range(0, 0);
    CHECK_CLOSE(low, 0.260494, .abs = 1e-6, .why = "given with 6 decimals, sampled every 0.02 ms");
    CHECK_CLOSE(high, 1.670723, .abs = 1e-6, .why = "given with 6 decimals, sampled every 0.02 ms");
    // The cycle does not reach the default threshold of events, which lies between the two states of kappa 10.
    CHECK(crossings.range(1, 0).high < single().event.threshold);
}

TEST_CASE("izhikevich: presets show the regimes that they promise") {
    const auto settled = [](const char* preset, double finite_reset) {
        const RegionModel node(single(), preset);
        Simulator simulator = one_node(node, 0.1, {}, finite_reset);
        simulator.run(2000.0);
        const arma::vec state(simulator.state(0));
        CHECK(arma::abs(rates_at(state, node, {finite_reset})).max() < 1e-9);
        return state;
    };
    CHECK(settled("bistable", 0)(0) < 0.002);
    CHECK(settled("active", 0)(0) > 0.02);
    const arma::vec spiking = settled("spiking", 0);
    CHECK_CLOSE(spiking(0), 0.03088344057, .abs = 1e-11, .why = "given with 10 digits");
    CHECK_CLOSE(spiking(1), -48.4319404096, .abs = 1e-9, .why = "given with 12 digits; what the transient leaves");
    const double without = settled("narrow_reset", 0)(0), with = settled("narrow_reset", 1)(0);
    CHECK(without == spiking(0));
    CHECK(with > 1.05 * without);
    MESSAGE("spikes from -100 to 50 mV: " << 1000 * with << " Hz, uncorrected " << 1000 * without << " Hz");
}

TEST_CASE("izhikevich: a node follows the exact solution through a slow ramp of current up and down") {
    Stimulus up;
    up.regions = {0};
    up.waveform = Stimulus::Waveform::ramp;
    up.duration = 1000.0;
    up.amplitude = 50.0;
    Stimulus down = up;
    down.onset = 1000.0;
    down.amplitude = -50.0;
    RegionModel node = node_of(single(), {{"I", 20.0}});
    node.initial = {0.0002791293045357558, -57.99291283509683, -3.92114053260457, 0.02512163740821801};
    Simulator simulator = one_node(node, 0.02, {up, down});
    double worst = 0;
    const ReferenceTable table = reference("gast_ramp_k10.csv");
    for (const auto& row : table.rows()) {
        const double time = ReferenceTable::number(row, "t_ms");
        CAPTURE(time);
        simulator.run(time - simulator.time());
        for (const auto& [column, name] : {std::pair{"r_per_ms", "r"}, {"v", "v"}, {"u", "u"}, {"s", "s"}}) {
            const double exact = ReferenceTable::number(row, column), found = simulator.state(0, name);
            CHECK_CLOSE(found, exact, .abs = 1e-12, .rel = 1e-8, .why = "RK4 at 0.02 ms errs by 1e-9 where the state jumps up");
            worst = std::max(worst, std::abs(found / exact - 1));
        }
    }
    CHECK(table.rows().size() == 41);
    MESSAGE("ramp: largest relative error " << worst);
}

TEST_CASE("izhikevich: the largest steps without a warning keep the period of the limit cycle within 1 %") {
    for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
        const double dt = single().info.largest_dt[static_cast<std::size_t>(method)];
        SimulatorSettings settings = instant(Integrator::of(method, dt));
        settings.monitors = {MonitorSettings::raw({"s"})};
        Crossings crossings(1.0, 0.5, 1000.0);
        Simulator(Network(unconnected(1), single(), "limit_cycle"), settings).run(2600.0, crossings);
        REQUIRE(crossings.of(0).size() >= 5);
        CAPTURE(dt);
        const double period = (crossings.of(0)[4] - crossings.of(0)[0]) / 4;
        MESSAGE("step " << dt << " ms: period " << period << " ms");
        CHECK_CLOSE(period, 259.7102861, .rel = 1e-2, .why = "what the warning is to grant");
    }
    CHECK(single().info.largest_dt[2] == 0.2);
}

TEST_CASE("izhikevich: the corrected current and the rate of a single neuron are those of the closed form") {
    // At r = s = u = 0 and v = v_r, C v' is I*.
    double worst = 0;
    const ReferenceTable table = reference("gast_istar.csv");
    for (const auto& row : table.rows()) {
        const auto of = [&](const char* column) { return ReferenceTable::number(row, column); };
        const RegionModel node = node_of(single(), {{"v_p", of("v_p")}, {"v_0", of("v_0")}, {"I", of("I")}});
        const arma::vec x{0.0, -60.0, 0.0, 0.0};
        const double I_star = 100 * rates_at(x, node, corrected)(1);
        CAPTURE(of("v_0"));
        CAPTURE(of("I"));
        CHECK_CLOSE(I_star, of("I_star"), .abs = 2e-10, .why = "given with 10 decimals");
        CHECK_CLOSE(100 * rates_at(x, node)(1), of("I"), .abs = 1e-11, .why = "rounding: without the option I* is I");
        // The rate with v_p and v_0 infinitely far away, at the current I*.
        const auto rate_of = [](double I) { return 1000 * 0.7 * std::sqrt(std::max(0.0, 4 * (0.7 * 2400 + I) / 0.7 - 1e4)) / (200 * pi); };
        CHECK_CLOSE(rate_of(I_star), of("r_hz"), .abs = 2e-9, .why = "given with 10 decimals; the root of a difference");
        CHECK_CLOSE(rate_of(of("I")), of("r_inf_hz"), .abs = 1e-9, .why = "given with 10 decimals; the root of a difference");
        worst = std::max(worst, std::abs(I_star - of("I_star")));
    }
    CHECK(table.rows().size() == 54);
    MESSAGE("I*: largest error " << worst << " pA");
}

TEST_CASE("izhikevich: the corrected current goes over into I where mu is 0, and is I below") {
    // A single neuron has mu = 0 at I = 70; I* - I grows as mu^1.5 above.
    const auto correction = [](double I) {
        const RegionModel node = node_of(single(), {{"v_p", 50.0}, {"v_0", -100.0}, {"I", I}});
        const arma::vec x{0.0, -60.0, 0.0, 0.0};
        return 100 * (rates_at(x, node, corrected)(1) - rates_at(x, node)(1));
    };
    for (const double I : {-100.0, 0.0, 69.0, 69.999999}) CHECK(correction(I) == 0.0);
    const double near = correction(70.0 + 1e-4), nearer = correction(70.0 + 1e-6);
    CHECK_CLOSE(near, 0.0, .abs = 1e-7, .why = "the leading term is 2.3e-8");
    CHECK_CLOSE(nearer, 0.0, .abs = 1e-10, .why = "the leading term is 2.3e-11");
    CHECK(near > 0.0);
    CHECK(std::isfinite(correction(std::nextafter(70.0, inf))));
}

TEST_CASE("izhikevich: with the correction the Jacobian of both models equals central differences on both sides of mu = 0") {
    struct Point {
        RegionModel node;
        arma::vec x;
    };
    const Settings narrow{{"v_p", 50.0}, {"v_0", -100.0}};
    const arma::vec low{0.0015, -54.2, 60.0, 0.135}, high{0.03, -48.4, -12.8, 2.8};
    arma::vec ten_low = arma::join_cols(arma::vec{0.0015, -54.2, 80.0, 0.1, 0.1}, arma::vec{0.001, -53.0, 60.0, 0.1, 0.1});
    arma::vec ten_high = arma::join_cols(arma::vec{0.02, -48.4, -6.8, 2.1, 0.5}, arma::vec{0.01, -47.0, 0.1, 0.5, 0.1});
    for (const Point& point : {Point{node_of(single(), narrow), low}, Point{node_of(single(), narrow), high},
                               Point{node_of(circuit(), narrow), ten_low}, Point{node_of(circuit(), narrow), ten_high}}) {
        const arma::mat exact = jacobian_at(point.x, point.node, corrected);
        CHECK(exact.is_finite());
        for (arma::uword k = 0; k < point.x.size(); ++k) {
            const double step = 1e-5 * std::max(1e-2, std::abs(point.x(k)));
            arma::vec above = point.x, below = point.x;
            above(k) += step, below(k) -= step;
            const arma::vec slope = (rates_at(above, point.node, corrected) - rates_at(below, point.node, corrected)) / (2 * step);
            for (arma::uword row = 0; row < point.x.size(); ++row)
                CHECK_CLOSE(slope(row), exact(row, k), .abs = 1e-14 / step * 100, .rel = 1e-7, .why = "rounding of rates over the step");
        }
    }
    CHECK(arma::approx_equal(jacobian_at(low, node_of(single(), narrow), corrected), jacobian_at(low, node_of(single(), narrow)), "absdiff",
                             0));
}

TEST_CASE("izhikevich: coupling adds to J r in s', the stimulus to the current") {
    for (const Entry* entry : {&single(), &circuit()}) {
        const PresetValues& preset = entry->presets.front();
        const std::size_t s = entry == &single() ? 3 : 3, v = 1;
        const auto at_rest = entry->derivative(preset.state, preset.parameters, silence, uncorrected);
        const auto driven = entry->derivative(preset.state, preset.parameters, std::vector{0.25, 40.0}, uncorrected);
        for (std::size_t k = 0; k < at_rest.size(); ++k) {
            const double change = k == s ? 0.25 : k == v ? 40.0 / 100.0 : 0.0;
            CHECK_CLOSE(driven[k] - at_rest[k], change, .abs = 1e-13, .why = "rounding of a difference of terms of 20 mV/ms");
        }
    }
}

TEST_CASE("izhikevich: parameters out of range and pairs that contradict each other are refused with their values") {
    for (const auto& [name, unit] : {std::pair{"C", "pF"}, {"k", "nS/mV"}, {"tau_u", "ms"}, {"tau_s", "ms"}, {"Delta_v", "mV"}})
        for (const double value : {0.0, -1.0}) {
            Network network(unconnected(1), single());
            const std::string says = fmt::format("izhikevich: {} = {} {} in region region_0 is outside (0, inf)", name, value, unit);
            CHECK_REFUSED(ConfigurationError, says.c_str(), network.set_parameter(name, value));
        }
    for (const char* name : {"C_rs", "C_fs", "k_rs", "k_fs", "a_rs", "a_fs", "tau_e", "tau_i", "Delta_rs", "Delta_fs"}) {
        Network network(unconnected(1), circuit());
        CHECK_REFUSED(ConfigurationError, fmt::format("izhikevich_rs_fs: {} = 0 ", name).c_str(), network.set_parameter(name, 0.0));
    }

    const auto refuse = [](const Entry& entry, const char* name, double value, const char* says) {
        for (const double finite_reset : {0.0, 1.0}) {
            Network network(unconnected(1), entry);
            network.set_option("finite_reset", finite_reset);
            network.set_parameter(name, value);
            CHECK_REFUSED(ConfigurationError, fmt::format("in region region_0, {}", says).c_str(), network.check());
            CHECK_REFUSED(ConfigurationError, says, Simulator(network, instant(Integrator::rk4(0.1))));
        }
    };
    refuse(single(), "vb", -60.0, "vb = -60 mV must be above v_r = -60 mV");
    refuse(single(), "vb", -61.5, "vb = -61.5 mV must be above v_r = -60 mV");
    refuse(single(), "v_0", -50.0, "v_0 = -50 mV must be below (v_r + vb)/2 = -50 mV");
    refuse(single(), "v_p", -50.0, "v_p = -50 mV must be above (v_r + vb)/2 = -50 mV");
    refuse(circuit(), "vb_rs", -60.0, "vb_rs = -60 mV must be above v_r_rs = -60 mV");
    refuse(circuit(), "vb_fs", -56.0, "vb_fs = -56 mV must be above v_r_fs = -55 mV");
    refuse(circuit(), "v_0", -49.0, "v_0 = -49 mV must be below (v_r_rs + vb_rs)/2 = -50 mV");
    refuse(circuit(), "v_p", -47.5, "v_p = -47.5 mV must be above (v_r_fs + vb_fs)/2 = -47.5 mV");
    Network network(unconnected(1), single());
    CHECK_REFUSED(ConfigurationError, "r = -0.001 1/ms in region region_0 is outside [0, inf)", network.set_initial(0, "r", -0.001));
    CHECK_REFUSED(ConfigurationError, "option finite_reset = 2 is outside [0, 1]", network.set_option("finite_reset", 2.0));
}

TEST_CASE("izhikevich: a run stops where the rate falls below 0, as the equations want it below v_r") {
    const RegionModel node = node_of(single(), {{"I", -20.0}});
    CHECK_REFUSED(InvalidState, "izhikevich: r = -", one_node(node, 0.1).run(1000.0));
    CHECK_REFUSED(InvalidState, "outside [0, inf)", one_node(node, 0.001).run(1000.0));
    // No matter of the step: the only fixed point has v < v_r and r < 0.
    const arma::vec point = newton({-1.5e-4, -61.6, 3.1, -0.0137}, node);
    CHECK(arma::abs(rates_at(point, node)).max() < 1e-12);
    CHECK(point(0) < 0.0);
    CHECK(point(1) < -60.0);
}

TEST_CASE("izhikevich: an event is the rise from the low to the active state, and back and up again another one") {
    // From bistable, pulses of 20 pA lead up, pulses of -25 pA down.
    std::vector<Stimulus> pulses(3);
    for (std::size_t k = 0; k < 3; ++k) {
        pulses[k].regions = {0};
        pulses[k].onset = 200.0 + 400.0 * static_cast<double>(k);
        pulses[k].duration = 200.0;
        pulses[k].amplitude = k == 1 ? -25.0 : 20.0;
    }
    Simulator simulator = one_node(RegionModel(single(), "bistable"), 0.1, pulses);
    simulator.run(1600.0);
    const Recruitment found = simulator.recruitment();
    CHECK(found.events[0] == 2);
    CHECK(found.first_event_ms[0] > 200.0);
    CHECK(found.first_event_ms[0] < 400.0);
    CHECK(simulator.state(0, "r") > 0.02);
}

// Two populations

TEST_CASE("izhikevich_rs_fs: both populations follow the exact solution through two steps of the fast-spiking current") {
    RegionModel node = node_of(circuit(), {{"Delta_fs", 0.3}});
    const ReferenceTable table = reference("gast_ei_traj_unc.csv");
    double worst = 0;
    std::size_t row = 0;
    for (const double I_fs : {20.0, 30.0, 40.0}) {
        node.parameters[circuit().parameter_index("I_fs")] = I_fs;
        Simulator simulator = one_node(node, 0.01);
        const double begin = I_fs * 50.0 - 1000.0;  // [ms]
        for (; row < table.rows().size() && ReferenceTable::number(table.rows()[row], "t_ms") <= begin + 500.0; ++row) {
            const double time = ReferenceTable::number(table.rows()[row], "t_ms");
            CAPTURE(time);
            simulator.run(time - begin - simulator.time());
            for (const Field& field : circuit().state) {
                const std::string name(field.name.view());
                CAPTURE(name);
                const double exact = ReferenceTable::number(table.rows()[row], name), found = simulator.state(0, name);
                CHECK_CLOSE(found, exact, .abs = 1e-11, .rel = 1e-7,
                            .why = "RK4 at 0.01 ms, in oscillations that shift its errors in time");
                if (exact != 0.0) worst = std::max(worst, std::abs(found / exact - 1));
            }
        }
        node.initial = simulator.state(0);
    }
    CHECK(row == 31);
    MESSAGE("rs and fs: largest relative error " << worst);
}

TEST_CASE("izhikevich_rs_fs: at Delta_fs 0.1 there are Hopf points at I_fs 31.182432, 51.962002 and 62.232027") {
    // Along the curve of fixed points by its arc length: it has folds.
    const auto node = [](double I_fs) { return node_of(circuit(), {{"I_fs", I_fs}}); };
    const arma::vec unit{0.01, 1, 1, 1, 1, 0.01, 1, 1, 1, 1, 1};  // of r, v, u, se, si twice and of I_fs
    const auto extended = [&](const arma::vec& y) {
        arma::mat slope(10, 11);
        slope.head_cols(10) = jacobian_at(y.head(10), node(y(10)));
        slope.col(10).zeros();
        slope(6, 10) = 1.0 / 20.0;  // dv_fs'/dI_fs = 1/C_fs
        return slope;
    };
    const auto settle = [&](arma::vec y, const arma::vec& tangent, const arma::vec& guess) {
        for (int k = 0; k < 12; ++k) {
            const arma::vec residual =
                arma::join_cols(rates_at(y.head(10), node(y(10))), arma::vec{arma::dot(tangent, (y - guess) / unit)});
            y -= arma::solve(arma::join_cols(extended(y), arma::rowvec(tangent.t() / unit.t())), residual);
        }
        return y;
    };
    const auto eigenvalues = [&](const arma::vec& y) { return arma::cx_vec(arma::eig_gen(jacobian_at(y.head(10), node(y(10))))); };
    Simulator simulator = one_node(node(20.0), 0.1);
    simulator.run(1000.0);
    arma::vec y = arma::join_cols(newton(arma::vec(simulator.state(0)), node(20.0)), arma::vec{20.0});
    arma::vec tangent(11, arma::fill::zeros);
    tangent(10) = 1;
    std::vector<double> hopf;
    for (int step = 0; step < 4000 && y(10) < 75.0 && y(10) > 10.0; ++step) {
        arma::vec right(11, arma::fill::zeros);
        right(10) = 1;
        arma::vec next = arma::solve(arma::join_cols(extended(y) * arma::diagmat(unit), tangent.t()), right);
        tangent = next / arma::norm(next);
        const auto along = [&](double length) {
            const arma::vec guess = y + length * tangent % unit;
            return settle(guess, tangent, guess);
        };
        const auto test = [&](double length) { return pair_sums(eigenvalues(along(length))); };
        constexpr double length = 0.1;
        if ((test(0.0) > 0) != (test(length) > 0)) {
            const arma::vec where = along(zero_of(test, 0.0, length));
            if (oscillates(eigenvalues(where))) hopf.push_back(where(10));
        }
        y = along(length);
    }
    CHECK(y(10) >= 75.0);
    std::ranges::sort(hopf);
    for (const double I_fs : hopf) MESSAGE("Hopf point at I_fs = " << fmt::format("{:.8f}", I_fs));
    REQUIRE(hopf.size() == 3);
    CHECK_CLOSE(hopf[0], 31.182432, .abs = 6e-7, .why = "given with 6 decimals");
    CHECK_CLOSE(hopf[1], 51.962002, .abs = 6e-7, .why = "given with 6 decimals");
    CHECK_CLOSE(hopf[2], 62.232027, .abs = 6e-7, .why = "given with 6 decimals");
}

TEST_CASE("izhikevich_rs_fs: presets show the regimes that they promise") {
    for (const auto& [preset, oscillating] : {std::pair{"asynchronous", false}, {"oscillation", true}}) {
        SimulatorSettings settings = instant(Integrator::rk4(0.05));
        settings.monitors = {MonitorSettings::raw({"r_rs"})};
        Crossings crossings(0.02, 0.01, 1000.0);
        Simulator(Network(unconnected(1), circuit(), preset), settings).run(2000.0, crossings);
        const auto [low, high] = crossings.range(0, 0);
        if (oscillating) {
            CHECK(crossings.of(0).size() >= 5);
            CHECK(high > 3 * low);
        } else {
            CHECK_CLOSE(low, high, .rel = 1e-6, .why = "at rest after 1 s");
        }
    }
}

TEST_CASE("izhikevich_rs_fs: the regular-spiking population without the other is the model izhikevich, corrected or not") {
    const Settings alone{{"w_rs_fs", 0.0}, {"I_rs", 65.0}, {"v_p", 50.0}, {"v_0", -100.0}};
    const Settings same{{"tau_u", 1 / 0.03}, {"kappa", 20.0}, {"J", 16.0}, {"I", 65.0}, {"v_p", 50.0}, {"v_0", -100.0}};
    RegionModel rs = node_of(circuit(), alone), one = node_of(single(), same);
    one.initial = {0.001, -58.0, 0.0, 0.0};
    for (const double finite_reset : {0.0, 1.0}) {
        Simulator both = one_node(rs, 0.05, {}, finite_reset), by_itself = one_node(one, 0.05, {}, finite_reset);
        for (int k = 0; k < 20; ++k) {
            both.run(10.0), by_itself.run(10.0);
            for (const auto& [in_circuit, name] : {std::pair{"r_rs", "r"}, {"v_rs", "v"}, {"u_rs", "u"}, {"se_rs", "s"}})
                CHECK_CLOSE(both.state(0, in_circuit), by_itself.state(0, name), .rel = 1e-11, .why = "the same terms, rounded otherwise");
        }
    }
}

TEST_CASE("izhikevich_rs_fs: a run stops where a rate falls below 0") {
    CHECK_REFUSED(InvalidState, "izhikevich_rs_fs: r_rs = -", one_node(node_of(circuit(), {{"I_rs", -60.0}}), 0.05).run(2000.0));
    CHECK_REFUSED(InvalidState, "izhikevich_rs_fs: r_fs = -",
                  one_node(node_of(circuit(), {{"I_fs", -60.0}, {"w_fs_rs", 0.0}}), 0.05).run(2000.0));
}
