#include <kation/support/text.hpp>
#include <support/program.hpp>
#include <support/reference_table.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace kation;
using nlohmann::json;

namespace {

/// The six nodes for 3 s: without the zone they ignite at G 148, with it the first follows at 127.
const std::string fast = R"([connectome]
builtin = "six_node"
speed = "inf"
[model]
name = "ion_exchange"
preset = "fig6"
parameters = { K_bath = 5.5 }
[regions.D]
K_bath = 15.5
[coupling]
G = 0.0
[integrator]
method = "rk4"
dt = 0.05
duration = 3000
[recruitment]
min_events = 1
[output]
picture = false
[scan]
keys = { "coupling.G" = { from = 100, to = 180, steps = 17 } }
measures = ["recruited", "events", "onset[*]", "V.max[C]"]
)";

Arguments arguments(const std::string& from, const std::string& to, const std::string& until, const Arguments& further = {},
                    const std::string& key = "coupling.G") {
    Arguments all{"threshold", "run.toml", "--key", key, "--from", from, "--to", to, "--until", until};
    all.insert(all.end(), further.begin(), further.end());
    return all;
}

json found(const Workplace& place, Arguments asked) {
    asked.emplace_back("--json");
    const Outcome outcome = place.kation(asked);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    return json::parse(outcome.out);
}

/// The neighbours in a scan's table between which something becomes true for the first time.
template <class Holds>
std::pair<double, double> first_rise(const ReferenceTable& table, const Holds& holds) {
    for (std::size_t k = 1; k < table.rows().size(); ++k)
        if (!holds(table.rows()[k - 1]) && holds(table.rows()[k]))
            return {ReferenceTable::number(table.rows()[k - 1], "coupling.G"), ReferenceTable::number(table.rows()[k], "coupling.G")};
    return {std::nan(""), std::nan("")};
}

std::pair<double, double> bracket_of(const json& crossing) { return {crossing.at("false_at"), crossing.at("true_at")}; }

bool ends_in_a_picture(const Workplace& place, const std::string& result) {
    const Outcome drawn = place.kation({"plot", result + ".json"});
    CAPTURE(drawn.err);
    return drawn.code == 0 && read_file(place / (result + ".png")).substr(1, 3) == "PNG";
}

}  // namespace

TEST_CASE("the thresholds are those that a scan over all values shows, with less than a third of its right-hand sides") {
    const Workplace place(fast);
    REQUIRE(place.kation({"scan", "run.toml", "-o", "all", "--quiet"}).code == 0);
    const ReferenceTable table(place / "all/trials.csv");
    const auto number = [](const ReferenceTable::Row& row, const std::string& column) { return ReferenceTable::number(row, column); };
    const json control_is_silent = found(place, arguments("100", "180", "recruited >= 1", {"--tolerance", "5", "--per-region"}));
    CHECK(bracket_of(control_is_silent.at("control")) ==
          first_rise(table, [&](const auto& row) { return number(row, "control.recruited") >= 1; }));
    CHECK(control_is_silent.at("per_region").size() == 5);
    for (const json& each : control_is_silent.at("per_region")) {
        const std::string region = each.at("region"), column = fmt::format("onset[{}]", region);
        CAPTURE(region);
        CHECK(bracket_of(each) == first_rise(table, [&](const auto& row) { return !std::isnan(number(row, column)); }));
        CHECK(each.at("first").at("region") == region);
        for (const auto& row : table.rows())
            if (number(row, "coupling.G") == each.at("true_at")) CHECK(number(row, column) == each.at("first").at("onset_ms"));
    }
    for (const double regions : {1.0, 3.0, 5.0}) {
        const json report = found(place, arguments("100", "180", fmt::format("recruited >= {}", regions), {"--tolerance", "5"}));
        CAPTURE(regions);
        CHECK(bracket_of(report.at("threshold")) ==
              first_rise(table, [&](const auto& row) { return number(row, "recruited") >= regions; }));
        CHECK(report.at("grid").at("trials") == 34);
        CHECK(3 * report.at("evaluations").get<double>() < report.at("grid").at("evaluations").get<double>());
    }
    // What may fall again is looked at when a trial has ended.
    const json top = found(place, arguments("100", "180", "V.max[C] > 0", {"--tolerance", "5"}));
    CHECK(bracket_of(top.at("threshold")) == first_rise(table, [&](const auto& row) { return number(row, "V.max[C]") > 0; }));
    for (const json& trial : top.at("trials"))
        if (!trial.at("control").get<bool>()) CHECK(trial.at("whole") == true);

    const double opens = control_is_silent.at("threshold").at("true_at"), closes = control_is_silent.at("control").at("false_at");
    CHECK(control_is_silent.at("window").at("from") == opens);
    CHECK(control_is_silent.at("window").at("to") == closes);
    CHECK(opens < closes);
}

TEST_CASE("[threads] what is found, and in which trials, is the same for any number of threads") {
    const Workplace place(fast);
    const auto with = [&](const std::string& threads) {
        return found(place, arguments("110", "170", "recruited >= 2",
                                      {"--tolerance", "10", "--per-region", "--limiting", "3", "--threads", threads}))
            .dump();
    };
    CHECK(with("1") == with("3"));
}

TEST_CASE("a trial ends as soon as its answer is known, and the report says what it told") {
    const Workplace place(fast);
    const Outcome outcome = place.kation(arguments("100", "180", "recruited >= 1", {"--tolerance", "5", "-o", "threshold.json"}));
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(holds_text(outcome.out, "trial     recruited >= 1: false at 125, true at 130; first C, at 2"));
    CHECK(holds_text(outcome.out, "control   recruited >= 1: false at 145, true at 150; first "));
    CHECK(holds_text(outcome.out, "window    coupling.G from 130 to 145: the condition is true and the control silent"));
    CHECK(holds_text(outcome.out, "a scan over all 17 values would take 34 trials"));
    CHECK(holds_text(outcome.err, "4 trials: false at 100, true at 180; control: false at 100, true at 180\n"));
    const json report = json::parse(read_file(place / "threshold.json"));
    for (const json& trial : report.at("trials")) {
        const bool reached = trial.at("control") ? trial.at("value") >= 150 : trial.at("value") >= 130;
        CAPTURE(trial.dump());
        CHECK(trial.at("whole") == !reached);
        CHECK((trial.at("simulated_ms") == 3000) == !reached);
    }
    CHECK(ends_in_a_picture(place, "threshold"));
}

TEST_CASE("where the condition does not change between the ends, the report says so and nothing more is run") {
    const Workplace place(fast);
    const json below = found(place, arguments("170", "180", "recruited >= 1")),
               above = found(place, arguments("0", "10", "recruited >= 1"));
    CHECK(below.at("threshold").at("status") == "always true");
    CHECK(below.at("window").is_null());
    CHECK(below.at("trials").size() == 4);
    CHECK(above.at("threshold").at("status") == "always false");
    CHECK(above.at("threshold").at("true_at").is_null());
    const Outcome outcome = place.kation(arguments("0", "10", "recruited >= 1", {"-o", "none.json"}));
    CHECK(outcome.code == 0);
    CHECK(holds_text(outcome.out, "false wherever it was tried, up to 10: the threshold, if there is one, is above (--to)"));
    CHECK(holds_text(place.kation(arguments("170", "180", "recruited >= 1")).out, "true wherever it was tried, at 170 already"));
    CHECK(ends_in_a_picture(place, "none"));
    // A condition may also cease to be true.
    const json falls = found(place, arguments("100", "180", "recruited < 1", {"--tolerance", "5"}));
    CHECK(falls.at("threshold").at("status") == "falls");
    CHECK(falls.at("threshold").at("true_at") == 125);
    CHECK(falls.at("threshold").at("false_at") == 130);
}

TEST_CASE("--coarse finds the first of several crossings, which both ends do not show") {
    const Workplace place(fast);
    // At rest, firing, and in depolarisation block.
    const auto at = [&](const Arguments& further) {
        Arguments all{"--set", "integrator.duration=1500", "--tolerance", "1"};
        all.insert(all.end(), further.begin(), further.end());
        return found(place, arguments("6", "38", "events[D] >= 20", all, "regions.D.K_bath")).at("threshold");
    };
    CHECK(at({}).at("status") == "always false");
    const json rise = at({"--coarse", "4"});
    CHECK(rise.at("status") == "found");
    CHECK(rise.at("true_at").get<double>() - rise.at("false_at").get<double>() == 1.0);
    CHECK(rise.at("true_at") > 22);
    CHECK(rise.at("true_at") <= 30);
}

TEST_CASE("the limiting connection: raised by what is reported it reaches the next region, by one step less it does not") {
    const Workplace place(fast);
    const json report = found(place, arguments("100", "180", "recruited >= 1", {"--tolerance", "5", "--limiting", "5"}));
    CHECK(report.at("connections").size() == 5);
    const json& limiting = report.at("connections").at(0);
    CHECK(limiting.at("to") == "C");
    CHECK(limiting.at("from") == "D");
    CHECK(limiting.at("first").at("region") == "C");
    const double factor = limiting.at("factor"), weight = limiting.at("weight");
    CHECK(factor > 1);
    CHECK(factor < 1.3);
    const auto recruited_with = [&](double raised) {
        const Outcome outcome =
            place.run({"coupling.G=125", fmt::format("connectome.weights.C.D={}", shortest(weight * raised))}, {"--json", "--quiet"});
        REQUIRE(outcome.code == 0);
        return json::parse(outcome.out).at("recruited").get<int>();
    };
    CHECK(recruited_with(factor) == 1);
    CHECK(recruited_with(factor - 1.0 / 32) == 0);
    for (std::size_t k = 1; k < 5; ++k) {
        const json& before = report.at("connections").at(k - 1).at("factor");
        const json& factor_of_next = report.at("connections").at(k).at("factor");
        CHECK((factor_of_next.is_null() || before <= factor_of_next));
    }
}

TEST_CASE("what is wrong with a question is said in one sentence") {
    const Workplace place(fast);
    const auto refused = [&](const Arguments& asked, int code, const std::string& says) {
        Arguments quiet = asked;
        quiet.emplace_back("--quiet");
        check_refused(place.kation(quiet), code, says);
    };
    refused(arguments("0", "1", "recruted >= 1"), 2, "--until: 'recruted' is not known (did you mean 'recruited'?)");
    refused(arguments("0", "1", "onset[*] >= 1"), 2, "'onset[*]' is a number of each region");
    refused(arguments("0", "1", "recruited >= 1", {"--control-until", "recruited = 1"}), 2, "--control-until \"recruited = 1\"");
    refused(arguments("0", "1", "recruited >= 1", {}, "coupling.H"), 2, "coupling.H is not a known key");
    refused(arguments("0", "1", "recruited >= 1", {}, "scan.n"), 2, "--key scan.n is about scans");
    refused(arguments("2", "1", "recruited >= 1"), 2, "--from 2 is not below --to 1");
    refused(arguments("0", "1", "recruited >= 1", {"--tolerance", "2"}), 2, "--tolerance 2 is not between");
    refused(arguments("0", "1", "recruited >= 1", {"--coarse", "101"}), 2, "--coarse 101 is not between 1 and 100");
    refused(arguments("0", "1", "recruited >= 1", {"--raise", "1"}), 2, "--raise 1 is not above 1");
    refused(arguments("0", "1", "recruited >= 1", {"-o", "nowhere/t.json"}), 5, "nowhere");
    refused(arguments("1e5", "1e6", "recruited >= 1"), 4, "at coupling.G = ");
    place.write("other.json", "{\"threshold\": 1, \"condition\": 2}");
    check_refused(place.kation({"plot", "other.json"}), 3, "other.json: is not what kation threshold -o writes");
}

TEST_CASE("an interrupted search says what it knows") {
    const Workplace place(fast);
    RunningProgram program(place / "", arguments("0", "1", "recruited >= 1", {"--set", "integrator.duration=1e7"}));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    CHECK(outcome.code == 130);
    CHECK(holds_text(outcome.err, "interrupted after 0 trials; so far: nothing"));
}
