#include <kation/io/result.hpp>
#include <support/data_sets.hpp>
#include <support/program.hpp>

#include <nlohmann/json.hpp>

#include <numeric>

using namespace kation;

namespace {

/// Six regions under noise, two of which are driven to fire.
const std::string noisy = R"([connectome]
builtin = "six_node"
[model]
name = "ion_exchange"
preset = "rest"
parameters = { K_bath = 6.5 }
[coupling]
G = 1.0
[integrator]
method = "heun"
dt = 0.01
duration = 200
[noise]
V = { D = 3.0 }
[[stimulus]]
labels = ["A", "F"]
onset = 10
duration = 100
amplitude = 2
[[monitor]]
kind = "average"
period = 1.0
[recruitment]
min_events = 1
[output]
file = "result.h5"
picture = false
)";

/// A number of each region at the end of a run, from its own record: the last average of a variable.
arma::vec last_of(const Workplace& place, const std::string& file, const std::string& variable) {
    const ResultFile result(place / file);
    return result.samples("average", variable, result.time("average").n_elem - 1, 1);
}

}  // namespace

TEST_CASE("an entry of a region wins over a group, a group over the model, and nothing else moves") {
    const Workplace place(noisy);
    const Arguments apart{"coupling.G=0", "noise={}", "stimulus=[]", "integrator.duration=20"};
    const auto with = [&](Arguments settings) {
        settings.insert(settings.begin(), apart.begin(), apart.end());
        return settings;
    };
    REQUIRE(place.run(with({"region_group=[{pattern=\"[never]\", K_bath=1}]"})).code == 2);  // patterns know * and ? only
    REQUIRE(place
                .run(with({"region_group=[{labels=[\"A\", \"B\"], K_bath=9}, {pattern=\"?\", Delta=1.5}]", "regions.B.K_bath=12"}),
                     {"-o", "mixed.h5"})
                .code == 0);
    REQUIRE(place.run(with({"model.parameters.Delta=1.5"}), {"-o", "6.5.h5"}).code == 0);
    REQUIRE(place.run(with({"model.parameters={K_bath=9, Delta=1.5}"}), {"-o", "9.h5"}).code == 0);
    REQUIRE(place.run(with({"model.parameters={K_bath=12, Delta=1.5}"}), {"-o", "12.h5"}).code == 0);
    const arma::vec mixed = last_of(place, "mixed.h5", "Kg");
    CHECK(mixed(0) == last_of(place, "9.h5", "Kg")(0));
    CHECK(mixed(1) == last_of(place, "12.h5", "Kg")(1));
    CHECK(mixed(2) == last_of(place, "6.5.h5", "Kg")(2));
    CHECK(mixed(0) != mixed(2));
}

TEST_CASE("groups that set the same for a region exclude each other, unless the region has an entry of its own") {
    const Workplace place(noisy);
    const std::string groups = "region_group=[{labels=[\"A\", \"B\"], K_bath=9}, {pattern=\"A\", K_bath=12}]";
    check_all_refused(place, 2,
                      {{{groups}, "region_group[1].K_bath for region A was set already at --set region_group[0].K_bath"},
                       {{groups}, "an entry [regions.\"A\"] would settle it"},
                       {{"region_group=[{K_bath=9}]"}, "region_group[0] needs either labels = [...] or pattern = \"...\""},
                       {{"region_group=[{labels=[\"A\"], pattern=\"B\", K_bath=9}]"}, "needs either labels"},
                       {{"region_group=[{labels=[\"A\", \"A\"], K_bath=9}]"}, "names region 'A' twice"},
                       {{"region_group=[{labels=[\"Q\"], K_bath=9}]"}, "six_node has no region 'Q'"},
                       {{"region_group=[{pattern=\"x*\", K_bath=9}]"}, "no region of six_node fits 'x*'"},
                       {{"region_group=[{pattern=\"*\", K_bht=9}]"}, "(did you mean 'K_bath'?)"},
                       {{"region_group=[{pattern=\"*\", initial={n=2}}]"}, "n = 2 in region A is outside [0, 1]"},
                       {{"regions.A.labels=3"}, "no parameter 'labels'"},
                       {{"regions.A.model=montbrio_pazo_roxin", "regions.A.K_bath=9"}, "montbrio_pazo_roxin: no parameter 'K_bath'"}});
}

TEST_CASE("two groups may set different things of a region") {
    const Workplace place(noisy);
    const Outcome outcome =
        place.run({"region_group=[{labels=[\"A\"], K_bath=9}, {pattern=\"*\", tau_n=4.5}]", "integrator.duration=1"}, {"--json"});
    CHECK(outcome.code == 0);
}

TEST_CASE("a zone of another model is heard with the gain of the pair, and its control does without") {
    const Workplace place(noisy);
    const Arguments zone{"regions.B={model=\"epileptor\", preset=\"epileptogenic\"}", "integrator.duration=1"};
    Arguments with_gain = zone;
    with_gain.emplace_back("coupling.gains={\"epileptor -> ion_exchange\"=0.01, \"ion_exchange -> epileptor\"=0}");
    const Outcome outcome = place.run(with_gain, {"--json"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(!nlohmann::json::parse(outcome.out).at("control").is_null());
}

TEST_CASE("the zone is what differs from the model, or what is named") {
    const Workplace place(noisy);
    const auto zone_of = [&](const Arguments& settings) {
        Arguments all{"integrator.duration=1"};
        all.insert(all.end(), settings.begin(), settings.end());
        const Outcome outcome = place.run(all, {"--json"});
        CAPTURE(outcome.err);
        REQUIRE(outcome.code == 0);
        const auto report = nlohmann::json::parse(outcome.out);
        std::string zone;
        for (const auto& region : report.at("regions"))
            if (region.at("in_zone")) zone += region.at("label");
        return zone + (report.at("control").is_null() ? "" : " with control");
    };
    CHECK(zone_of({}).empty());
    CHECK(zone_of({"regions.B.K_bath=15.5"}) == "B with control");
    CHECK(zone_of({"regions.B.K_bath=6.5"}).empty());  // said, but the same
    CHECK(zone_of({"region_group=[{labels=[\"E\", \"C\"], K_bath=9}]"}) == "CE with control");
    CHECK(zone_of({"regions.B.model=montbrio_pazo_roxin"}) == "B with control");
    CHECK(zone_of({"regions.B.initial.V=-60"}).empty());
    CHECK(zone_of({"regions.B.K_bath=15.5", "recruitment.zone=[\"A\", \"F\"]"}) == "AF with control");
    CHECK(zone_of({"regions.B.K_bath=15.5", "recruitment.zone=[]"}).empty());
    CHECK(zone_of({"regions.B.K_bath=15.5", "recruitment.control=false"}) == "B");
}

TEST_CASE("the control is the run with the zone set back, everything else and the noise the same") {
    const Workplace place(noisy);
    REQUIRE(place.run({"regions.D.K_bath=15.5", "regions.D.initial.V=-60"}, {"-o", "run.h5"}).code == 0);
    REQUIRE(place.run({"regions.D.initial.V=-60"}, {"-o", "by_hand.h5"}).code == 0);
    const auto run = data_sets(place / "run.h5"), by_hand = data_sets(place / "by_hand.h5");
    double events = 0;
    for (const char* name : {"recruited", "onset_ms", "offset_ms", "events", "bursts", "order"}) {
        const auto& control = run.at(std::string("/control/recruitment/") + name).numbers;
        const auto& expected = by_hand.at(std::string("/recruitment/") + name).numbers;
        CAPTURE(std::string(name));
        CHECK(std::memcmp(control.data(), expected.data(), control.size() * sizeof(double)) == 0);
        if (std::string(name) == "events") events = std::accumulate(control.begin(), control.end(), 0.0);
    }
    CHECK(events > 0);  // there was something to compare
}

TEST_CASE("counts of recruited regions leave the zone out") {
    const Workplace place(noisy);
    const auto report = nlohmann::json::parse(place.run({"regions.D.K_bath=15.5"}, {"--json"}).out);
    int outside = 0, all = 0;
    for (const auto& region : report.at("regions")) {
        all += region.at("recruited").get<bool>() ? 1 : 0;
        outside += region.at("recruited").get<bool>() && !region.at("in_zone").get<bool>() ? 1 : 0;
    }
    CHECK(report.at("recruited") == outside);
    CHECK(outside >= 2);
    CHECK(all == outside + 1);
}

TEST_CASE("a zone of another model has a control, with noise that only the zone's model knows") {
    const Workplace place(noisy);
    const Outcome outcome = place.run({"regions.D.model=montbrio_pazo_roxin", "noise.v.D=0.01", "integrator.duration=1",
                                       "integrator.bounds=clip", "integrator.limits.v=[-100, 100]"},
                                      {"--json"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(nlohmann::json::parse(outcome.out).at("control").at("regions").size() == 6);
}
