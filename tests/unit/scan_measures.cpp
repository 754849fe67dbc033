#include <kation/connectome/builtin.hpp>
#include <kation/scan/measures.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

using namespace kation;

namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();
constexpr double pi = std::numbers::pi;

const Catalogue catalogue;

/// A run of one of the library's models on some connectome, for its names and numbers only.
RunConfiguration run_on(Connectivity brain, std::vector<bool> zone) {
    return {Network(std::move(brain), model("ion_exchange")), std::nullopt, {}, {}, 1000.0, std::move(zone), {}, false, false, {}};
}

RunConfiguration six_nodes() { return run_on(builtin_connectome("six_node"), {false, false, false, true, false, false}); }

std::vector<Measure> measures(const std::vector<std::string>& names, const RunConfiguration& run) {
    return measures_from(names, run, known_measures(catalogue));
}

Recruitment nothing_recruited(std::size_t regions) {
    return {std::vector<bool>(regions),         std::vector<double>(regions, never), std::vector<double>(regions, never),
            std::vector<std::int64_t>(regions), std::vector<std::int64_t>(regions),  std::vector<std::int64_t>(regions),
            std::vector<double>(regions, never)};
}

/// Takes measures of series that are given as T x N matrices, time k at (k + shift) period, handed over in chunks of some size.
struct GivenSeries {
    const RunConfiguration& run;
    arma::mat values;
    double period = 1.0;  // [ms]
    std::size_t chunk = 1000;
    MeasureSettings settings{};

    [[nodiscard]] std::vector<double> take(const std::vector<std::string>& names) const {
        const auto asked = measures(names, run);
        MeasureSettings with_sampling = settings;
        with_sampling.sampling = period;
        const double duration = period * static_cast<double>(values.n_rows);
        TrialMeasures taken(asked, with_sampling, run.network, run.zone, period, duration);
        const arma::mat rows = values.t();  // regions fastest
        std::vector<double> times;
        for (std::size_t k = 0; k < values.n_rows; ++k) times.push_back((static_cast<double>(k) + 0.5) * period);
        for (std::size_t monitor = 0; monitor < taken.monitors().size(); ++monitor)
            for (std::size_t begin = 0; begin < times.size(); begin += chunk) {
                const std::size_t count = std::min(chunk, times.size() - begin);
                Chunk part{monitor, std::span(times).subspan(begin, count), {}};
                for (std::size_t v = 0; v < taken.monitors()[monitor].variables.size(); ++v)
                    part.values.emplace_back(rows.colptr(begin), count * rows.n_rows);
                taken.write(part);
            }
        return taken.values({nothing_recruited(run.network.regions()), duration});
    }
    [[nodiscard]] double take(const std::string& name) const { return take(std::vector{name}).front(); }
};

/// amplitude sin(2 pi frequency t + phase) for t = (k + 1/2) ms, in every region.
arma::mat sine(std::size_t rows, std::size_t regions, double frequency, double amplitude, double phase = 0.3) {
    arma::mat values(rows, regions);
    for (std::size_t k = 0; k < rows; ++k)
        values.row(k).fill(amplitude * std::sin(2 * pi * frequency * 0.001 * (static_cast<double>(k) + 0.5) + phase));
    return values;
}

arma::mat white_noise(std::size_t rows, std::size_t regions, std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    arma::mat values(rows, regions);
    values.imbue([&] { return normal(engine); });
    return values;
}

}  // namespace

TEST_CASE("every measure has a name of its own, a unit and a sentence") {
    const auto kinds = known_measures(catalogue);
    REQUIRE(kinds.size() >= 22);
    for (const MeasureKind* kind : kinds) {
        CAPTURE(std::string(kind->name));
        CHECK_FALSE(kind->unit.empty());
        CHECK(kind->description.size() > 10);
        CHECK(std::ranges::count(kinds, kind->name, &MeasureKind::name) == 1);
        CHECK((kind->gauge != nullptr));
    }
}

TEST_CASE("a name becomes a measure over the regions outside the zone, of one, or of each") {
    const RunConfiguration run = six_nodes();
    const auto found = measures({"recruited", "n.power(8, 12)", "onset[*]", "V.mean[D]", "n.frequency[*]"}, run);
    REQUIRE(found.size() == 1 + 1 + 6 + 1 + 6);
    CHECK(found[0].regions == std::vector<std::size_t>{0, 1, 2, 4, 5});
    CHECK(found[0].variables.empty());
    CHECK(found[1].column == "n.power(8, 12)");
    CHECK(found[1].arguments == std::vector<double>{8, 12});
    CHECK(found[1].variables == std::vector<std::string>{"n"});
    CHECK(found[2].column == "onset[A]");
    CHECK(found[7].column == "onset[F]");
    CHECK(found[7].regions == std::vector<std::size_t>{5});
    CHECK(found[8].column == "V.mean[D]");
    CHECK(found[8].regions == std::vector<std::size_t>{3});
    CHECK(found[14].column == "n.frequency[F]");
    CHECK(form_of(*found[1].kind) == "V.power(low, high)");
    CHECK(form_of(*found[2].kind) == "onset[label]");

    const auto refused = [&](const std::string& name, const std::string& says) {
        CAPTURE(name);
        CHECK_REFUSED(ConfigurationError, says.c_str(), measures({name}, run));
    };
    refused("recruted", "scan.measures: 'recruted' is not known (did you mean 'recruited'?)");
    refused("V.men", "'men' is no statistic of a series (did you mean 'mean' or 'min'?)");
    refused("mean", "'mean' is of a variable: ask for 'V.mean', say");
    refused("V.recruited", "'V.recruited' is not of a variable: ask for 'recruited'");
    refused("W.mean", "'W.mean': no model of this network has a variable 'W'");
    refused("V.mean[Q]", "'V.mean[Q]': six_node has no region 'Q'");
    refused("V.mean[D", "lacks a closing bracket");
    refused("V.mean[]", "has brackets with nothing in them");
    refused("V.power", "has 0 numbers in parentheses, not 2: ask for 'V.power(low, high)'");
    refused("V.power(8)", "has 1 numbers in parentheses, not 2");
    refused("V.power(8, ten)", "holds 'ten', which is not a finite number");
    refused("V.power(8, 12", "lacks a closing bracket");
    refused("V.mean(3)", "has 1 numbers in parentheses, not 0");
    refused("onset", "'onset' is of one region: ask for 'onset[A]', or 'onset[*]' for a column of each");
}

TEST_CASE("mean, extremes and variance are those of all samples in the window") {
    const RunConfiguration run = six_nodes();
    GivenSeries series{.run = run, .values = 1e4 + white_noise(5000, 6, 1), .chunk = 77};
    series.settings.from = 999.5;
    series.settings.to = 3000.5;  // both included
    const auto found = series.take(std::vector<std::string>{"V.mean", "V.min", "V.max", "V.variance", "V.mean[D]", "V.variance[B]"});
    arma::mat window = series.values.rows(999, 3000);
    const arma::vec D = window.col(3), B = window.col(1);
    window.shed_col(3);
    const arma::vec outside = arma::vectorise(window);
    CHECK_CLOSE(found[0], arma::mean(outside), .rel = 1e-13, .why = "sums in another order");
    CHECK(found[1] == outside.min());
    CHECK(found[2] == outside.max());
    CHECK_CLOSE(found[3], arma::var(outside, 1), .rel = 1e-9, .why = "the mean is 10^4 standard deviations, which costs 8 digits");
    CHECK_CLOSE(found[4], arma::mean(D), .rel = 1e-13, .why = "sums in another order");
    CHECK_CLOSE(found[5], arma::var(B, 1), .rel = 1e-9, .why = "the mean is 10^4 standard deviations, which costs 8 digits");
}

TEST_CASE("a sine's power is half its squared amplitude, in its band and nowhere else, and its frequency is found between the lines") {
    const RunConfiguration run = six_nodes();
    for (const double frequency : {10.0, 7.31, 42.9}) {
        CAPTURE(frequency);
        const GivenSeries series{.run = run, .values = sine(20000, 6, frequency, 3.0) - 70.0};  // segments of 2.5 s: lines 0.4 Hz apart
        const std::string around = fmt::format("V.power({}, {})", frequency - 2, frequency + 2);
        const auto found =
            series.take(std::vector<std::string>{around, "V.power(60, 500)", "V.power(0, 2)", "V.frequency", "V.frequency[D]"});
        CHECK_CLOSE(found[0], 4.5, .rel = 1e-3, .why = "what the Hann window lets through its side lobes");
        CHECK(found[1] < 1e-6 * 4.5);
        CHECK(found[2] < 1e-4 * 4.5);
        CHECK_CLOSE(found[3], frequency, .abs = 0.02, .why = "a parabola through the window's main lobe: 5 % of the resolution, 0.4 Hz");
        CHECK(found[3] == found[4]);
    }
}

TEST_CASE("power bands add up, to the variance of what has no trend, and of two sines the stronger one gives the frequency") {
    const RunConfiguration run = six_nodes();
    const GivenSeries noise{.run = run, .values = white_noise(64000, 6, 2)};
    const auto parts =
        noise.take(std::vector<std::string>{"V.power(0, 8.03)", "V.power(8.03, 12.5)", "V.power(12.5, 500)", "V.power(0, 500)"});
    CHECK_CLOSE(parts[0] + parts[1] + parts[2], parts[3], .rel = 1e-12, .why = "sums in another order");
    CHECK_CLOSE(parts[3], 1.0, .rel = 0.01, .why = "15 segments of 8000 samples in 5 regions: 0.3 % standard deviation");
    CHECK_CLOSE(parts[1], (12.5 - 8.03) / 500, .rel = 0.2, .why = "36 lines x 8 independent segments x 5 regions: 3 %");

    const GivenSeries two{.run = run, .values = sine(16000, 6, 9, 1.0) + sine(16000, 6, 23, 1.5)};
    CHECK_CLOSE(two.take("V.frequency"), 23, .abs = 0.02, .why = "between lines 0.5 Hz apart");
    arma::mat mixed = sine(16000, 6, 9, 1.0);
    mixed.col(3) = sine(16000, 1, 23, 5.0);
    CHECK_CLOSE((GivenSeries{.run = run, .values = mixed}.take("V.frequency")), 9, .abs = 0.02,
                .why = "D is in the zone, which is left out");
    CHECK_CLOSE((GivenSeries{.run = run, .values = mixed}.take("V.frequency[D]")), 23, .abs = 0.02, .why = "between lines 0.5 Hz apart");
}

TEST_CASE("spectra know what they cannot say: nothing moves, too short, beyond half the rate of samples") {
    const RunConfiguration run = six_nodes();
    CHECK(std::isnan(GivenSeries{.run = run, .values = arma::mat(5000, 6, arma::fill::value(-70.1))}.take("V.frequency")));
    CHECK(GivenSeries{.run = run, .values = arma::mat(5000, 6, arma::fill::value(-70.1))}.take("V.power(0, 500)") == 0.0);
    CHECK(std::isnan(GivenSeries{.run = run, .values = sine(15, 6, 100, 1)}.take("V.power(0, 500)")));
    CHECK_CLOSE((GivenSeries{.run = run, .values = sine(300, 6, 100, 1)}.take("V.power(90, 110)")), 0.5, .rel = 0.01,
                .why = "one short segment");
    // Less was simulated than a segment takes: all there is counts.
    GivenSeries early{.run = run, .values = sine(500, 6, 100, 1)};
    early.settings.to = 1e6;
    CHECK_CLOSE(early.take("V.power(90, 110)"), 0.5, .rel = 0.01, .why = "one short segment");
    CHECK_REFUSED(ConfigurationError, "scan.measures: 'V.power(8, 600)': a band from 8 to 600 Hz is not within 0 to 500 Hz",
                  (GivenSeries{.run = run, .values = sine(500, 6, 100, 1)}.take("V.power(8, 600)")));
    CHECK_REFUSED(ConfigurationError, "a band from 12 to 8 Hz",
                  (GivenSeries{.run = run, .values = sine(500, 6, 100, 1)}.take("V.power(12, 8)")));
    CHECK_REFUSED(ConfigurationError, "half the rate of samples (scan.sampling = 5 ms)",
                  (GivenSeries{.run = run, .values = sine(500, 6, 10, 1), .period = 5.0}.take("V.power(8, 101)")));
}

TEST_CASE("functional connectivity is Pearson's correlation between regions, its mean, spread and likeness to the weights") {
    const RunConfiguration run = run_on(random_connectome({.regions = 7, .density = 0.8}), std::vector<bool>(7, false));
    const arma::mat mixing = white_noise(7, 7, 11);
    const GivenSeries series{.run = run, .values = white_noise(3000, 7, 12) * mixing + 1e3, .chunk = 123};
    const arma::mat r = arma::cor(series.values);
    const arma::mat& w = run.network.connectivity().weights();
    const arma::uvec pairs = arma::trimatu_ind(arma::size(r), 1);
    const arma::vec functional = r(pairs), structural = arma::mat(0.5 * (w + w.t()))(pairs);
    const auto found = series.take(std::vector<std::string>{"V.fc_mean", "V.fc_std", "V.fc_sc", "V.fc_mean[region_2]"});
    constexpr Tolerance rounding{.rel = 1e-10, .why = "the mean is 10^3 standard deviations"};
    CHECK_CLOSE(found[0], arma::mean(functional), rounding);
    CHECK_CLOSE(found[1], arma::stddev(functional, 1), rounding);
    CHECK_CLOSE(found[2], arma::as_scalar(arma::cor(functional, structural)), rounding);
    CHECK_CLOSE(found[3], (arma::sum(r.col(2)) - 1) / 6, rounding);
}

TEST_CASE("regions that go together correlate fully, and those that do not move with nothing") {
    const RunConfiguration run = run_on(random_connectome({.regions = 4}), std::vector<bool>(4, false));
    arma::mat values(2000, 4);
    values.col(0) = sine(2000, 1, 10, 1);
    values.col(1) = 3 * values.col(0) - 70;
    values.col(2) = -values.col(0);
    values.col(3).fill(-61.3);
    const GivenSeries series{.run = run, .values = values};
    CHECK_CLOSE(series.take("V.fc_mean"), -1.0 / 3, .abs = 1e-12, .why = "1, -1, -1, and the silent region left out");
    CHECK(std::isnan(series.take("V.fc_mean[region_3]")));
    CHECK_CLOSE(series.take("V.fc_mean[region_1]"), 0.0, .abs = 1e-12, .why = "1 and -1");
}

TEST_CASE("what is measured does not depend on how rows are cut into chunks, to the last bit") {
    const RunConfiguration run = six_nodes();
    const std::vector<std::string> names{"V.mean",    "V.variance", "V.max",   "V.power(3, 40)", "V.frequency",
                                         "V.fc_mean", "V.fc_std",   "V.fc_sc", "V.mean[B]"};
    GivenSeries series{.run = run, .values = white_noise(9000, 6, 5) + sine(9000, 6, 12, 2)};
    series.chunk = 9000;
    const auto whole = series.take(names);
    for (const std::size_t chunk : {1UL, 7UL, 1024UL}) {
        series.chunk = chunk;
        CHECK(series.take(names) == whole);
    }
}

TEST_CASE("a front that travels along the tracts has its speed, also where a region is late") {
    constexpr std::size_t regions = 8;
    arma::mat weights(regions, regions), lengths(regions, regions);
    for (std::size_t k = 0; k + 1 < regions; ++k) {  // a chain 0 -> 1 -> ..., and a long way round that is never the shortest
        weights(k + 1, k) = 0.5;
        lengths(k + 1, k) = 10.0 + static_cast<double>(k);
        weights(k, k + 1) = 0.1;
        lengths(k, k + 1) = 500;
    }
    std::vector<bool> zone(regions, false);
    zone[1] = zone[7] = true;  // 1 begins, 7 follows at its end
    const RunConfiguration run = run_on(connectome(weights, lengths), zone);
    constexpr double speed = 0.25;  // [mm/ms]
    Recruitment front = nothing_recruited(regions);
    double distance = 0;
    for (std::size_t k = 1; k < regions; ++k) {
        front.recruited[k] = true;
        front.onset_ms[k] = 1000 + distance / speed;
        distance += lengths(k + 1 < regions ? k + 1 : k, k);
    }
    const auto asked = measures({"speed", "speed[*]"}, run);
    const auto taken = [&](const Recruitment& recruitment) {
        return TrialMeasures(asked, {}, run.network, run.zone, 0.1, 1e5).values({recruitment, 1e5});
    };
    const auto steady = taken(front);
    constexpr Tolerance rounding{.rel = 1e-14, .why = "a product and a quotient"};
    for (const std::size_t column : {0UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL}) CHECK_CLOSE(steady[column], speed, rounding);
    CHECK(std::isnan(steady[1]));  // not recruited
    CHECK(std::isnan(steady[2]));  // where it begins

    front.onset_ms[6] = 9e4;
    front.onset_ms[5] = 8e4;
    const auto late = taken(front);
    CHECK_CLOSE(late[0], speed, rounding);  // the median of five
    CHECK(late[7] < 0.001);

    Recruitment silent = front;
    silent.recruited[1] = silent.recruited[7] = false;
    CHECK(std::isnan(taken(silent)[0]));
    const RunConfiguration without = run_on(connectome(weights), zone);
    const auto of_nothing = measures({"speed"}, without);
    CHECK_REFUSED(ConfigurationError, "scan.measures: 'speed': a speed needs tract lengths",
                  TrialMeasures(of_nothing, {}, without.network, without.zone, 0.1, 1e5));
}

TEST_CASE("without a zone a front is followed from the first region of all") {
    arma::mat weights(3, 3), lengths(3, 3);
    weights(1, 0) = weights(2, 1) = 1;
    lengths(1, 0) = lengths(2, 1) = 20;
    const RunConfiguration run = run_on(connectome(weights, lengths), std::vector<bool>(3, false));
    Recruitment front = nothing_recruited(3);
    front.recruited.assign(3, true);
    front.onset_ms = {100, 140, 200};
    const auto asked = measures({"speed"}, run);
    CHECK(TrialMeasures(asked, {}, run.network, run.zone, 0.1, 1e3).values({front, 1e3})[0] == (0.5 + 0.4) / 2);
}

TEST_CASE("recruitment is counted as the run reports it") {
    const RunConfiguration run = six_nodes();
    Recruitment r = nothing_recruited(6);
    r.recruited = {true, false, true, true, false, false};
    r.onset_ms = {300, never, 500, 100, never, never};
    r.offset_ms = {900, never, 600, 1000, never, never};
    r.events = {6, 1, 5, 40, 0, 0};
    r.bursts = {2, 1, 1, 4, 0, 0};
    r.order = {2, 0, 3, 1, 0, 0};
    const std::vector<std::string> names{"recruited", "fraction", "first_onset", "last_onset", "last_offset",  "length",
                                         "events",    "bursts",   "rate",        "onset[C]",   "onset[B]",     "offset[D]",
                                         "order[C]",  "order[E]", "events[D]",   "rate[D]",    "recruited[D]", "length[E]"};
    const std::vector<double> exact{2, 0.4, 300, 500, 900, 350, 12, 4, 1.2, 500, never, 1000, 3, 0, 40, 20, 1, never};
    const auto asked = measures(names, run);
    const auto found = TrialMeasures(asked, {}, run.network, run.zone, 0.1, 2000).values({r, 2000});
    for (std::size_t k = 0; k < names.size(); ++k) {
        CAPTURE(names[k]);
        CHECK((found[k] == exact[k] || (std::isnan(found[k]) && std::isnan(exact[k]))));
    }
}

namespace {

/// Of two variables: the largest sum of both, and how many rows there were.
class SumGauge : public Gauge {
  public:
    explicit SumGauge(const MeasuredTrial& trial) : regions_(trial.network.regions()) {}
    void add(const MeasuredRows& rows) override {
        for (std::size_t k = 0; k < rows.times.size() * regions_; ++k) largest_ = std::max(largest_, rows.values[0][k] + rows.values[1][k]);
        rows_ += static_cast<double>(rows.times.size());
    }
    [[nodiscard]] double value(const Question& question) const override { return question.measure == "rows" ? rows_ : largest_; }

  private:
    std::size_t regions_;
    double largest_ = -inf, rows_ = 0;
};

}  // namespace

TEST_CASE("a measure may ask for variables of its own, and measures with one gauge share what it gathered") {
    static int made = 0;
    constexpr auto counted = [](const MeasuredTrial& trial) -> std::unique_ptr<Gauge> {
        ++made;
        return std::make_unique<SumGauge>(trial);
    };
    const MeasureKind sum{"sum", "1", "largest sum of V and n", MeasureKind::Rows::steps, {"V", "n"}, {}, false, counted};
    const MeasureKind rows{"rows", "1", "number of rows", MeasureKind::Rows::steps, {"V", "n"}, {}, false, counted};
    const MeasureKind of_stranger{"stranger", "1", "of what is not there", MeasureKind::Rows::steps, {"psi"}, {}, false, counted};
    const std::vector<const MeasureKind*> kinds{&sum, &rows, &of_stranger};
    const RunConfiguration run = six_nodes();
    const std::vector<std::string> names{"rows", "sum", "sum[A]"};
    const auto asked = measures_from(names, run, kinds);
    TrialMeasures taken(asked, {.names = {}, .from = 2.0}, run.network, run.zone, 1.0, 10.0);
    CHECK(made == 1);
    REQUIRE(taken.monitors().size() == 1);
    CHECK(taken.monitors()[0].kind == MonitorSettings::Kind::raw);
    CHECK(taken.monitors()[0].variables == std::vector<std::string>{"V", "n"});
    const std::vector<double> times{1, 2, 3}, V(18, 4.0), n(18, 0.5);
    taken.write({0, times, {V, n}});
    CHECK(taken.values({nothing_recruited(6), 10.0}) == std::vector<double>{2, 4.5, 4.5});
    CHECK_REFUSED(ConfigurationError, "'stranger': no model of this network has a variable 'psi'",
                  measures_from(std::vector<std::string>{"stranger"}, run, kinds));
}
