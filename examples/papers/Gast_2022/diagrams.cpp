// What the figures of Gast, Solla, Kennedy 2022 need beside runs: curves of fixed points, and steps of a current that no stimulus reaches.
//
//   gast_2022_diagrams fixed_points KAPPA | steps        CSV on standard output
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace kation;

/// A fixed point, and the current that it needs.
struct FixedPoint {
    RegionModel node;  // with this I and kappa
    std::vector<double> state;

    [[nodiscard]] double I() const { return parameter("I"); }
    [[nodiscard]] double parameter(const char* name) const { return node.parameters[node.model->parameter_index(name)]; }
    [[nodiscard]] bool stable() const {
        return arma::real(arma::eig_gen(node.model->jacobian(state, node.parameters, silence, uncorrected))).max() < 0;
    }
    /// How far the model itself moves from here: 0 but for rounding.
    [[nodiscard]] double residual() const {
        return arma::abs(arma::vec(node.model->derivative(state, node.parameters, silence, uncorrected))).max();
    }

  private:
    static constexpr std::array<double, 2> silence{};
    static constexpr std::array<double, 1> uncorrected{};
};

/// The potential decides everything else: with s = tau_s J r, C r' = 0 is a quadratic equation of r with one root above 0; u follows, and
/// v' = 0 gives I.
FixedPoint fixed_point(double v, double kappa) {
    FixedPoint point{RegionModel(model("izhikevich"), "bistable"), {}};
    const auto p = [&](const char* name) { return point.parameter(name); };
    const double C = p("C"), k = p("k"), v_r = p("v_r"), vb = p("vb"), tau_u = p("tau_u"), w_s = p("tau_s") * p("J");
    const double slope = k * (2 * v - v_r - vb), source = p("Delta_v") * k * k * (v - v_r) / (std::numbers::pi * C), bend = p("g") * w_s;
    const double root = std::sqrt(slope * slope + 4 * bend * source);
    const double r = slope > 0 ? (slope + root) / (2 * bend) : 2 * source / (root - slope);
    const double s = w_s * r, u = p("b") * (v - v_r) + tau_u * kappa * r, w = std::numbers::pi * C * r;
    const double I = u + w * (p("Delta_v") + w / k) - k * (v - v_r) * (v - vb) - p("g") * s * (p("E") - v);
    point.node.parameters[point.node.model->parameter_index("kappa")] = kappa;
    point.node.parameters[point.node.model->parameter_index("I")] = I;
    point.state = {r, v, u, s};
    return point;
}

void print_fixed_points(double kappa) {
    fmt::print("I,r,v,u,s,stable,residual\n");
    for (int k = 0; k <= 1400; ++k) {
        const FixedPoint point = fixed_point(-59.0 + 0.01 * k, kappa);  // [mV]
        fmt::print("{:.10g},{:.10g},{:.10g},{:.10g},{:.10g},{:d},{:.2g}\n", point.I(), point.state[0], point.state[1], point.state[2],
                   point.state[3], point.stable(), point.residual());
    }
}

/// Rates of rs and fs [1/ms] every 0.5 ms while the current of fs is 20, 30 and 40 pA for 500 ms each; columns: rs, fs.
arma::mat circuit(double finite_reset, double v_p, double v_0) {
    RegionModel node(model("izhikevich_rs_fs"));
    const auto set = [&](const char* name, double value) { node.parameters[node.model->parameter_index(name)] = value; };
    set("Delta_fs", 0.3);
    set("v_p", v_p);
    set("v_0", v_0);
    arma::mat rates;
    for (const double I_fs : {20.0, 30.0, 40.0}) {
        set("I_fs", I_fs);
        ConnectomeParts parts;
        parts.weights.zeros(1, 1);
        Network network(Connectivity(std::move(parts)), node);
        network.set_option("finite_reset", finite_reset);
        Simulator simulator(network, {.coupling = Coupling::linear(0.0),
                                      .speed = inf,
                                      .integrator = Integrator::rk4(0.01),
                                      .monitors = {MonitorSettings::subsample(0.5, {"r_rs", "r_fs"})}});
        const Recording recording = simulator.run(500.0);
        const arma::mat phase = arma::join_rows(recording.series()["r_rs"], recording.series()["r_fs"]);
        rates = arma::join_cols(rates, phase.tail_rows(phase.n_rows - (rates.empty() ? 0 : 1)));  // begins where the one before ended
        node.initial = simulator.state(0);
    }
    return rates;
}

void print_steps() {
    const arma::mat rates = arma::join_rows(circuit(0, 1000, -1000), circuit(1, 1000, -1000), circuit(1, 50, -100));
    fmt::print("time_ms,rs_uncorrected,fs_uncorrected,rs_1000,fs_1000,rs_50,fs_50\n");
    for (arma::uword k = 0; k < rates.n_rows; ++k)
        fmt::print("{},{:.10g},{:.10g},{:.10g},{:.10g},{:.10g},{:.10g}\n", 0.5 * static_cast<double>(k), rates(k, 0), rates(k, 1),
                   rates(k, 2), rates(k, 3), rates(k, 4), rates(k, 5));
}

int usage() {
    fmt::print(stderr, "gast_2022_diagrams fixed_points KAPPA | steps\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string wanted = count > 1 ? arguments[1] : "";
    const std::optional<double> kappa = count > 2 ? number_from(arguments[2]) : std::nullopt;
    if (wanted == "fixed_points" && count == 3 && kappa)
        print_fixed_points(*kappa);
    else if (wanted == "steps" && count == 2)
        print_steps();
    else
        return usage();
}
