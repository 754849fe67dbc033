// Monitors: which times they stamp, and which numbers they keep. Relays hear a known signal, so that y(n + 1) = signal(n).
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

constexpr double dt = 0.125;

/// Region 0 hears sin(t), region 2 t.
std::vector<Stimulus> signals(double until) {
    Stimulus sine;
    sine.regions = {0};
    sine.waveform = Stimulus::Waveform::sine;
    sine.frequency = 1.0 / (2.0 * std::numbers::pi);
    Stimulus ramp;
    ramp.regions = {2};
    ramp.waveform = Stimulus::Waveform::ramp;
    ramp.duration = until;
    ramp.amplitude = until;
    return {sine, ramp};
}
double signal(std::size_t region, std::int64_t step) {
    if (step == 0 || region == 1) return 0.0;
    const double time = static_cast<double>(step - 1) * dt;
    return region == 0 ? std::sin(time) : time;
}

Recording record(std::vector<MonitorSettings> monitors, double duration) {
    SimulatorSettings settings = instant(Integrator::euler(dt));
    settings.stimuli = signals(duration);
    settings.monitors = std::move(monitors);
    return Simulator(relays(unconnected(3), dt), settings).run(duration);
}

constexpr Tolerance rounding{.abs = 1e-14, .rel = 1e-12, .why = "the sine's argument is rounded in another order"};

}  // namespace

TEST_CASE("raw keeps every step from t = 0 on, over many buffers") {
    const Recording recording = record({MonitorSettings::raw()}, 2500.0);
    const Series& series = recording.series("raw");
    REQUIRE(series.time.size() == 20001);
    REQUIRE(series["y"].n_rows == 20001);
    REQUIRE(series["y"].n_cols == 3);
    CHECK(series.variables.front().unit == "1/ms");
    for (std::int64_t step = 0; step <= 20000; ++step) {
        const auto row = static_cast<arma::uword>(step);
        if (series.time[row] != static_cast<double>(step) * dt) FAIL_CHECK("time of row " << row);
        for (std::size_t region = 0; region < 3; ++region)
            if (!close(series["y"](row, region), signal(region, step), {.abs = 1e-10, .why = "sin of 2500"})) FAIL_CHECK("row " << row);
    }
}

TEST_CASE("subsample keeps every period from t = 0 on") {
    const Recording recording = record({MonitorSettings::subsample(0.625)}, 20.0);
    const Series& series = recording.series();
    REQUIRE(series.time.size() == 33);
    for (std::int64_t row = 0; row <= 32; ++row) {
        CHECK(series.time[static_cast<std::size_t>(row)] == static_cast<double>(row) * 0.625);
        for (std::size_t region = 0; region < 3; ++region)
            CHECK_CLOSE(series["y"](static_cast<arma::uword>(row), region), signal(region, 5 * row), rounding);
    }
}

TEST_CASE("average keeps the mean over each window, stamped in its middle as The Virtual Brain does") {
    const Recording recording = record({MonitorSettings::average(0.5)}, 20.25);
    const Series& series = recording.series();
    REQUIRE(series.time.size() == 40);  // the window that is not complete is not there
    for (std::int64_t row = 0; row < 40; ++row) {
        // The states after steps 1 to 4 make the first window, which covers (0, 0.5].
        CHECK(series.time[static_cast<std::size_t>(row)] == 0.25 + 0.5 * static_cast<double>(row));
        for (std::size_t region = 0; region < 3; ++region) {
            double mean = 0;
            for (std::int64_t step = 4 * row + 1; step <= 4 * row + 4; ++step) mean += signal(region, step) / 4;
            CHECK_CLOSE(series["y"](static_cast<arma::uword>(row), region), mean, rounding);
        }
    }
}

TEST_CASE("an average over one step is every state but the first") {
    const Recording recording = record({MonitorSettings::average(dt), MonitorSettings::raw()}, 10.0);
    CHECK(arma::all(arma::vectorise(recording.series(0)["y"] == recording.series(1)["y"].tail_rows(80))));
}

TEST_CASE("a derived quantity is averaged itself, not derived from averages") {
    Network network(random_connectome({.regions = 11}), model("montbrio_pazo_roxin"));
    scatter_starts(network, 0.3);
    SimulatorSettings settings = instant(Integrator::rk4(0.01), Coupling::linear(0.1));
    settings.monitors = {MonitorSettings::raw({"Z", "v"}), MonitorSettings::average(0.5, {"Z"})};
    const Recording recording = Simulator(network, settings).run(5.0);
    const arma::mat &all = recording.series("raw")["Z"], &mean = recording.series("average")["Z"];
    for (arma::uword row = 0; row < 10; ++row)
        for (arma::uword region = 0; region < 11; ++region)
            CHECK_CLOSE(mean(row, region), arma::mean(all.col(region).rows(50 * row + 1, 50 * row + 50)), .rel = 1e-14,
                        .why = "a sum of 50");
    CHECK(recording.series("raw").variables[1].name == "v");
}

TEST_CASE("several monitors of one kind need names") {
    const auto simulator = [](std::vector<MonitorSettings> monitors) {
        SimulatorSettings settings = instant(Integrator::euler(dt));
        settings.monitors = std::move(monitors);
        return Simulator(relays(unconnected(3), dt), settings);
    };
    MonitorSettings named = MonitorSettings::subsample(1.0);
    named.name = "slow";
    const Recording recording = simulator({MonitorSettings::subsample(0.5), named}).run(4.0);
    CHECK(recording.series("slow").time.size() == 5);
    CHECK(recording.series("subsample").time.size() == 9);
    CHECK_REFUSED(ConfigurationError, "no monitor 'fast'", recording.series("fast"));
    CHECK_REFUSED(ConfigurationError, "keeps no variable 'x'", recording.series("slow")["x"]);
    CHECK_REFUSED(ConfigurationError, "two monitors are named 'subsample'",
                  simulator({MonitorSettings::subsample(0.5), MonitorSettings::subsample(1.0)}));
    CHECK_REFUSED(ConfigurationError, "period = 0.3 ms is not a whole number of steps", simulator({MonitorSettings::subsample(0.3)}));
    CHECK_REFUSED(ConfigurationError, "period = 0 ms is not above 0", simulator({MonitorSettings::average(0.0)}));
    CHECK_REFUSED(ConfigurationError, "has a variable 'z'", simulator({MonitorSettings::raw({"z"})}));
    CHECK_REFUSED(ConfigurationError, "variable 'y' is named twice", simulator({MonitorSettings::raw({"y", "y"})}));
}

TEST_CASE("a sink is given rows as the run goes on, not at its end") {
    struct Watching : Sink {
        void begin(std::span<const std::string>, std::span<const std::vector<RecordedVariable>>, std::size_t) override {}
        void write(const Chunk& chunk) override {
            largest = std::max(largest, chunk.times.size());
            rows += chunk.times.size();
        }
        std::size_t largest = 0, rows = 0;
    } sink;
    SimulatorSettings settings = instant(Integrator::euler(dt));
    settings.monitors = {MonitorSettings::raw()};
    Simulator(relays(unconnected(300), dt), settings).run(12500.0, sink);
    CHECK(sink.rows == 100001);
    CHECK(sink.largest <= 8192);
}
