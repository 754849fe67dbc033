// What the figures of Montbrio, Pazo, Roxin 2015 need beside runs: rest states, where they vanish, and where a sine of current makes chaos.
//
//   montbrio_2015_diagrams fixed_points | saddle_nodes | chaos [J] | exponent        CSV on standard output
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace kation;
using std::numbers::pi;

const Entry& montbrio() { return model("montbrio_pazo_roxin"); }

/// A population at rest. Its rate decides everything else: r' = 0 gives v, then v' = 0 gives eta.
struct Rest {
    double r, v, eta, J, Gamma;

    [[nodiscard]] arma::mat jacobian() const { return montbrio().jacobian(state(), parameters(), no_input, {}); }
    /// How far the model itself moves from here: 0 but for rounding.
    [[nodiscard]] double residual() const {
        const std::vector<double> rates = montbrio().derivative(state(), parameters(), no_input, {});
        return std::max(std::abs(rates[0]), std::abs(rates[1]));
    }

  private:
    static constexpr std::array<double, 3> no_input{};
    [[nodiscard]] std::vector<double> state() const { return {r, v}; }
    [[nodiscard]] std::vector<double> parameters() const {
        std::vector<double> values = RegionModel(montbrio(), "bistable").parameters;  // tau 1, Delta 1
        values[montbrio().parameter_index("eta")] = eta;
        values[montbrio().parameter_index("J")] = J;
        values[montbrio().parameter_index("Gamma")] = Gamma;
        return values;
    }
};

double potential(double r, double Gamma) { return -(1 + Gamma * r) / (2 * pi * r); }

Rest rest_state(double r, double J, double Gamma) {
    const double v = potential(r, Gamma);
    return {r, v, pi * pi * r * r - J * r - v * v, J, Gamma};
}

/// The rest state of this rate at which the Jacobian is singular: det = 2 v (Gamma/pi + 2 v) - 2 r (J - 2 pi^2 r) = 0 gives J.
Rest saddle_node(double r, double Gamma) {
    const double v = potential(r, Gamma);
    return rest_state(r, 2 * pi * pi * r + v * (Gamma / pi + 2 * v) / r, Gamma);
}

/// So many values from low to high, each the same factor above the one before.
std::vector<double> geometric(double low, double high, int count) {
    std::vector<double> values;
    for (int k = 0; k < count; ++k) values.push_back(low * std::pow(high / low, k / (count - 1.0)));
    return values;
}

std::string kind_of(const Rest& rest) {
    const arma::cx_vec eigenvalues = arma::eig_gen(rest.jacobian());
    if (arma::imag(eigenvalues).max() > 0) return arma::real(eigenvalues).max() < 0 ? "focus" : "unstable focus";
    const arma::vec growth = arma::real(eigenvalues);
    return growth.max() < 0 ? "node" : growth.min() < 0 ? "saddle" : "unstable node";
}

void print_fixed_points() {
    fmt::print("r,v,eta,J,kind,residual\n");
    for (const double r : geometric(0.02, 2.0, 1201)) {
        const Rest rest = rest_state(r, 15.0, 0.0);
        fmt::print("{:.10g},{:.10g},{:.10g},{},{},{:.2g}\n", rest.r, rest.v, rest.eta, rest.J, kind_of(rest), rest.residual());
    }
}

void print_saddle_nodes() {
    fmt::print("Gamma,r,v,eta,J,determinant,residual\n");
    for (const double Gamma : {0.0, 1.0, 2.0, 3.0, 4.0})
        for (const double r : geometric(0.03, 3.0, 1001)) {
            const Rest rest = saddle_node(r, Gamma);
            fmt::print("{},{:.10g},{:.10g},{:.10g},{:.10g},{:.2g},{:.2g}\n", Gamma, rest.r, rest.v, rest.eta, rest.J,
                       arma::det(rest.jacobian()), rest.residual());
        }
}

/// A population under I = 3 sin(pi t), and its start.
struct Driven {
    double eta, J, r, v;
};

/// Largest Lyapunov exponents [1/ms]. Each population has a twin; every ten periods their distance is measured and made small again.
std::vector<double> exponents(const std::vector<Driven>& populations, double dt, int transient, int measured) {
    constexpr double distance = 1e-8, stretch = 20.0;  // [1], [ms]: ten periods of the sine, so that each stretch begins at its phase 0
    const std::size_t count = populations.size();
    ConnectomeParts parts;
    parts.weights.zeros(2 * count, 2 * count);
    Network network(Connectivity(std::move(parts)), montbrio(), "chaos");
    Stimulus sine;
    sine.waveform = Stimulus::Waveform::sine;
    sine.amplitude = 3.0;
    sine.frequency = 0.5;  // [1/ms]
    for (std::size_t k = 0; k < count; ++k)
        for (const std::size_t region : {2 * k, 2 * k + 1}) {
            network.set_parameter(region, "eta", populations[k].eta);
            network.set_parameter(region, "J", populations[k].J);
            network.set_initial(region, "r", populations[k].r + (region % 2 == 1 ? distance : 0.0));
            network.set_initial(region, "v", populations[k].v);
            sine.regions.push_back(region);
        }
    SimulatorSettings settings;
    settings.coupling = Coupling::linear(0.0);
    settings.speed = inf;
    settings.integrator = Integrator::rk4(dt);
    settings.stimuli = {sine};
    settings.threads = 1;

    std::vector<double> growth(count, 0.0);
    for (int k = 0; k < transient + measured; ++k) {
        Simulator simulator(network, settings);
        simulator.run(stretch);
        for (std::size_t i = 0; i < count; ++i) {
            const std::vector<double> own = simulator.state(2 * i), twin = simulator.state(2 * i + 1);
            const double apart = std::max(std::hypot(twin[0] - own[0], twin[1] - own[1]), 1e-14);  // two that met cannot be told apart
            if (k >= transient) growth[i] += std::log(apart / distance);
            network.set_initial(2 * i, "r", own[0]);
            network.set_initial(2 * i, "v", own[1]);
            // The twin's rate stays positive as long as the distance is far below the population's own rate.
            network.set_initial(2 * i + 1, "r", own[0] + distance * (twin[0] - own[0]) / apart);
            network.set_initial(2 * i + 1, "v", own[1] + distance * (twin[1] - own[1]) / apart);
        }
    }
    for (double& sum : growth) sum /= measured * stretch;
    return growth;
}

/// Of four starts at each point, how many lead to chaos? For one J, or from J 8.5 to 21.
void print_chaos(std::optional<double> only) {
    constexpr double chaotic = 0.02;  // [1/ms]: above what 300 ms leave uncertain in a periodic population
    const std::array<std::array<double, 2>, 4> starts{{{0.1, -2.0}, {1.5, 0.0}, {0.5, 1.0}, {0.03, 0.0}}};
    fmt::print("eta,J,chaotic_starts,largest_exponent\n");
    for (double J = only.value_or(8.5); J <= only.value_or(21.0); J += 0.125)
        for (double first = -4.2; first < -1.81; first += 0.4) {
            std::vector<Driven> populations;
            for (int k = 0; k < 16; ++k)
                for (const auto& [r, v] : starts) populations.push_back({first + 0.025 * k, J, r, v});
            const std::vector<double> found = exponents(populations, 0.02, 15, 15);
            for (std::size_t k = 0; k < populations.size(); k += starts.size()) {
                const auto begin = found.begin() + static_cast<std::ptrdiff_t>(k), end = begin + static_cast<std::ptrdiff_t>(starts.size());
                fmt::print("{:.3f},{:.3f},{},{:.3f}\n", populations[k].eta, J,
                           std::count_if(begin, end, [](double x) { return x > chaotic; }), *std::max_element(begin, end));
            }
        }
}

/// The exponent at the paper's point, from 64 starts.
void print_exponent() {
    std::vector<Driven> populations;
    for (int k = 0; k < 64; ++k) populations.push_back({-2.5, 10.5, 0.05 + 0.01 * k, -2.0 + 0.03 * k});
    const arma::vec found(exponents(populations, 0.01, 10, 100));
    fmt::print("exponent,standard_error\n{:.5f},{:.5f}\n", arma::mean(found), arma::stddev(found) / std::sqrt(64.0));
}

int usage() {
    fmt::print(stderr, "montbrio_2015_diagrams fixed_points | saddle_nodes | chaos [J] | exponent\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string wanted = count > 1 ? arguments[1] : "";
    const std::optional<double> number = count > 2 ? number_from(arguments[2]) : std::nullopt;
    if (count > 3 || (count == 3 && !(wanted == "chaos" && number))) return usage();
    if (wanted == "fixed_points")
        print_fixed_points();
    else if (wanted == "saddle_nodes")
        print_saddle_nodes();
    else if (wanted == "chaos")
        print_chaos(number);
    else if (wanted == "exponent")
        print_exponent();
    else
        return usage();
}
