// The adaptive scheme: errors that follow the tolerance, steps that end at jumps and edges, delayed networks, and runs cut anywhere.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/entry_of.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>

#include <cmath>

using namespace kation;

namespace {

constexpr StepTolerance tight{1e-12, 1e-14};

/// A model whose rate jumps: y' = -y + (left or right of y = 0.5: rise or fall) with a known solution.
struct Hinge {
    static constexpr Info info{.name = "hinge",
                               .title = "A rate that jumps",
                               .equations = "y' = slow y where y <= at, else fast y",
                               .source = "made for tests",
                               .corrections = ""};
    template <class T>
    struct State {
        T y = Field{"y", 1.0, "1", "grows"};
    };
    template <class T>
    struct Parameters {
        T slow = Field{"slow", 1.0, "1/ms", "below the jump"};
        T fast = Field{"fast", 3.0, "1/ms", "above it"};
        T at = Field{"at", 2.0, "1", "where the rate jumps"};
    };
    template <class T>
    struct Output {
        T y = Field{"y", 0.0, "1", "the state"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling"};
        T I = Field{"I", 0.0, "1/ms", "stimulus"};
    };
    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        return {.y = select(x.y <= p.at, p.slow, p.fast) * x.y + in.c + in.I};
    }
    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.y = x.y};
    }
    template <class T>
    KATION_INLINE static constexpr T branch(const State<T>& x, const Parameters<T>& p) {
        return x.y - p.at;
    }
    static constexpr std::string_view jumps_at = "at";
    static constexpr EventRule event_rule{"y", "1", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.y;
    }
    static constexpr auto presets() { return std::array{Preset<Hinge>{"growing", "starts at 1", {}, {}}}; }
};

/// Where a model is smooth for a while: its rest state if it has one, disturbed.
Network network_of(const Entry& entry, const Connectivity& brain) {
    const bool rests = std::ranges::any_of(entry.presets, [](const PresetValues& preset) { return preset.name == "rest"; });
    Network network(brain, rests ? RegionModel(entry, "rest") : RegionModel(entry));
    scatter_starts(network, 0.04);
    return network;
}

SimulatorSettings with(const Integrator& integrator, const Coupling& coupling, double speed) {
    SimulatorSettings settings;
    settings.integrator = integrator;
    settings.coupling = coupling;
    settings.speed = speed;
    settings.threads = 1;
    return settings;
}

/// Largest difference of the states after a run, in units of each variable's range.
double difference(const Network& network, const SimulatorSettings& a, const SimulatorSettings& b, double duration) {
    std::vector<double> first = final_states(network, a, duration), second = final_states(network, b, duration);
    std::size_t place = 0;
    for (std::size_t region = 0; region < network.regions(); ++region)
        for (const Field& field : network.region(region).model->state) {
            const double size = std::isfinite(natural_size(field)) ? natural_size(field) : 1.0;
            first[place] /= size, second[place] /= size;
            ++place;
        }
    return largest_difference(first, second);
}

}  // namespace

TEST_CASE("single nodes of all models: the error falls with the tolerance, and RK4 at small steps agrees") {
    for (const Entry* entry : all_models()) {
        CAPTURE(std::string(entry->info.name));
        const Network network = network_of(*entry, unconnected(3));
        const auto at = [&](double rtol) {
            return with(Integrator::adaptive(0.02, {rtol, std::max(1e-14, 1e-3 * rtol)}), Coupling::linear(1.0), inf);
        };
        const double coarse = difference(network, at(1e-4), at(1e-12), 10.0), middle = difference(network, at(1e-7), at(1e-12), 10.0),
                     fine = difference(network, at(1e-10), at(1e-12), 10.0);
        MESSAGE(std::string(entry->info.name) << ": errors " << coarse << ", " << middle << ", " << fine);
        CHECK(coarse < 1e-2);
        CHECK(middle < 1e-5);
        CHECK(fine < 1e-8);
        SimulatorSettings small = with(Integrator::rk4(0.00125), Coupling::linear(1.0), inf);
        CHECK(difference(network, small, at(1e-12), 2.0) < 1e-7);
    }
}

TEST_CASE("networks without delay agree with RK4 at small steps, for all kinds of coupling") {
    const Connectivity brain = random_connectome({.regions = 12, .density = 0.5, .self_connections = true});
    for (const Entry* entry : all_models())
        for (const Coupling& coupling : {Coupling::linear(0.05), Coupling::difference(0.05),
                                         Coupling{.kind = Coupling::Kind::sigmoidal, .G = 1.0, .cmin = 0.0, .cmax = 0.1, .sigma = 2.0}}) {
            CAPTURE(std::string(entry->info.name));
            CAPTURE(static_cast<int>(coupling.kind));
            const Network network = network_of(*entry, brain);
            CHECK(difference(network, with(Integrator::rk4(0.00125), coupling, inf), with(Integrator::adaptive(0.02, tight), coupling, inf),
                             1.0) < 1e-7);
        }
}

TEST_CASE("delayed networks agree with RK4 at small steps, also where some connections have no delay") {
    const Connectivity random = random_connectome({.regions = 12, .density = 0.4, .longest = 9.0, .self_connections = true});
    for (const double least : {0.0, 1.0}) {
        arma::mat lengths = random.tract_lengths();
        lengths.transform([&](double length) { return 0.16 * (std::floor(length) + least); });
        const Connectivity brain = connectome(random.weights(), lengths);
        for (const Entry* entry : all_models())
            for (const Coupling& coupling : {Coupling::linear(0.05), Coupling::difference(0.05)})
                for (const bool moving : {false, true}) {
                    CAPTURE(std::string(entry->info.name));
                    CAPTURE(least);
                    CAPTURE(moving);
                    const Network network = network_of(*entry, brain);
                    SimulatorSettings fixed = with(Integrator::rk4(0.005), coupling, 1.0),
                                      free = with(Integrator::adaptive(0.04, tight), coupling, 1.0);
                    if (moving)
                        fixed.past = free.past = [&](std::size_t region, double time) {
                            auto state = network.region(region).initial;
                            for (double& value : state) value *= 1.0 + 0.2 * std::sin(1.5 * time);
                            return state;
                        };
                    CHECK(difference(network, fixed, free, 3.2) < 2e-6);
                }
    }
}

TEST_CASE("a step ends where the vector field jumps: the known solution is met to the tolerance, at little cost") {
    const Entry& hinge = entry_of<Hinge>();
    for (const double rtol : {1e-6, 1e-9, 1e-12}) {
        CAPTURE(rtol);
        Simulator simulator(Network(unconnected(1), hinge),
                            with(Integrator::adaptive(0.25, {rtol, 1e-3 * std::max(rtol, 1e-11)}), {}, inf));
        simulator.run(2.0);
        const double exact = 2.0 * std::exp(3.0 * (2.0 - std::log(2.0)));
        MESSAGE("rtol " << rtol << ": relative error " << simulator.state(0, "y") / exact - 1.0 << ", " << simulator.evaluations());
        CHECK_CLOSE(simulator.state(0, "y"), exact, .rel = 20.0 * rtol + 1e-14, .why = "errors of some steps add up");
        CHECK(simulator.evaluations() < 1200);
    }
}

TEST_CASE("a jump that a field pushes back to from both sides does not hold a run up") {
    Network network(unconnected(1), entry_of<Hinge>());
    network.set_parameter("fast", -1.0);
    Simulator simulator(std::move(network), with(Integrator::adaptive(0.05), {}, inf));
    simulator.run(2.0);
    CHECK_CLOSE(simulator.state(0, "y"), 2.0, .abs = 1e-3, .why = "the solution stays at the jump, the scheme within 0.001 dt of it");
    CHECK(simulator.evaluations() < 3'000'000);
}

TEST_CASE("steps end at the edges of stimuli: what a relay hears is integrated exactly") {
    using enum Stimulus::Waveform;
    const auto integral = [](const Stimulus& stimulus, double duration) {
        Network network(unconnected(2), relay());
        network.set_parameter("leak", 0.0);
        SimulatorSettings settings = with(Integrator::adaptive(0.125, tight), {}, inf);
        settings.stimuli = {stimulus};
        const auto states = final_states(network, settings, duration);
        CHECK(states[0] == 0.0);
        return states[1];
    };
    Stimulus stimulus;
    stimulus.regions = {1};
    stimulus.amplitude = 2.0;
    stimulus.onset = 1.0;
    stimulus.duration = 1.5;
    const Tolerance rounding{.abs = 1e-10, .why = "rounding in the continuous extension, whose coefficients are hundreds"};
    CHECK_CLOSE(integral(stimulus, 10.0), 3.0, rounding);
    stimulus.waveform = ramp;
    CHECK_CLOSE(integral(stimulus, 10.0), 1.5 + 2.0 * 7.5, rounding);
    stimulus.waveform = sine;
    stimulus.frequency = 0.5;
    CHECK_CLOSE(integral(stimulus, 10.0), 2.0 * (1.0 - std::cos(1.5 * 3.14159265358979323846)) / 3.14159265358979323846, rounding);
    stimulus.waveform = pulse_train;
    stimulus.duration = 6.5;
    stimulus.period = 1.5;
    stimulus.width = 0.5;
    CHECK_CLOSE(integral(stimulus, 10.0), 2.0 * (4 * 0.5 + 0.5), rounding);
    stimulus.waveform = file;
    stimulus.times = {0.3, 1.1, 1.1, 2.0};
    stimulus.values = {0.0, 1.0, 3.0, 4.0};
    CHECK_CLOSE(integral(stimulus, 10.0), 2.0 * (0.4 + 0.9 * 3.5), rounding);
}

TEST_CASE("adaptive refuses what it cannot do, and tolerances outside their range") {
    const auto refuse = [](const char* says, const auto& change) {
        SimulatorSettings settings = with(Integrator::adaptive(0.02), {}, inf);
        change(settings);
        CHECK_REFUSED(ConfigurationError, says, Simulator(Network(unconnected(1), relay()), settings));
    };
    refuse("adaptive takes no noise", [](SimulatorSettings& s) { s.noise.stimulus = StimulusNoise{1.0, 1.0}; });
    refuse("adaptive does not clip", [](SimulatorSettings& s) { s.integrator.bounds = Bounds::clip; });
    refuse("rtol = 0 is outside [1e-14, 0.1]", [](SimulatorSettings& s) { s.integrator.tolerance.rtol = 0.0; });
    refuse("rtol = 1 is outside [1e-14, 0.1]", [](SimulatorSettings& s) { s.integrator.tolerance.rtol = 1.0; });
    refuse("atol = -1 is outside [1e-14, 0.1]", [](SimulatorSettings& s) { s.integrator.tolerance.atol = -1.0; });
    refuse("atol = nan is outside [1e-14, 0.1]", [](SimulatorSettings& s) { s.integrator.tolerance.atol = std::nan(""); });
}

TEST_CASE("a solution that runs to infinity ends in an error that names it") {
    Network network(unconnected(2), relay());
    network.set_parameter(1, "leak", -3.0);
    network.set_initial(1, "y", 1.0);
    Simulator simulator(std::move(network), with(Integrator::adaptive(0.5), {}, inf));
    CHECK_REFUSED(InvalidState, "region region_1", simulator.run(1000.0));
}

TEST_CASE("quiet phases cost little: steps grow to many dt") {
    Network network(unconnected(1), model("ion_exchange"), "rest");
    Simulator simulator(std::move(network), with(Integrator::adaptive(0.02), {}, inf));
    simulator.run(1000.0);
    MESSAGE("at rest: " << static_cast<double>(simulator.evaluations()) / 1000.0 << " right-hand sides per ms");
    CHECK(simulator.evaluations() < 40 * 1000);
}
