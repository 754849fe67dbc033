// The recruitment observer counts what is in a known signal: relays hand it on one step later.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/crossings.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>
#include <support/relay.hpp>

#include <cmath>

using namespace kation;

namespace {

/// Relays whose region k hears values[k] at step 0, 1, ... of 1 ms; y(n + 1) = values[k][n].
Recruitment observe(const std::vector<std::vector<double>>& values, RecruitmentSettings recruitment, double start = 0.0) {
    SimulatorSettings settings = instant(Integrator::euler(1.0));
    settings.recruitment = recruitment;
    std::size_t longest = 0;
    for (std::size_t region = 0; region < values.size(); ++region) {
        Stimulus series;
        series.regions = {region};
        series.waveform = Stimulus::Waveform::file;
        for (std::size_t step = 0; step < values[region].size(); ++step) series.times.push_back(static_cast<double>(step));
        series.values = values[region];
        settings.stimuli.push_back(series);
        longest = std::max(longest, values[region].size());
    }
    Network network = relays(unconnected(values.size()), 1.0);
    for (std::size_t region = 0; region < values.size(); ++region) network.set_initial(region, "y", start);
    Simulator simulator(std::move(network), settings);
    simulator.run(static_cast<double>(longest));
    return simulator.recruitment();
}

/// 0 but for 1 at these steps.
std::vector<double> spikes(const std::vector<std::size_t>& steps, std::size_t length) {
    std::vector<double> values(length, 0.0);
    for (const std::size_t step : steps) values[step] = 1.0;
    return values;
}

}  // namespace

TEST_CASE("events, bursts, onset, offset and order are those of the signal") {
    RecruitmentSettings settings;
    settings.min_events = 3;
    settings.burst_gap = 10.0;
    const Recruitment found =
        observe({spikes({5, 9, 30, 40, 51}, 100), spikes({2, 60}, 100), spikes({}, 100), spikes({4, 7, 99}, 100)}, settings);
    CHECK(found.events == std::vector<std::int64_t>{5, 2, 0, 3});
    CHECK(found.bursts == std::vector<std::int64_t>{3, 2, 0, 2});  // 5 9 | 30 40 | 51: a gap of just 10 ms does not end a burst
    CHECK(found.recruited == std::vector<bool>{true, false, false, true});
    CHECK(found.order == std::vector<std::int64_t>{2, 0, 0, 1});
    CHECK(found.onset_ms[0] == 6.0);
    CHECK(found.offset_ms[0] == 52.0);
    CHECK(found.onset_ms[3] == 5.0);
    CHECK(found.offset_ms[3] == 100.0);
    CHECK(std::isnan(found.onset_ms[1]));
    CHECK(std::isnan(found.offset_ms[1]));
    CHECK(found.first_event_ms[1] == 3.0);
    CHECK(std::isnan(found.first_event_ms[2]));
    CHECK(found.count_outside({true, false, false, false}) == 1);
}

TEST_CASE("an event is a rise to the threshold after having been below the lower one") {
    // Relay's rule: 0.5, re-armed below 0.25.
    const Recruitment found =
        observe({{0.0, 0.5, 0.3, 0.9, 0.25, 0.9, 0.2499, 0.4999, 0.5, 0.0, 0.0}, {0.3, 0.6, 0.3, 0.6, 0.1, 0.6, 0.6, 0.6, 0.1, 0.6, 0.0}},
                {.min_events = 1}, 0.4);
    CHECK(found.events[0] == 2);  // steps 1 and 8: neither 0.3 nor 0.25 re-arms
    CHECK(found.first_event_ms[0] == 2.0);
    CHECK(found.events[1] == 2);  // a node that begins between the two is not armed
    CHECK(found.first_event_ms[1] == 6.0);
}

TEST_CASE("a node that begins above its threshold has no event there, one that begins below is armed") {
    CHECK(observe({spikes({0, 1, 2}, 5)}, {.min_events = 1}, 1.0).events[0] == 0);
    CHECK(observe({spikes({0, 1, 2}, 5)}, {.min_events = 1}, 0.0).events[0] == 1);
    CHECK(observe({spikes({0, 1, 2}, 5)}, {.min_events = 1}, 0.0).first_event_ms[0] == 1.0);
}

TEST_CASE("given thresholds stand in for the model's") {
    const std::vector<double> values{0.0, 2.0, 4.0, 2.0, 4.0, 0.9, 4.0, 0.0};
    CHECK(observe({values}, {.min_events = 1}).events[0] == 1);
    CHECK(observe({values}, {.min_events = 1, .threshold = 3.0, .rearm = 1.0}).events[0] == 2);
    CHECK(observe({values}, {.min_events = 1, .threshold = 3.0, .rearm = 3.0}).events[0] == 3);
}

TEST_CASE("events on the way agree with those found in a record") {
    Network network(unconnected(9), model("ion_exchange"));
    for (std::size_t region = 0; region < 9; ++region) network.set_parameter(region, "K_bath", 10.0 + static_cast<double>(region));
    SimulatorSettings settings = instant(Integrator::rk4(0.05));
    settings.monitors = {MonitorSettings::raw({"V"})};
    settings.threads = 1;
    Crossings crossings(-20.0, -40.0, 0.0);
    Simulator simulator(network, settings);
    simulator.run(4000.0, crossings);
    const Recruitment found = simulator.recruitment();
    std::int64_t all = 0;
    for (std::size_t region = 0; region < 9; ++region) {
        const auto& times = crossings.of(region);
        CHECK(found.events[region] == static_cast<std::int64_t>(times.size()));
        all += found.events[region];
        if (!times.empty())
            CHECK_CLOSE(found.first_event_ms[region], times.front(), .abs = 0.05, .why = "an event is noted at the end of its step");
    }
    CHECK(all > 100);
}

TEST_CASE("recruitment settings that mean nothing are refused") {
    CHECK_REFUSED(ConfigurationError, "min_events = 0 is below 1", observe({{0.0}}, {.min_events = 0}));
    CHECK_REFUSED(ConfigurationError, "burst_gap = 0 ms is not above 0", observe({{0.0}}, {.burst_gap = 0.0}));
    CHECK_REFUSED(ConfigurationError, "rearm = 0.7 is above threshold = 0.5 1/ms of relay", observe({{0.0}}, {.rearm = 0.7}));
}
