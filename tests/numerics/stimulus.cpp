// Stimuli: what a relay hears, step by step, against the waveforms' definitions.
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

constexpr double dt = 0.125;

Stimulus waveform(Stimulus::Waveform kind, double onset = 0.0, double duration = 1e300, double amplitude = 1.0) {
    Stimulus stimulus;
    stimulus.regions = {1};
    stimulus.waveform = kind;
    stimulus.onset = onset;
    stimulus.duration = duration;
    stimulus.amplitude = amplitude;
    return stimulus;
}

/// What region 1 hears at steps 0, 1, ... under Euler; the others hear nothing.
arma::vec heard(const std::vector<Stimulus>& stimuli, std::int64_t steps) {
    SimulatorSettings settings = instant(Integrator::euler(dt));
    settings.stimuli = stimuli;
    settings.monitors = {MonitorSettings::raw({"y"})};
    const arma::mat y = Simulator(relays(unconnected(3), dt), settings).run(static_cast<double>(steps) * dt).series()["y"];
    CHECK(y.col(0).is_zero());
    CHECK(y.col(2).is_zero());
    return y.col(1).tail(static_cast<arma::uword>(steps));
}

template <class Expected>
void check_heard(const std::vector<Stimulus>& stimuli, const Expected& expected) {
    const arma::vec found = heard(stimuli, 120);
    for (arma::uword step = 0; step < found.size(); ++step) {
        const double time = static_cast<double>(step) * dt;
        CAPTURE(time);
        CHECK_CLOSE(found(step), expected(time), .abs = 1e-15, .rel = 1e-14, .why = "the same formula, rounded in another order");
    }
}

}  // namespace

TEST_CASE("a pulse is on for onset <= t < onset + duration") {
    check_heard({waveform(Stimulus::Waveform::pulse, 1.5, 2.25, -3.0)}, [](double t) { return t >= 1.5 && t < 3.75 ? -3.0 : 0.0; });
    check_heard({waveform(Stimulus::Waveform::pulse, 0.0, 0.125, 2.0)}, [](double t) { return t == 0.0 ? 2.0 : 0.0; });
    check_heard({waveform(Stimulus::Waveform::pulse, 1.0)}, [](double t) { return t >= 1.0 ? 1.0 : 0.0; });
}

TEST_CASE("a pulse train is The Virtual Brain's: on where t > onset and (t - onset) mod period < width") {
    Stimulus train = waveform(Stimulus::Waveform::pulse_train, 1.0, 1e300, 0.5);
    train.period = 2.0;
    train.width = 0.375;
    check_heard({train}, [](double t) { return t > 1.0 && std::fmod(t - 1.0, 2.0) < 0.375 ? 0.5 : 0.0; });
    train.duration = 5.0;
    check_heard({train}, [](double t) { return t > 1.0 && t < 6.0 && std::fmod(t - 1.0, 2.0) < 0.375 ? 0.5 : 0.0; });
    train.width = 2.0;
    check_heard({train}, [](double t) { return t > 1.0 && t < 6.0 ? 0.5 : 0.0; });
}

TEST_CASE("a sine begins with its phase at its onset") {
    Stimulus sine = waveform(Stimulus::Waveform::sine, 1.0, 6.0, 2.0);
    sine.frequency = 0.3;
    sine.phase = 0.4;
    check_heard({sine}, [](double t) { return t >= 1.0 && t < 7.0 ? 2.0 * std::sin(2 * std::numbers::pi * 0.3 * (t - 1.0) + 0.4) : 0.0; });
}

TEST_CASE("a ramp rises between onset and onset + duration, and stays") {
    check_heard({waveform(Stimulus::Waveform::ramp, 2.0, 5.0, 3.0)}, [](double t) {
        return t < 2.0 ? 0.0 : t < 7.0 ? 3.0 * (t - 2.0) / 5.0 : 3.0;
    });
}

TEST_CASE("a series is interpolated, and 0 outside of itself") {
    Stimulus series = waveform(Stimulus::Waveform::file, 0.0, 1e300, 2.0);
    series.times = {1.0, 2.0, 2.0, 6.0};
    series.values = {0.0, 1.0, -1.0, 3.0};
    check_heard({series}, [](double t) { return t < 1.0 || t > 6.0 ? 0.0 : t < 2.0 ? 2.0 * (t - 1.0) : 2.0 * (-1.0 + (t - 2.0)); });
}

TEST_CASE("stimuli on the same region add up") {
    check_heard({waveform(Stimulus::Waveform::pulse, 1.0, 4.0, 1.0), waveform(Stimulus::Waveform::ramp, 2.0, 5.0, 3.0)}, [](double t) {
        return (t >= 1.0 && t < 5.0 ? 1.0 : 0.0) + (t < 2.0 ? 0.0 : t < 7.0 ? 3.0 * (t - 2.0) / 5.0 : 3.0);
    });
}

TEST_CASE("RK4 hears begin, middle and end of a step, and an edge on one side only") {
    const StimulusOnGrid pulse(waveform(Stimulus::Waveform::pulse, 0.25, 0.25, 4.0), dt);
    using Samples = std::array<double, 3>;
    CHECK(pulse.within(1) == Samples{0, 0, 0});
    CHECK(pulse.within(2) == Samples{4, 4, 4});
    CHECK(pulse.within(3) == Samples{4, 4, 4});
    CHECK(pulse.within(4) == Samples{0, 0, 0});
    const StimulusOnGrid ramp(waveform(Stimulus::Waveform::ramp, 0.25, 0.25, 4.0), dt);
    CHECK(ramp.within(2) == Samples{0, 1, 2});
    CHECK(ramp.within(3) == Samples{2, 3, 4});
    CHECK(ramp.within(9) == Samples{4, 4, 4});
    // With rate 1 and no leak RK4 adds up the integral.
    SimulatorSettings settings = instant(Integrator::rk4(dt));
    settings.stimuli = {waveform(Stimulus::Waveform::ramp, 1.0, 3.0, 6.0), waveform(Stimulus::Waveform::pulse, 2.0, 2.5, 8.0)};
    Network network(unconnected(2), relay());
    network.set_parameter("leak", 0.0);
    Simulator simulator(std::move(network), settings);
    simulator.run(5.0);
    CHECK_CLOSE(simulator.state(1, "y"), 9.0 + 6.0 + 20.0, .abs = 1e-13, .why = "a polynomial of degree 1, summed over 40 steps");
}

TEST_CASE("edges beside the grid are moved, and said to be") {
    SimulatorSettings settings = instant(Integrator::euler(dt));
    settings.stimuli = {waveform(Stimulus::Waveform::pulse, 1.03, 2.0)};
    const Simulator simulator(relays(unconnected(2), dt), settings);
    const auto warnings = simulator.warnings();
    CHECK(std::ranges::any_of(warnings, [](const std::string& each) { return each.find("onset 1.03 ms -> 1 ms") != each.npos; }));
}

TEST_CASE("stimuli that mean nothing are refused") {
    const auto with = [](Stimulus stimulus) {
        SimulatorSettings settings;
        settings.stimuli = {std::move(stimulus)};
        return Simulator(Network(unconnected(2), relay()), settings);
    };
    CHECK_REFUSED(ConfigurationError, "stimulus[0]: duration = 0 ms is not above 0", with(waveform(Stimulus::Waveform::pulse, 0.0, 0.0)));
    CHECK_REFUSED(ConfigurationError, "amplitude is not a finite number",
                  with(waveform(Stimulus::Waveform::pulse, 0.0, 1.0, std::nan(""))));
    CHECK_REFUSED(ConfigurationError, "a pulse train needs 0 < width <= period", with(waveform(Stimulus::Waveform::pulse_train)));
    CHECK_REFUSED(ConfigurationError, "frequency = 0 1/ms of a sine", with(waveform(Stimulus::Waveform::sine)));
    CHECK_REFUSED(ConfigurationError, "a ramp needs a duration", with(waveform(Stimulus::Waveform::ramp)));
    Stimulus series = waveform(Stimulus::Waveform::file);
    CHECK_REFUSED(ConfigurationError, "as many values as times", with(series));
    series.times = {1.0, 0.5};
    series.values = {0.0, 1.0};
    CHECK_REFUSED(ConfigurationError, "times ascending", with(series));
    series.times = {0.5, std::nan("")};
    CHECK_REFUSED(ConfigurationError, "finite numbers", with(series));
    Stimulus elsewhere = waveform(Stimulus::Waveform::pulse);
    elsewhere.regions = {2};
    CHECK_REFUSED(ConfigurationError, "there is no region number 2", with(elsewhere));
}
