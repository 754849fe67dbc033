#include <kation/connectome/builtin.hpp>
#include <kation/io/result.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/text.hpp>
#include <support/close.hpp>
#include <support/program.hpp>
#include <support/reference_table.hpp>
#include <support/same_matrix.hpp>
#include <support/skip.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>
#include <sstream>

#ifdef KATION_EXAMPLE_PLUGIN
#include <kation/simulator/entry_of.hpp>
#include <wilson_cowan.hpp>
#endif

using namespace kation;

namespace {

std::string example(const std::string& name) { return std::string(KATION_SOURCE_DIR "/examples/") + name; }

/// What a run reports, with first events by label.
struct Report {
    nlohmann::json json;

    /// Labels of the recruited regions outside the zone with onsets up to a time [ms], in their order.
    [[nodiscard]] std::vector<std::string> recruited(double until = 1e300) const {
        std::map<double, std::string> by_onset;
        for (const auto& region : json.at("regions"))
            if (region.at("recruited") && !region.at("in_zone") && region.at("onset_ms") <= until)
                by_onset[region.at("onset_ms")] += region.at("label").get<std::string>() + " ";
        std::vector<std::string> labels;
        for (const auto& [onset, together] : by_onset) {
            std::istringstream words(together);
            for (std::string word; words >> word;) labels.push_back(word);
        }
        return labels;
    }
    [[nodiscard]] double onset(const std::string& label) const {
        for (const auto& region : json.at("regions"))
            if (region.at("label") == label && !region.at("onset_ms").is_null()) return region.at("onset_ms");
        return std::nan("");
    }
    [[nodiscard]] std::vector<std::string> control() const { return json.at("control").at("recruited"); }
};

/// Runs a configuration and reads its report.
Report report_of(const Workplace& place, const std::string& configuration, const Arguments& settings, const Arguments& further = {}) {
    Arguments arguments{"run", configuration, "--json", "--quiet"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), further.begin(), further.end());
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return {nlohmann::json::parse(outcome.out)};
}

const std::string no_picture = "output.picture=false";

}  // namespace

TEST_CASE("[long] six nodes: at G 0 only the zone is active, at G 48 all follow while the control is silent, at G 100 all are active") {
    const Workplace place;
    const auto at = [&](const std::string& G, const std::string& picture) {
        return report_of(place, example("six_node/six_node.toml"), {"coupling.G=" + G, picture});
    };
    const Report none = at("0", no_picture);
    CHECK(none.recruited().empty());
    CHECK(none.control().empty());
    CHECK_CLOSE(none.onset("D"), 2751.8, .abs = 0.5, .why = "models.md section 1, to a tenth of a spike");

    const Report all = at("48", "output.picture=true");
    CHECK(all.recruited().size() == 5);
    CHECK(all.recruited().front() == "C");
    CHECK(all.control().empty());
    CHECK_CLOSE(all.onset("C"), 20600.0, .abs = 100.0, .why = "models.md section 1, printed with three digits");
    CHECK(std::filesystem::exists(place / "six_node.png"));

    const Report strong = at("100", no_picture);
    CHECK(strong.recruited().size() == 5);
    CHECK_CLOSE(strong.onset("D"), 1798.7, .abs = 0.5, .why = "models.md section 1");
    for (const auto& [label, onset] : {std::pair("C", 6650.0), {"F", 7700.0}, {"A", 7800.0}, {"B", 9100.0}, {"E", 9300.0}})
        CHECK_CLOSE(strong.onset(label), onset, .abs = 300.0, .why = "chaotic after the first wave");
    CHECK(strong.control().size() == 6);  // the control that the paper lacks
}

TEST_CASE("stimulation: 100 ms of input evoke a burst of 31 spikes that ends by itself at 688 ms") {
    const Workplace place;
    const Report burst = report_of(place, example("stimulation/evoked_burst.toml"), {});
    CHECK(burst.recruited() == std::vector<std::string>{"A"});
    CHECK(burst.json.at("regions").at(0).at("events") == 31);
    const ResultFile result(place / "evoked_burst.h5");
    CHECK_CLOSE(result.recruitment()->offset_ms[0], 687.96, .abs = 1.0, .why = "the step of 0.02 ms");
    CHECK(result.recruitment()->bursts[0] == 1);
    CHECK(std::filesystem::exists(place / "evoked_burst.png"));
}

TEST_CASE("stimulation: a step of current takes the bistable population to its active state") {
    const Workplace place;
    static_cast<void>(report_of(place, example("stimulation/bistable_step.toml"), {}));
    const ResultFile result(place / "bistable_step.h5");
    struct Point {
        double time, r, v;
    };
    for (const Point& at : {Point{5, 1.112035435795, 1.027249780816}, Point{10, 1.400089412393, -0.547558113964},
                            Point{30, 1.371356835593, -0.114633026754}, Point{40, 1.037591734080, -0.176266408131}}) {
        const auto row = static_cast<std::size_t>(std::nearbyint(at.time / 0.01));
        CAPTURE(at.time);
        CHECK_CLOSE(result.time("raw")(row), at.time, .rel = 1e-15, .why = "rounding of step times dt");
        CHECK_CLOSE(result.samples("raw", "r", row, 1)(0, 0), at.r, .abs = 2e-6, .why = "RK4 at dt 0.01 errs 1.2e-6 at t = 10");
        CHECK_CLOSE(result.samples("raw", "v", row, 1)(0, 0), at.v, .abs = 2e-6, .why = "RK4 at dt 0.01 errs 1.2e-6 at t = 10");
    }
    CHECK(std::filesystem::exists(place / "bistable_step.png"));
}

TEST_CASE("[long] coupling scan: recruitment starts at G 40, all follow from 46 on, and from 50 on the control ignites by itself") {
    const Workplace place;
    const Outcome outcome = place.kation({"scan", example("coupling_scan/scan.toml"), "-o", "coupling", "--quiet"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    const ReferenceTable table(place / "coupling/trials.csv");
    const auto first_with = [&](const std::string& column, double least) {
        for (const auto& row : table.rows())
            if (ReferenceTable::number(row, column) >= least) return ReferenceTable::number(row, "coupling.G");
        return std::nan("");
    };
    CHECK(table.rows().size() == 13);
    CHECK(first_with("recruited", 1) == 40.0);
    CHECK(first_with("recruited", 3) == 44.0);  // A, C and F
    CHECK(first_with("recruited", 5) <= 48.0);
    CHECK(first_with("control.recruited", 1) == 50.0);
    CHECK(std::filesystem::exists(place / "coupling/scan.png"));
}

TEST_CASE("[long] seizure propagation: at G 11 the seizure spreads while the control is silent, at 8 it does not, at 12 all ignites") {
    const Workplace place;
    const auto at = [&](const std::string& G, const std::string& duration) {
        return report_of(place, example("seizure_propagation/seizure.toml"),
                         {"coupling.G=" + G, "integrator.duration=" + duration, no_picture});
    };
    const Report spreads = at("11", "60000");
    CHECK(spreads.recruited().front() == "rT05");
    CHECK_CLOSE(spreads.onset("rT05"), 4090.0, .abs = 50.0, .why = "the first wave moves little with dt");
    CHECK(spreads.recruited().size() >= 8);
    CHECK(spreads.recruited().size() <= 20);
    CHECK(std::ranges::count(spreads.recruited(), 'l', [](const std::string& label) { return label[0]; }) <= 3);
    CHECK(spreads.control().empty());
    CHECK(at("8", "10000").recruited().empty());
    CHECK(at("12", "7500").control().size() == 76);
}

TEST_CASE("[long] connectivity_76: the window in which the seizure of rAMYG and rHC spreads while the control is silent") {
    const auto data = reference_data();
    if (!data) return;
    const Workplace place(fmt::format(R"([connectome]
file = "{}"
normalise = "row"
self_connections = false
speed = "inf"
[model]
name = "ion_exchange"
preset = "rest"
parameters = {{ K_bath = 6.2 }}
[[region_group]]
labels = ["rAMYG", "rHC"]
K_bath = 15.5
[coupling]
G = 11
[integrator]
method = "rk4"
dt = 0.02
duration = 60000
[[monitor]]
kind = "average"
period = 10.0
variables = ["V"]
[output]
picture = false
)",
                                      (*data / "connectomes/connectivity_76.zip").string()));
    const Report window = report_of(place, "run.toml", {});
    CHECK(window.recruited().front() == "rV1");
    CHECK_CLOSE(window.onset("rV1"), 7240.0, .abs = 50.0, .why = "the issue's tolerance");
    CHECK(window.recruited(13000).size() >= 4);
    CHECK(window.recruited().size() >= 10);
    CHECK(window.recruited().size() <= 20);
    CHECK(std::ranges::count(window.recruited(), 'l', [](const std::string& label) { return label[0]; }) <= 3);
    CHECK(window.control().empty());
    CHECK(report_of(place, "run.toml", {"coupling.G=8", "recruitment.control=false"}).recruited().empty());
    // At G 13 the network without a zone is active after 4 s already; only the two regions without connections are not.
    CHECK(report_of(place, "run.toml", {"coupling.G=13", "region_group=[]", "integrator.duration=4000"}).recruited().size() == 74);
}

TEST_CASE("mixed brain: ion-exchange populations switch on Montbrio populations, and more of them with a larger gain") {
    const Workplace place;
    const Report strong = report_of(place, example("mixed_brain/mixed.toml"), {});
    CHECK(strong.recruited().size() == 15);
    CHECK(strong.recruited().front() == "rT05");
    CHECK(strong.control().empty());
    const std::string gain = "coupling.gains.\"ion_exchange -> montbrio_pazo_roxin\"=";
    const Report weak = report_of(place, example("mixed_brain/mixed.toml"), {gain + "280"});
    CHECK(weak.recruited() == std::vector<std::string>{"rT05"});
    CHECK(weak.onset("rT05") > weak.onset("rT03"));
    CHECK(report_of(place, example("mixed_brain/mixed.toml"), {gain + "0"}).recruited().empty());
}

TEST_CASE("the same propagation with the Epileptor: as in the ion-exchange brain rT05 and then rP07 follow, and the control is silent") {
    const Workplace place;
    const Report report = report_of(place, example("seizure_propagation/epileptor.toml"), {});
    CHECK(report.recruited().size() == 18);
    CHECK(report.recruited()[0] == "rT05");
    CHECK(report.recruited()[1] == "rP07");
    CHECK(report.control().empty());

    // Both rasters side by side; here the second is the same brain with less coupling.
    CHECK(report_of(place, example("seizure_propagation/epileptor.toml"), {"coupling.G=0.25", "output.file=weak.h5"}).recruited().empty());
    const Outcome drawn = place.kation({"plot", "epileptor.h5", "--beside", "weak.h5", "-o", "both.png"});
    CAPTURE(drawn.err);
    CHECK(drawn.code == 0);
    CHECK(std::filesystem::file_size(place / "both.png") > 10000);
    place.write("three.toml",
                "[connectome]\nbuiltin = \"ring_3\"\n[model]\nname = \"epileptor_2d\"\n[integrator]\ndt = 0.1\nduration = 1\n"
                "[output]\nfile = \"three.h5\"\n");
    REQUIRE(place.kation({"run", "three.toml", "--quiet"}).code == 0);
    check_refused(place.kation({"plot", "epileptor.h5", "--beside", "three.h5"}), 3, "its 3 regions are not the 76 of");
    check_refused(place.kation({"plot", "epileptor.h5", "--beside", "weak.h5", "--kind", "traces"}), 2,
                  "--beside compares the rasters of two results");
}

#ifdef KATION_EXAMPLE_PLUGIN
namespace {

/// Mean time between rises through the middle of a series, in samples.
double period(const arma::rowvec& series) {
    const double middle = 0.5 * (series.max() + series.min());
    std::vector<arma::uword> rises;
    for (arma::uword k = 1; k < series.n_elem; ++k)
        if (series(k - 1) < middle && series(k) >= middle) rises.push_back(k);
    return rises.size() < 3 ? std::nan("") : static_cast<double>(rises.back() - rises.front()) / static_cast<double>(rises.size() - 1);
}

}  // namespace

TEST_CASE("a model of one's own carries its neighbours along, and has the same bits as a plug-in and in the tree") {
    const Workplace place;
    const Arguments plugin{"--plugin", KATION_EXAMPLE_PLUGIN};
    const Outcome page = place.kation({"models", "wilson_cowan", plugin[0], plugin[1]});
    CHECK(page.code == 0);
    CHECK(holds_text(page.out, "| `c_ee` | 16 |"));
    const auto alone = report_of(place, example("your_own_model/waves.toml"), {"coupling.G=11"}, plugin);
    CHECK(alone.recruited().empty());
    CHECK_CLOSE(period(ResultFile(place / "waves.h5").samples("subsample", "E", 500, 500).row(0)), 39.64, .abs = 0.2,
                .why = "sampled every ms");
    CHECK(report_of(place, example("your_own_model/waves.toml"), {}, plugin).recruited().size() == 2);
    const ResultFile result(place / "waves.h5");
    CHECK(result.model() == "wilson_cowan");
    CHECK(std::filesystem::exists(place / "waves.png"));
    const arma::mat E = result.samples("subsample", "E", 0, 1001), I = result.samples("subsample", "I", 0, 1001);

    for (arma::uword region = 0; region < 3; ++region)
        CHECK_CLOSE(period(E.row(region).tail(500)), 33.7, .abs = 0.2, .why = "sampled every ms, over 14 periods");

    Network network(builtin_connectome("ring_3"), entry_of<models::WilsonCowan>(), "silent");
    network.set_parameter({"A"}, "P", 1.25);
    Simulator simulator(network, {.coupling = Coupling::linear(12.0),
                                  .speed = 4.0,
                                  .integrator = Integrator::rk4(0.1),
                                  .monitors = {MonitorSettings::subsample(1.0, {"E", "I"})}});
    const Recording recording = simulator.run(1000.0);
    CHECK(same_matrix(recording.series()["E"], E.t()));
    CHECK(same_matrix(recording.series()["I"], I.t()));
}
#endif
