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
#include <numbers>

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

/// What a step of a relay of rate 1 keeps of its state.
double memory_of(Method method, double leak, double dt) {
    const double h = leak * dt;
    return method == Method::euler ? 1 - h : 1 - h + h * h / 2;
}
/// Variance that its scheme keeps: a step multiplies the state by the memory and adds a kick, of which Heun's predictor forgets a part.
double stationary_variance(Method method, double D, double leak, double dt) {
    const double memory = memory_of(method, leak, dt), kick = method == Method::euler ? 1 : 1 - leak * dt / 2;
    return 2 * D * dt * kick * kick / (1 - memory * memory);
}

/// y' = -tanh y: a restoring force that saturates.
struct Saturating {
    static constexpr Info info{.name = "saturating",
                               .title = "A force that saturates",
                               .equations = "y' = -tanh y",
                               .source = "made for tests",
                               .corrections = ""};
    template <class T>
    struct State {
        T y = Field{"y", 0.0, "1", "position"};
    };
    template <class T>
    struct Parameters {
        T strength = Field{"strength", 1.0, "1/ms", "of the force"};
    };
    template <class T>
    struct Output {
        T y = Field{"y", 0.0, "1", "position"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling"};
        T I = Field{"I", 0.0, "1/ms", "stimulus"};
    };
    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        return {.y = in.c + in.I - p.strength * kation::tanh(x.y)};
    }
    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.y = x.y};
    }
    static constexpr EventRule event_rule{"y", "1", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.y;
    }
    static constexpr auto presets() { return std::array{Preset<Saturating>{"middle", "starts at 0", {}, {}}}; }
};

/// Means over time of y^2 in each of many regions, under white noise with D = 1/2.
arma::rowvec mean_squares(const Network& network, Method method, double dt, double duration) {
    SimulatorSettings settings = noisy(method, dt, {{{"y", 0.5, std::nullopt}}, {}});
    settings.monitors = {MonitorSettings::subsample(1.0, {"y"})};
    Simulator simulator(network, settings);
    constexpr double until_stationary = 40, at_once = 200;
    simulator.run(until_stationary);
    arma::rowvec squares(network.regions(), arma::fill::zeros);
    for (double time = 0; time < duration; time += at_once)
        squares += arma::mean(arma::square(simulator.run(at_once).series()["y"]), 0) * at_once / duration;
    return squares;
}

struct Estimate {
    double value, standard_error;
};
/// Stationary mean of y^2 for saturating regions. Linear ones hear the same noise, and their mean is known: what they are off by tells
/// most of what the others are off by.
Estimate stationary_mean_square(Method method, double dt, double duration) {
    constexpr double leak = 0.6;
    constexpr std::size_t regions = 1000;
    Network linear(unconnected(regions), relay());
    linear.set_parameter("leak", leak);
    const arma::rowvec wanted = mean_squares(Network(unconnected(regions), entry_of<Saturating>()), method, dt, duration);
    const arma::rowvec known = mean_squares(linear, method, dt, duration) - stationary_variance(method, 0.5, leak, dt);
    const double slope = arma::as_scalar(arma::cov(wanted, known)) / arma::var(known);
    const arma::rowvec corrected = wanted - slope * known;
    return {arma::mean(corrected), arma::stddev(corrected) / std::sqrt(static_cast<double>(regions))};
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

TEST_CASE("a leaking relay under white noise has the stationary variance of its scheme, near the process' own") {
    constexpr double D = 0.7, leak = 1.0, dt = 0.5;
    constexpr std::size_t regions = 2000;
    for (const Method method : {Method::euler, Method::heun}) {
        Simulator simulator(Network(unconnected(regions), relay()), noisy(method, dt, {{{"y", D, std::nullopt}}, {}}));
        const arma::mat y = simulator.run(60.0).series()["y"].tail_rows(41);
        const double variance = stationary_variance(method, D, leak, dt), memory = memory_of(method, leak, dt);
        const auto n = static_cast<double>(y.n_elem);
        const Moments found = moments_of(y);
        within_standard_errors(found.mean, 0.0, std::sqrt(variance / n * (1 + memory) / (1 - memory)));
        const double in_variance = n * (1 - memory * memory) / (1 + memory * memory);
        within_standard_errors(found.variance, variance, variance * std::sqrt(2 / in_variance));
        within_standard_errors(found.kurtosis, 3.0, std::sqrt(24 / in_variance));
    }
    // The process of Ornstein and Uhlenbeck has D/leak: Euler is off by h/2 of it, Heun by h^2/4, for small h = leak dt.
    for (const double h : {0.1, 0.05, 0.025}) {
        const double euler = stationary_variance(Method::euler, D, leak, h / leak) * leak / D - 1;
        const double heun = stationary_variance(Method::heun, D, leak, h / leak) * leak / D - 1;
        CHECK_CLOSE(euler, h / 2, .rel = 0.6 * h, .why = "the next order");
        CHECK_CLOSE(heun, -h * h / 4, .rel = 2 * h, .why = "the next order");
    }
}

TEST_CASE("[long] means over noise are off by the step with Euler and by its square with Heun, also where the equations are not linear") {
    // dX = -tanh(X) dt + dW has the logistic distribution of variance pi^2/12. The schemes' own variances come from applying their
    // transition, as an integral over the normal kick, until nothing changes. The ratio of two biases is 2^order, and a little away from it
    // at steps that are large enough to show a bias within seconds.
    constexpr double exact = std::numbers::pi * std::numbers::pi / 12;
    struct Step {
        double dt, bias;
    };
    struct Scheme {
        Method method;
        double duration;
        Step coarse, fine;
        double order, order_error;
    };
    for (const Scheme& scheme : {Scheme{Method::euler, 2000, {0.5, 0.199809}, {0.25, 0.090917}, 1.14, 0.06},
                                 Scheme{Method::heun, 20000, {0.5, -0.012199}, {0.25, -0.003723}, 1.71, 0.45}}) {
        const auto bias = [&](const Step& step) {
            const Estimate found = stationary_mean_square(scheme.method, step.dt, scheme.duration);
            MESSAGE("dt = " << step.dt << ": the variance is off by " << found.value - exact << " +- " << found.standard_error);
            within_standard_errors(found.value - exact, step.bias, found.standard_error);
            return found.value - exact;
        };
        const double order = std::log2(bias(scheme.coarse) / bias(scheme.fine));
        MESSAGE("weak order of " << std::string(method_names[static_cast<std::size_t>(scheme.method)]) << ": " << order);
        CHECK_CLOSE(order, scheme.order, .abs = scheme.order_error, .why = "4.5 standard errors of the fine bias over ln 2");
    }
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
