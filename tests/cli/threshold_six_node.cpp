#include <support/program.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

const std::string examples = KATION_SOURCE_DIR "/examples/";

/// What `kation threshold` finds for coupling.G in an example, G in steps of one.
json threshold(const std::string& configuration, const std::string& from, const std::string& to, const std::string& until,
               const Arguments& further = {}) {
    const Workplace place;
    Arguments arguments{
        "threshold", examples + configuration, "--key", "coupling.G", "--from", from, "--to", to, "--tolerance", "1", "--until", until,
        "--json"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return json::parse(outcome.out);
}

/// Of ten draws, those with these numbers.
void check_draws(int first, int last) {
    for (int draw = first; draw <= last; ++draw) {
        CAPTURE(draw);
        const json found = threshold("random_networks/random.toml", "26", "34", "recruited >= 5",
                                     {"--set", fmt::format("connectome.file=draws/draw_{}.csv", draw)});
        CHECK(found.at("threshold").at("status") == "found");
        CHECK(found.at("threshold").at("true_at") >= 28);
        CHECK(found.at("threshold").at("true_at") <= 30);
        CHECK(found.at("control").at("false_at") == 31);
        CHECK(found.at("control").at("true_at") == 32);
        CHECK(found.at("window").at("to") == 31);
    }
}

}  // namespace

TEST_CASE("[long] six nodes: C follows from G 39, A and F from 43, all five from 46, and the control ignites at 50") {
    const json found = threshold("six_node/six_node.toml", "0", "100", "recruited >= 5", {"--per-region"});
    // models.md has three from 44 and all five from 48, on a grid of even numbers and with B alone following at 46. Here E follows at 46 as
    // well, after 39.9 s: the last onsets are chaotic.
    CHECK(found.at("threshold").at("true_at") == 46);
    const std::map<std::string, double> thresholds{{"A", 43}, {"B", 46}, {"C", 39}, {"E", 46}, {"F", 43}};
    for (const json& each : found.at("per_region")) CHECK(each.at("true_at") == thresholds.at(each.at("region")));
    CHECK(found.at("threshold").at("first").at("region") == "C");
    CHECK(found.at("control").at("false_at") == 49);
    CHECK(found.at("control").at("true_at") == 50);
    CHECK(found.at("window").at("from") == 46);
    CHECK(found.at("window").at("to") == 49);
    // A grid of the same resolution: also one whose trials end as soon as all have followed.
    const double grid = found.at("grid").at("evaluations"), early = found.at("grid").at("evaluations_with_early_stop_at_least");
    CHECK(found.at("grid").at("trials") == 202);
    CHECK(3 * found.at("evaluations").get<double>() < grid);
    CHECK(3 * found.at("evaluations").get<double>() < early);
}

TEST_CASE("[long] six nodes: delays of 5 and 20 ms move the thresholds of the seizure and of the control by at most 4") {
    for (const int delay : {5, 20}) {
        CAPTURE(delay);
        const json found = threshold("six_node/six_node.toml", "36", "60", "recruited >= 5",
                                     {"--set", fmt::format("connectome={{ builtin = 'six_node', delay = {} }}", delay)});
        CHECK(std::abs(found.at("threshold").at("true_at").get<double>() - 46) <= 4);
        CHECK(std::abs(found.at("control").at("true_at").get<double>() - 50) <= 4);
        CHECK(!found.at("window").is_null());
    }
}

TEST_CASE("[long] random weights, draws 1 to 3: all five follow from G 28 to 30, and the control ignites at 32") { check_draws(1, 3); }

TEST_CASE("[long] random weights, draws 4 to 6: all five follow from G 28 to 30, and the control ignites at 32") { check_draws(4, 6); }

TEST_CASE("[long] random weights, draws 7 to 10: all five follow from G 28 to 30, and the control ignites at 32") { check_draws(7, 10); }

#ifdef KATION_DRAW_NETWORKS
TEST_CASE("random weights: the program that drew them draws them again") {
    const Workplace place;
    const std::string command = fmt::format("'{}' '{}'", KATION_DRAW_NETWORKS, (place / "").string());
    REQUIRE(std::system(command.c_str()) == 0);
    for (int draw = 1; draw <= 10; ++draw) {
        const std::string name = fmt::format("draw_{}.csv", draw);
        CAPTURE(name);
        CHECK(read_file(place / name) == read_file(examples + "random_networks/draws/" + name));
    }
}
#endif

TEST_CASE("[long] the window over coupling and bath potassium: at every potassium there is one, and more potassium moves it down") {
    const Workplace place;
    const Outcome outcome = place.kation({"scan", examples + "coupling_scan/window.toml", "-o", "window", "--quiet", "--set",
                                          "scan.keys={ \"coupling.G\" = { values = [15, 25, 30, 50] }, \"model.parameters.K_bath\" = "
                                          "{ values = [5.25, 6, 6.25] } }"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(std::filesystem::exists(place / "window/scan.png"));
    if (std::system("python3 -c 'import sys' 2> /dev/null") != 0) return;  // nobody to read it with
    const std::string read = fmt::format("cd '{}' && python3 '{}coupling_scan/scan.py' window > read.txt", (place / "").string(), examples);
    REQUIRE(std::system(read.c_str()) == 0);
    CHECK(read_file(place / "read.txt") ==
          "12 trials over coupling.G, model.parameters.K_bath\n"
          "model.parameters.K_bath = 5.25: a seizure spreads and the control is silent at coupling.G 50 to 50\n"
          "model.parameters.K_bath = 6: a seizure spreads and the control is silent at coupling.G 25 to 25\n"
          "model.parameters.K_bath = 6.25: a seizure spreads and the control is silent at coupling.G 15 to 15\n");
}
