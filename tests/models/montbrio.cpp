// Exact mean fields of quadratic integrate-and-fire neurons (Montbrio, Pazo, Roxin 2015) against independent high-precision solutions.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/reference_table.hpp>

#include <fmt/format.h>

#include <complex>
#include <numbers>

using namespace kation;

namespace {

constexpr double pi = std::numbers::pi;

const Entry& montbrio() { return model("montbrio_pazo_roxin"); }

RegionModel montbrio_node(double eta, double J, double Delta = 1.0, double Gamma = 0.0) {
    RegionModel node(montbrio());
    for (const auto& [name, value] : {std::pair{"eta", eta}, {"J", J}, {"Delta", Delta}, {"Gamma", Gamma}})
        node.parameters[montbrio().parameter_index(name)] = value;
    return node;
}

const std::vector<double> silence{0.0, 0.0, 0.0};

arma::vec rates_at(const arma::vec& x, const RegionModel& node) {
    return arma::vec(node.model->derivative({x.begin(), x.end()}, node.parameters, silence, {}));
}
arma::mat jacobian_at(const arma::vec& x, const RegionModel& node) {
    return node.model->jacobian({x.begin(), x.end()}, node.parameters, silence, {});
}

arma::vec newton(arma::vec x, const RegionModel& node) {
    for (int k = 0; k < 20; ++k) x -= arma::solve(jacobian_at(x, node), rates_at(x, node));
    return x;
}

std::filesystem::path own_reference(const std::string& file) {
    return std::filesystem::path(KATION_SOURCE_DIR "/tests/reference/qif") / file;
}

Simulator one_node(const RegionModel& node, double dt, const Stimulus& stimulus) {
    SimulatorSettings settings = instant(Integrator::rk4(dt));
    settings.stimuli = {stimulus};
    return Simulator(Network(unconnected(1), node), settings);
}

Stimulus pulse(double amplitude, double duration) {
    Stimulus stimulus;
    stimulus.regions = {0};
    stimulus.amplitude = amplitude;
    stimulus.duration = duration;
    return stimulus;
}

Stimulus sine(double amplitude, double frequency) {
    Stimulus stimulus;
    stimulus.regions = {0};
    stimulus.waveform = Stimulus::Waveform::sine;
    stimulus.amplitude = amplitude;
    stimulus.frequency = frequency;
    return stimulus;
}

constexpr Tolerance near_exact{.abs = 1e-10, .rel = 1e-10, .why = "RK4 at these steps errs by 1e-11, the tables have 15 digits"};

/// Follows a table whose columns after t are the model's state variables.
void follow(Simulator& simulator, const std::string& file, const std::vector<std::string>& columns) {
    const ReferenceTable table(own_reference(file));
    double worst = 0;
    for (const auto& row : table.rows()) {
        const double time = ReferenceTable::number(row, "t");
        CAPTURE(time);
        simulator.run(time - simulator.time());
        for (const std::string& column : columns) {
            CAPTURE(column);
            const double exact = ReferenceTable::number(row, column);
            CHECK_CLOSE(simulator.state(0, column), exact, near_exact);
            worst = std::max(worst, std::abs(simulator.state(0, column) - exact));
        }
    }
    MESSAGE(file << ": largest error " << worst << " at " << table.rows().size() << " times");
}

}  // namespace

TEST_CASE("fixed points and their eigenvalues follow from the model's Jacobian") {
    const ReferenceTable table(own_reference("mpr_fixed_points.csv"));
    double worst = 0;
    for (const auto& row : table.rows()) {
        const auto of = [&](const char* column) { return ReferenceTable::number(row, column); };
        const RegionModel node = montbrio_node(of("eta"), of("J"), of("Delta"), of("Gamma"));
        const arma::vec start{of("r") * 1.001, of("v") * 1.001}, found = newton(start, node);
        CAPTURE(of("eta"));
        CAPTURE(of("r"));
        CHECK_CLOSE(found(0), of("r"), .abs = 1e-12, .why = "a Newton iteration with the exact Jacobian ends at rounding");
        CHECK_CLOSE(found(1), of("v"), .abs = 1e-12, .why = "a Newton iteration with the exact Jacobian ends at rounding");
        worst = std::max({worst, std::abs(found(0) - of("r")), std::abs(found(1) - of("v"))});

        const arma::cx_vec eigenvalues = arma::eig_gen(jacobian_at(found, node));
        for (const auto& [re, im] : {std::pair{of("re_lam1"), of("im_lam1")}, {of("re_lam2"), of("im_lam2")}}) {
            const double distance = arma::min(arma::abs(eigenvalues - std::complex<double>(re, im)));
            CHECK_CLOSE(distance, 0.0, .abs = 1e-10 * (1 + std::hypot(re, im)), .why = "the table has 12 digits");
        }
    }
    CHECK(table.rows().size() == 20);
    MESSAGE("largest error of a fixed point: " << worst);
}

TEST_CASE("at the paper's bistable point there are node, saddle and focus") {
    const RegionModel node = montbrio_node(-5.0, 15.0);
    const double fixed_points[3][2] = {
        {0.08113444195011972, -1.961619988583165}, {0.472980340684684, -0.336493780822906}, {1.030596798837572, -0.154429883026426}};
    const bool stable[] = {true, false, true}, oscillates[] = {false, false, true};
    for (std::size_t k = 0; k < 3; ++k) {
        const arma::vec found = newton({fixed_points[k][0] * 0.999, fixed_points[k][1] * 1.001}, node);
        CHECK_CLOSE(found(0), fixed_points[k][0], .abs = 1e-12, .why = "rounding");
        CHECK_CLOSE(found(1), fixed_points[k][1], .abs = 1e-12, .why = "rounding");
        const arma::cx_vec eigenvalues = arma::eig_gen(jacobian_at(found, node));
        CHECK((arma::real(eigenvalues).max() < 0) == stable[k]);
        CHECK((arma::abs(arma::imag(eigenvalues)).max() > 0) == oscillates[k]);
    }
}

TEST_CASE("saddle-nodes are where the model's Jacobian becomes singular") {
    // Unknowns r, v, eta: both rates and the determinant vanish. The derivative of the determinant is a central difference; Newton needs no
    // more, its limit does not depend on it.
    const auto residual = [](const arma::vec& y) {
        const RegionModel node = montbrio_node(y(2), 15.0);
        const arma::vec x = y.head(2), rates = rates_at(x, node);
        return arma::vec{rates(0), rates(1), arma::det(jacobian_at(x, node))};
    };
    for (const auto& [start, exact] :
         {std::pair{arma::vec{0.3, -0.5, -3.0}, -3.136134086196}, {arma::vec{0.7, -0.2, -5.8}, -5.743527161658}}) {
        arma::vec y = start;
        for (int iteration = 0; iteration < 60; ++iteration) {
            arma::mat slope(3, 3);
            for (arma::uword k = 0; k < 3; ++k) {
                arma::vec above = y, below = y;
                above(k) += 1e-6, below(k) -= 1e-6;
                slope.col(k) = (residual(above) - residual(below)) / 2e-6;
            }
            y -= arma::solve(slope, residual(y));
        }
        MESSAGE("saddle-node at eta = " << fmt::format("{:.13f}", y(2)));
        CHECK_CLOSE(y(2), exact, .abs = 2e-12, .why = "the value is given to 1e-12");
    }
}

TEST_CASE("a node follows the exact solution through a step of current") {
    Simulator simulator = one_node(montbrio_node(-5.0, 15.0), 0.0005, pulse(3.0, 30.0));
    follow(simulator, "mpr_step.csv", {"r", "v"});
}

TEST_CASE("a node follows the exact solution under a sine of current") {
    Simulator simulator = one_node(montbrio_node(-5.0, 15.0), 0.0005, sine(3.0, 1.0 / 40.0));
    follow(simulator, "mpr_sine.csv", {"r", "v"});
}

TEST_CASE("two populations follow the exact solution") {
    RegionModel node(model("montbrio_pazo_roxin_ei"));
    // A narrow spike of the inhibitory rate at 5 ms needs shorter steps.
    Simulator simulator = one_node(node, 0.0001, pulse(3.0, 10.0));
    follow(simulator, "mpr_ei_a.csv", {"re", "ve", "ri", "vi"});
}

TEST_CASE("RK4 at 0.01 ms and Euler at 0.02 ms err as they should") {
    Simulator rk4 = one_node(montbrio_node(-5.0, 15.0), 0.01, pulse(3.0, 30.0));
    rk4.run(10.0);
    CHECK_CLOSE(std::abs(rk4.state(0, "r") - 1.400089412393), 1.2e-6, .abs = 1e-6, .why = "the page of the model gives one digit");

    SimulatorSettings settings = instant(Integrator::euler(0.02));
    settings.stimuli = {pulse(3.0, 30.0)};
    Simulator euler(Network(unconnected(1), montbrio_node(-5.0, 15.0)), settings);
    euler.run(100.0);
    CHECK(euler.state(0, "r") < 0.1);  // the silent node, while the exact solution stays active
}

namespace {

/// Multiplies a tangent vector along the recorded path by the flow's derivative, and adds up the logarithm of its growth. Steps of two
/// samples, so that RK4 finds its middle among them.
class Tangent : public Sink {
  public:
    Tangent(const RegionModel& node, std::size_t regions, double dt, double from)
        : node_(node), step_(2 * dt), from_(from), tangent_(regions, arma::vec{1.0, 0.0}), pending_(regions) {}

    void begin(std::span<const std::string>, std::span<const std::vector<RecordedVariable>>, std::size_t) override {}
    void write(const Chunk& chunk) override {
        const std::size_t regions = tangent_.size();
        for (std::size_t row = 0; row < chunk.times.size(); ++row, ++samples_)
            for (std::size_t region = 0; region < regions; ++region) {
                const std::size_t cell = row * regions + region;
                pending_[region].push_back({chunk.values[0][cell], chunk.values[1][cell]});
                if (pending_[region].size() == 3) advance(region, chunk.times[row]);
            }
    }
    /// Mean growth rate over all regions [1/ms].
    [[nodiscard]] double exponent() const { return growth_ / (static_cast<double>(counted_) * step_); }

  private:
    void advance(std::size_t region, double time) {
        auto& path = pending_[region];
        const auto slope = [&](std::size_t sample, const arma::vec& x) -> arma::vec { return jacobian_at(path[sample], node_) * x; };
        arma::vec& x = tangent_[region];
        const arma::vec k1 = slope(0, x), k2 = slope(1, x + 0.5 * step_ * k1), k3 = slope(1, x + 0.5 * step_ * k2),
                        k4 = slope(2, x + step_ * k3);
        x += step_ / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        const double length = arma::norm(x);
        x /= length;
        path = {path.back()};
        if (time <= from_) return;
        growth_ += std::log(length);
        ++counted_;
    }

    const RegionModel node_;
    double step_, from_, growth_ = 0;
    std::int64_t counted_ = 0, samples_ = 0;
    std::vector<arma::vec> tangent_;
    std::vector<std::vector<arma::vec>> pending_;
};

}  // namespace

TEST_CASE("[long] under I = 3 sin(pi t) the node is chaotic with the paper's Lyapunov exponent") {
    constexpr std::size_t regions = 32;
    const RegionModel node(montbrio(), "chaos");
    Network network(unconnected(regions), node);
    scatter_starts(network, 0.3);
    Stimulus stimulus = sine(3.0, 0.5);
    stimulus.regions.clear();
    for (std::size_t region = 0; region < regions; ++region) stimulus.regions.push_back(region);
    SimulatorSettings settings = instant(Integrator::rk4(0.01));
    settings.threads = 1;
    settings.stimuli = {stimulus};
    settings.monitors = {MonitorSettings::raw({"r", "v"})};
    Tangent tangent(node, regions, 0.01, 200.0);
    Simulator(std::move(network), settings).run(5200.0, tangent);
    MESSAGE("largest Lyapunov exponent: " << tangent.exponent());
    CHECK_CLOSE(tangent.exponent(), 0.183, .abs = 0.003, .why = "given with this uncertainty; 160000 ms average it to 0.001");
}

TEST_CASE("the recorded Kuramoto order parameter is (1 - W*)/(1 + W*)") {
    Network network(unconnected(5), montbrio(), "bistable");
    network.set_parameter(2, "tau", 4.0);
    scatter_starts(network, 0.4);
    SimulatorSettings settings = instant(Integrator::rk4(0.01));
    settings.monitors = {MonitorSettings::subsample(0.5, {"r", "v", "Z", "Z_re", "Z_im"})};
    const Network copy = network;
    const Recording recording = Simulator(std::move(network), settings).run(20.0);
    const Series& series = recording.series();
    for (arma::uword row = 0; row < series.time.size(); ++row)
        for (arma::uword region = 0; region < 5; ++region) {
            const double tau = copy.parameter(region, "tau");
            const std::complex<double> W(pi * tau * series["r"](row, region), series["v"](row, region));
            const std::complex<double> Z = (1.0 - std::conj(W)) / (1.0 + std::conj(W));
            const Tolerance rounding{.abs = 1e-15, .rel = 1e-14, .why = "a few roundings"};
            CHECK_CLOSE(series["Z"](row, region), std::abs(Z), rounding);
            CHECK_CLOSE(series["Z_re"](row, region), Z.real(), rounding);
            CHECK_CLOSE(series["Z_im"](row, region), Z.imag(), rounding);
            CHECK(series["Z"](row, region) <= 1.0);
        }
}

TEST_CASE("rates stay positive") {
    // r' > 0 wherever r = 0, so that RK4 with a small step keeps r above 0 from any start; the run would stop otherwise.
    Network network(random_connectome({.regions = 24}), montbrio());
    Uniform uniform(11);
    for (std::size_t region = 0; region < network.regions(); ++region) {
        network.set_initial(region, "r", uniform() < 0.3 ? 0.0 : uniform(0.0, 2.0));
        network.set_initial(region, "v", uniform(-3.0, 3.0));
        network.set_parameter(region, "eta", uniform(-10.0, 2.0));
    }
    SimulatorSettings settings;
    settings.integrator = Integrator::rk4(0.005);
    settings.coupling = Coupling::linear(0.1);
    settings.monitors = {MonitorSettings::raw({"r"})};
    const Recording recording = Simulator(std::move(network), settings).run(20.0);
    CHECK(recording.series()["r"].min() >= 0.0);
}
