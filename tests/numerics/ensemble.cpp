// Simulations side by side in the lanes of vectors: each as it is alone, to the last bit.
#include <kation/simulator/ensemble.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/all_models.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>

using namespace kation;

namespace {

/// Of one simulation.
struct Outcome {
    std::vector<double> states;
    std::vector<double> record, times;
    std::vector<std::int64_t> events, bursts;
    std::vector<double> onset;
    std::string failure;

    bool operator==(const Outcome& other) const {
        const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
            return std::ranges::equal(a, b, [](double x, double y) { return x == y || (x != x && y != y); });
        };
        return same(states, other.states) && same(record, other.record) && same(times, other.times) && events == other.events &&
               bursts == other.bursts && same(onset, other.onset) && failure == other.failure;
    }
};

void add_records(Outcome& outcome, const Recording& recording, std::size_t monitors) {
    for (std::size_t m = 0; m < monitors; ++m) {
        for (const arma::mat& values : recording.series(m).values)
            outcome.record.insert(outcome.record.end(), values.begin(), values.end());
        outcome.times.insert(outcome.times.end(), recording.series(m).time.begin(), recording.series(m).time.end());
    }
}

void add_recruitment(Outcome& outcome, const Recruitment& recruitment) {
    outcome.events = recruitment.events;
    outcome.bursts = recruitment.bursts;
    outcome.onset = recruitment.first_event_ms;
}

Outcome alone(const Simulation& simulation, double duration) {
    Simulator simulator(simulation.network, simulation.settings);
    Recording recording;
    Outcome outcome;
    try {
        simulator.run(duration, recording);
        outcome.states = states_of(simulator);
    } catch (const InvalidState& problem) {
        outcome.failure = problem.what();
    }
    add_records(outcome, recording, simulation.settings.monitors.size());
    add_recruitment(outcome, simulator.recruitment());
    return outcome;
}

std::vector<Outcome> side_by_side(const std::vector<Simulation>& simulations, double duration) {
    Ensemble ensemble(simulations);
    std::vector<Recording> recordings(simulations.size());
    std::vector<Sink*> sinks;
    for (Recording& recording : recordings) sinks.push_back(&recording);
    ensemble.run(duration, sinks);
    std::vector<Outcome> outcomes(simulations.size());
    for (std::size_t k = 0; k < simulations.size(); ++k) {
        if (ensemble.failure(k))
            outcomes[k].failure = ensemble.failure(k)->what();
        else
            for (std::size_t region = 0; region < simulations[k].network.regions(); ++region)
                for (const double value : ensemble.state(k, region)) outcomes[k].states.push_back(value);
        add_records(outcomes[k], recordings[k], simulations[k].settings.monitors.size());
        add_recruitment(outcomes[k], ensemble.recruitment(k));
    }
    return outcomes;
}

void each_as_alone(const std::vector<Simulation>& simulations, double duration) {
    const std::vector<Outcome> together = side_by_side(simulations, duration);
    for (std::size_t k = 0; k < simulations.size(); ++k) {
        CAPTURE(k);
        CHECK(together[k] == alone(simulations[k], duration));
    }
}

/// The same connections with weights of their own, one of them missing in every other.
Connectivity with_other_weights(const RandomConnectome& options, std::size_t k) {
    const Connectivity brain = random_connectome(options);
    arma::mat weights(brain.regions(), brain.regions()), lengths(brain.regions(), brain.regions());
    bool first = true;
    for (std::size_t to = 0; to < brain.regions(); ++to)
        for (std::size_t from = 0; from < brain.regions(); ++from) {
            weights(to, from) = brain.weight(to, from) * (1.0 + 0.1 * static_cast<double>(k));
            lengths(to, from) = brain.length(to, from);
            if (first && weights(to, from) != 0.0 && k % 2 == 1) weights(to, from) = 0.0, first = false;
        }
    return connectome(weights, lengths);
}

/// Simulations that differ in everything that may differ.
std::vector<Simulation> simulations_of(const Entry& entry, const RandomConnectome& brain, const SimulatorSettings& common,
                                       std::size_t count) {
    std::vector<Simulation> simulations;
    for (std::size_t k = 0; k < count; ++k) {
        Network network(with_other_weights(brain, k), entry);
        scatter_starts(network, 0.01, 3 + k);
        const Field& parameter = entry.parameters.front();
        network.set_parameter(k % network.regions(), parameter.name.view(), network.parameter(0, parameter.name.view()) * 1.01);
        SimulatorSettings settings = common;
        settings.coupling.G *= 1.0 + 0.2 * static_cast<double>(k);
        settings.stimuli.resize(k % 2);
        for (Stimulus& stimulus : settings.stimuli) {
            stimulus.regions = {k % (network.regions() - 1), network.regions() - 1};
            stimulus.onset = 0.2;
            stimulus.duration = 0.4;
            stimulus.amplitude = 1e-3 * static_cast<double>(k + 1);
        }
        settings.monitors = {MonitorSettings::subsample(5 * settings.integrator.dt), MonitorSettings::average(4 * settings.integrator.dt)};
        simulations.push_back({std::move(network), std::move(settings)});
    }
    return simulations;
}

}  // namespace

TEST_CASE("models: eight simulations side by side give what each gives alone, for every model, scheme and kind of delay") {
    for (const Entry* entry : all_models())
        for (const Method method : {Method::euler, Method::heun, Method::rk4})
            for (const double speed : {inf, 20.0, 0.5}) {
                CAPTURE(entry->info.name);
                CAPTURE(std::string(method_names[static_cast<std::size_t>(method)]));
                CAPTURE(speed);
                SimulatorSettings settings;
                settings.integrator = Integrator::of(method, 0.02);
                settings.integrator.bounds = Bounds::clip;
                settings.coupling = Coupling::linear(1e-3);
                settings.speed = speed;
                each_as_alone(simulations_of(*entry, {.regions = 6, .self_connections = true}, settings, 8), 1.4);
            }
}

TEST_CASE("[ensemble] coupling of every kind, with noise, and fewer simulations than lanes") {
    for (const Coupling& coupling :
         {Coupling::linear(0.02), Coupling::difference(0.02), Coupling{.kind = Coupling::Kind::sigmoidal, .G = 0.1}})
        for (const double speed : {inf, 4.0})
            for (const bool noisy : {false, true}) {
                SimulatorSettings settings;
                settings.integrator = Integrator::of(noisy ? Method::heun : Method::rk4, 0.02);
                settings.coupling = coupling;
                settings.speed = speed;
                if (noisy) {
                    settings.noise.variables = {{"r", 1e-6, std::nullopt}, {"v", 1e-3, 5.0}};
                    settings.noise.stimulus = StimulusNoise{5.0, 0.01};
                }
                for (const std::size_t count : {1UL, 3UL, 8UL})
                    each_as_alone(simulations_of(model("montbrio_pazo_roxin"), {.regions = 13, .longest = 60}, settings, count), 6.0);
            }
}

TEST_CASE("[ensemble] regions of two models, a seizure that spreads differently in each, and recruitment") {
    std::vector<Simulation> simulations;
    for (std::size_t k = 0; k < 8; ++k) {
        Network network(with_other_weights({.regions = 9, .density = 0.5, .longest = 30}, k), model("ion_exchange"), "fig6");
        network.set_model(4, RegionModel(model("montbrio_pazo_roxin")));
        network.set_parameter(std::vector<std::string>{network.label(0)}, "K_bath", 15.5 + 0.1 * static_cast<double>(k));
        SimulatorSettings settings;
        settings.integrator = Integrator::rk4(0.05);
        settings.coupling = Coupling::linear(20.0 + static_cast<double>(k));
        settings.recruitment.min_events = 1;
        settings.monitors = {MonitorSettings::subsample(10.0, {"V", "K_ext", "v"})};
        simulations.push_back({std::move(network), std::move(settings)});
    }
    each_as_alone(simulations, 400.0);
}

TEST_CASE("[ensemble] one that becomes invalid ends with the words it has alone, and the others go on") {
    SimulatorSettings settings;
    settings.integrator = Integrator::euler(0.1);
    settings.coupling = Coupling::linear(0.1);
    settings.speed = 4.0;
    auto simulations = simulations_of(model("ion_exchange"), {.regions = 6, .longest = 60}, settings, 8);
    simulations[2].network.set_parameter("Cm", 1e-3);  // too fast for the step
    simulations[5].network.set_parameter("Cm", 1e-4);
    each_as_alone(simulations, 40.0);
    CHECK(!alone(simulations[2], 40.0).failure.empty());
    CHECK(!alone(simulations[5], 40.0).failure.empty());
    CHECK(alone(simulations[0], 40.0).failure.empty());
}

TEST_CASE("[ensemble] one that is stopped has what it had then; the others go on, in pieces as in one run") {
    SimulatorSettings settings;
    settings.integrator = Integrator::heun(0.02);
    settings.coupling = Coupling::linear(0.02);
    settings.speed = 4.0;
    const auto simulations = simulations_of(model("montbrio_pazo_roxin"), {.regions = 13, .longest = 60}, settings, 4);
    Ensemble ensemble(simulations);
    std::vector<Recording> recordings(4);
    std::vector<Sink*> sinks;
    for (Recording& recording : recordings) sinks.push_back(&recording);
    double now = 0;
    const Ensemble::Watcher watcher{.progress = [&](double time) { now = time; },
                                    .stop = [&](std::size_t k) { return k == 1 && now >= 2.0; }};
    ensemble.run(2.5, sinks, watcher);
    ensemble.run(0.7, sinks, watcher);
    ensemble.end(2);
    ensemble.run(4.8, sinks, watcher);
    CHECK(ensemble.ended(1));
    CHECK(ensemble.time(2) == doctest::Approx(3.2).epsilon(1e-12));
    CHECK(ensemble.time(1) < 3.0);
    CHECK(ensemble.time(0) == doctest::Approx(8.0).epsilon(1e-12));
    for (const std::size_t k : {0UL, 1UL, 2UL, 3UL}) {
        CAPTURE(k);
        Outcome outcome;
        add_records(outcome, recordings[k], 2);
        add_recruitment(outcome, ensemble.recruitment(k));
        Outcome expected = alone(simulations[k], ensemble.time(k));
        expected.states.clear();
        CHECK(outcome == expected);
    }
}

TEST_CASE("[ensemble] what differs in more than numbers is refused, and says in what") {
    const Simulation one{Network(random_connectome({.regions = 4}), model("montbrio_pazo_roxin")), {}};
    const auto obstacle_to = [&](const auto& change) {
        Simulation other = one;
        change(other);
        return Ensemble::obstacle(one, other);
    };
    CHECK(obstacle_to([](Simulation&) {}) == "");
    CHECK(obstacle_to([](Simulation& other) { other.settings.integrator.seed = 7; }) == "");
    CHECK(obstacle_to([](Simulation& other) { other.settings.coupling.G = 7; }) == "");
    CHECK(obstacle_to([](Simulation& other) { other.settings.integrator.dt = 0.01; }) == "method, dt or bounds differ");
    CHECK(obstacle_to([](Simulation& other) { other.settings.speed = 2.0; }) == "the delays differ");
    CHECK(obstacle_to([](Simulation& other) { other.network.set_model(2, RegionModel(model("ion_exchange"))); }) ==
          "the model of region region_2 differs");
    CHECK(obstacle_to([](Simulation& other) { other.settings.coupling.kind = Coupling::Kind::difference; }) ==
          "the coupling differs in more than its strength");
    Simulation noisy = one;
    noisy.settings.noise.variables = {{"v", 1e-3, std::nullopt}};
    Simulation other_seed = noisy;
    other_seed.settings.integrator.seed = 7;
    CHECK(Ensemble::obstacle(noisy, other_seed) == "the seed of the noise differs");
    CHECK_THROWS_WITH_AS(Ensemble({noisy, other_seed}), "simulations 0 and 1 cannot go side by side: the seed of the noise differs",
                         ConfigurationError);
}
