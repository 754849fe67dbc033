// Noise: moments against closed forms, and numbers that depend on seed, region, variable and step alone. Seeds are fixed, so that a test
// either always passes or never; bounds are 4.5 standard errors, which a right generator exceeds with one seed in 150000.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>

#include <cmath>

using namespace kation;

namespace {

constexpr double standard_errors = 4.5;

struct Moments {
    double mean = 0, variance = 0, kurtosis = 0;
};
Moments moments_of(const arma::mat& numbers) {
    const double mean = arma::mean(arma::vectorise(numbers));
    const arma::vec away = arma::vectorise(numbers) - mean;
    const double variance = arma::mean(arma::square(away)), fourth = arma::mean(arma::square(arma::square(away)));
    return {mean, variance, fourth / (variance * variance)};
}

void within_standard_errors(double found, double exact, double standard_error) {
    CHECK_CLOSE(found, exact, .abs = standard_errors * standard_error, .why = "4.5 standard errors");
}

/// Correlation of all numbers with those that stand `lag` rows later.
double correlation(const arma::mat& numbers, arma::uword lag) {
    const arma::vec early = arma::vectorise(numbers.head_rows(numbers.n_rows - lag)),
                    late = arma::vectorise(numbers.tail_rows(numbers.n_rows - lag));
    return arma::as_scalar(arma::cor(early, late));
}

SimulatorSettings noisy(Method method, double dt, Noise noise, std::uint64_t seed = 42) {
    SimulatorSettings settings = instant(Integrator::of(method, dt));
    settings.integrator.seed = seed;
    settings.noise = std::move(noise);
    settings.monitors = {MonitorSettings::raw({"y"})};
    return settings;
}

/// What noise adds in each step: relays that neither leak nor hear add it up. [step][region]
arma::mat kicks(Noise noise, double dt, std::size_t regions, std::int64_t steps, Method method = Method::euler, std::uint64_t seed = 42) {
    Network network(unconnected(regions), relay());
    network.set_parameter("leak", 0.0);
    Simulator simulator(std::move(network), noisy(method, dt, std::move(noise), seed));
    return arma::diff(simulator.run(static_cast<double>(steps) * dt).series()["y"]);
}

}  // namespace

TEST_CASE("white noise adds independent normal numbers of variance 2 D dt") {
    constexpr double D = 0.3, dt = 0.25;
    for (const Method method : {Method::euler, Method::heun}) {
        const arma::mat added = kicks({{{"y", D, std::nullopt}}, {}}, dt, 401, 250, method);
        const auto n = static_cast<double>(added.n_elem);
        const Moments found = moments_of(added);
        const double variance = 2 * D * dt;
        within_standard_errors(found.mean, 0.0, std::sqrt(variance / n));
        within_standard_errors(found.variance, variance, variance * std::sqrt(2 / n));
        within_standard_errors(found.kurtosis, 3.0, std::sqrt(24 / n));
        for (const arma::uword lag : {1U, 2U, 7U}) within_standard_errors(correlation(added, lag), 0.0, 1 / std::sqrt(n));
        for (const arma::uword lag : {1U, 8U, 200U}) within_standard_errors(correlation(added.t(), lag), 0.0, 1 / std::sqrt(n));
    }
}

TEST_CASE("a leaking relay under white noise has the stationary variance of Euler and Maruyama's scheme") {
    // y(n + 1) = (1 - dt) y(n) + sqrt(2 D dt) N: variance 2 D dt/(1 - (1 - dt)^2), from the start if it begins so.
    constexpr double D = 0.7, dt = 0.5;
    constexpr std::size_t regions = 4000;
    Network network(unconnected(regions), relay());
    Simulator simulator(std::move(network), noisy(Method::euler, dt, {{{"y", D, std::nullopt}}, {}}));
    const arma::mat y = simulator.run(40.0).series()["y"];
    const Moments found = moments_of(y.tail_rows(1));
    const double variance = 2 * D * dt / (1 - (1 - dt) * (1 - dt));
    within_standard_errors(found.variance, variance, variance * std::sqrt(2.0 / regions));
    within_standard_errors(found.mean, 0.0, std::sqrt(variance / regions));
}

TEST_CASE("coloured noise is stationary from the start and forgets as exp(-t/tau)") {
    constexpr double D = 0.3, tau = 2.0, dt = 0.5;
    const arma::mat xi = kicks({{{"y", D, tau}}, {}}, dt, 801, 120) / dt;
    const double variance = D / tau, memory = std::exp(-dt / tau);
    const auto n = static_cast<double>(xi.n_elem);
    const double in_mean = n * (1 - memory) / (1 + memory);                        // independent numbers that the mean is worth
    const double in_variance = n * (1 - memory * memory) / (1 + memory * memory);  // and the variance
    const Moments found = moments_of(xi), at_start = moments_of(xi.row(0));
    within_standard_errors(found.mean, 0.0, std::sqrt(variance / in_mean));
    within_standard_errors(found.variance, variance, variance * std::sqrt(2 / in_variance));
    within_standard_errors(at_start.variance, variance, variance * std::sqrt(2.0 / 801));
    // What is new in each step is white: the process is exact on the grid.
    const arma::mat fresh = xi.tail_rows(119) - memory * xi.head_rows(119);
    const auto m = static_cast<double>(fresh.n_elem);
    within_standard_errors(moments_of(fresh).variance, variance * (1 - memory * memory),
                           variance * (1 - memory * memory) * std::sqrt(2 / m));
    within_standard_errors(correlation(fresh, 1), 0.0, 1 / std::sqrt(m));
    within_standard_errors(moments_of(fresh).kurtosis, 3.0, std::sqrt(24 / m));
}

TEST_CASE("the process on the stimulus has the given deviation and memory") {
    constexpr double sd = 0.4, tau = 1.0, dt = 0.25;
    SimulatorSettings settings = noisy(Method::euler, dt, {{}, StimulusNoise{tau, sd}});
    Simulator simulator(relays(unconnected(801), dt), settings);
    const arma::mat heard = simulator.run(30.0).series()["y"].tail_rows(120);
    const double memory = std::exp(-dt / tau);
    const double in_variance = static_cast<double>(heard.n_elem) * (1 - memory * memory) / (1 + memory * memory);
    within_standard_errors(moments_of(heard).variance, sd * sd, sd * sd * std::sqrt(2 / in_variance));
    within_standard_errors(moments_of(heard.row(0)).variance, sd * sd, sd * sd * std::sqrt(2.0 / 801));
    const arma::mat fresh = heard.tail_rows(119) - memory * heard.head_rows(119);
    within_standard_errors(correlation(fresh, 1), 0.0, 1 / std::sqrt(static_cast<double>(fresh.n_elem)));
}

TEST_CASE("a region's noise does not depend on which other regions there are") {
    const Noise noise{{{"y", 0.3, 2.0}}, {}};
    const arma::mat few = kicks(noise, 0.25, 5, 50), many = kicks(noise, 0.25, 60, 50);
    CHECK(arma::all(arma::vectorise(few == many.head_cols(5))));

    // Neither on the model of the others, which changes where it stands in memory.
    Network mixed(unconnected(5), model("montbrio_pazo_roxin"));
    for (const std::size_t region : {1U, 3U}) {
        mixed.set_model(region, RegionModel(relay()));
        mixed.set_parameter(region, "leak", 0.0);
    }
    const arma::mat y = Simulator(mixed, noisy(Method::euler, 0.25, noise)).run(12.5).series()["y"];
    CHECK(arma::all(arma::diff(y.col(1)) == few.col(1)));
    CHECK(arma::all(arma::diff(y.col(3)) == few.col(3)));
}

TEST_CASE("noise on one variable does not change the numbers of another") {
    const auto path = [](Noise noise) {
        SimulatorSettings settings = instant(Integrator::heun(0.01));
        settings.integrator.bounds = Bounds::clip;
        settings.noise = std::move(noise);
        settings.monitors = {MonitorSettings::raw({"v"})};
        Network network(unconnected(3), model("montbrio_pazo_roxin"));
        return Simulator(std::move(network), settings).run(0.01).series()["v"];
    };
    const VariableNoise on_v{"v", 0.1, std::nullopt}, on_r{"r", 1e-6, std::nullopt};
    const arma::mat alone = path({{on_v}, {}}), together = path({{on_r, on_v}, {}}), without = path({{on_r}, {}});
    const arma::rowvec added = alone.row(1) - path({}).row(1), added_too = together.row(1) - without.row(1);
    for (arma::uword region = 0; region < 3; ++region)
        CHECK_CLOSE(added_too(region), added(region), .abs = 1e-5, .why = "the noise on r enters v's rate during the step: dt J dr");
    CHECK(arma::abs(added).min() > 1e-4);
}

TEST_CASE("another seed gives other numbers, the same seed the same") {
    const Noise noise{{{"y", 0.5, std::nullopt}}, {}};
    const arma::mat a = kicks(noise, 1.0, 100, 100, Method::euler, 1), b = kicks(noise, 1.0, 100, 100, Method::euler, 2);
    CHECK(arma::all(arma::vectorise(a == kicks(noise, 1.0, 100, 100, Method::euler, 1))));
    within_standard_errors(arma::as_scalar(arma::cor(arma::vectorise(a), arma::vectorise(b))), 0.0, 1.0 / 100);
    // All 64 bits of the seed count.
    const arma::mat c = kicks(noise, 1.0, 100, 100, Method::euler, 1 + (std::uint64_t{1} << 40));
    within_standard_errors(arma::as_scalar(arma::cor(arma::vectorise(a), arma::vectorise(c))), 0.0, 1.0 / 100);
}

TEST_CASE("noise that means nothing is refused") {
    const auto simulator = [](Noise noise, Method method = Method::heun) {
        return Simulator(Network(unconnected(2), relay()), noisy(method, 0.1, std::move(noise)));
    };
    CHECK_REFUSED(ConfigurationError, "rk4 takes no noise", simulator({{{"y", 0.1, std::nullopt}}, {}}, Method::rk4));
    CHECK_REFUSED(ConfigurationError, "rk4 takes no noise", simulator({{}, StimulusNoise{1.0, 1.0}}, Method::rk4));
    CHECK_REFUSED(ConfigurationError, "noise.y: D = -1 is outside", simulator({{{"y", -1.0, std::nullopt}}, {}}));
    CHECK_REFUSED(ConfigurationError, "noise.y: tau = 0 is outside", simulator({{{"y", 1.0, 0.0}}, {}}));
    CHECK_REFUSED(ConfigurationError, "no model of this network has a state variable 'z'", simulator({{{"z", 1.0, std::nullopt}}, {}}));
    CHECK_REFUSED(ConfigurationError, "variable 'y' is named twice", simulator({{{"y", 1.0, std::nullopt}, {"y", 1.0, 2.0}}, {}}));
    CHECK_REFUSED(ConfigurationError, "tau = -1", simulator({{}, StimulusNoise{-1.0, 1.0}}));
    CHECK_REFUSED(ConfigurationError, "sd = -1", simulator({{}, StimulusNoise{1.0, -1.0}}));
}
