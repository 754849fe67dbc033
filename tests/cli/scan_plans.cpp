// Plans, measures and early stops through the program itself.
#include <kation/io/result.hpp>
#include <kation/support/text.hpp>
#include <support/close.hpp>
#include <support/data_sets.hpp>
#include <support/program.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace kation;

namespace {

/// A table with commas, cells in quotes included.
class Table {
  public:
    explicit Table(const std::string& text) {
        std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(1));
        bool quoted = false;
        for (std::size_t k = 0; k < text.size(); ++k) {
            std::string& cell = lines.back().back();
            if (text[k] == '"' && quoted && k + 1 < text.size() && text[k + 1] == '"')
                cell += text[k++];
            else if (text[k] == '"')
                quoted = !quoted;
            else if (text[k] == ',' && !quoted)
                lines.back().emplace_back();
            else if (text[k] == '\n' && !quoted)
                lines.emplace_back(1);
            else
                cell += text[k];
        }
        lines.pop_back();
        columns_ = lines.front();
        rows_.assign(lines.begin() + 1, lines.end());
    }
    [[nodiscard]] std::size_t rows() const { return rows_.size(); }
    [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
    [[nodiscard]] std::string text(std::size_t row, const std::string& column) const {
        const auto found = std::ranges::find(columns_, column);
        REQUIRE_MESSAGE(found != columns_.end(), column);
        return rows_.at(row).at(static_cast<std::size_t>(found - columns_.begin()));
    }
    [[nodiscard]] double number(std::size_t row, const std::string& column) const { return number_from(text(row, column)).value(); }

  private:
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

Table scanned(const Workplace& place, const Arguments& further = {}) {
    Arguments arguments{"scan", "run.toml", "-o", "out", "--quiet"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return Table(read_file(place / "out/trials.csv"));
}

/// Six nodes strongly coupled, of which D is the zone: all others are recruited within 10 s.
const std::string strong_six_nodes = R"([connectome]
builtin = "six_node"
speed = "inf"
[model]
name = "ion_exchange"
preset = "fig6"
parameters = { K_bath = 5.5 }
[regions.D]
K_bath = 15.5
[coupling]
G = 100
[integrator]
dt = 0.05
duration = 12000
[recruitment]
min_events = 5
)";

}  // namespace

TEST_CASE("a list of trials is run row by row, and each row equals the single run") {
    const Workplace place(small_run + "[scan]\nmode = \"list\"\nfile = \"trials.csv\"\nmeasures = [\"recruited\", \"V.max[D]\"]\n");
    place.write("trials.csv",
                "coupling.G,\"regions.\"\"D\"\".K_bath\",connectome.weights.A.D,model.preset\n0.5,15.5,0.3,rest\n1,14.25,0,fig6\n");
    const Table table = scanned(place);
    REQUIRE(table.rows() == 2);
    CHECK(table.columns()[4] == "model.preset");
    CHECK(table.text(1, "regions.\"D\".K_bath") == "14.25");
    CHECK(table.text(1, "model.preset") == "\"fig6\"");
    for (std::size_t row = 0; row < 2; ++row) {
        CHECK(table.text(row, "status") == "ok");
        Arguments settings;
        for (std::size_t k = 1; k <= 4; ++k) settings.push_back(table.columns()[k] + "=" + table.text(row, table.columns()[k]));
        REQUIRE(place.run(settings, {"--quiet"}).code == 0);
        const ResultFile single(place / "result.h5");
        CHECK(table.number(row, "V.max[D]") == single.samples("raw", "V", 0, 1001).row(3).max());
    }
    CHECK(table.number(0, "V.max[D]") != table.number(1, "V.max[D]"));

    place.write("trials.csv", "coupling.G\n0.5\n1,2\n");
    check_refused(place.kation({"scan", "run.toml"}), 3, "trials.csv:3: has 2 cells, the header has 1");
    place.write("trials.csv", "coupling.Gg\n0.5\n");
    check_refused(place.kation({"scan", "run.toml"}), 2, "coupling.Gg is not a known key here (did you mean 'G'?)");
}

TEST_CASE("a random plan gives the same table again, whatever the threads, and its rows are those of the values that stand in them") {
    const Workplace place(small_run + R"([scan]
mode = "random"
n = 5
seed = 9
same_noise = false
keys = { "coupling.G" = { from = 0, to = 1 }, "regions.D.K_bath" = { from = 1, to = 20, scale = "log" } }
measures = ["events", "V.mean[D]", "V.variance"]
)");
    const Table table = scanned(place, {"--threads", "2"});
    const std::string text = read_file(place / "out/trials.csv");
    CHECK(text.starts_with("trial,coupling.G,regions.D.K_bath,seed,events,V.mean[D],V.variance,"));
    scanned(place, {"--threads", "1"});
    CHECK(read_file(place / "out/trials.csv") == text);
    // More trials do not change those that were there.
    const Table more = scanned(place, {"--set", "scan.n=7"});
    for (std::size_t row = 0; row < 5; ++row) {
        CHECK(more.text(row, "V.mean[D]") == table.text(row, "V.mean[D]"));
        REQUIRE(place
                    .run({"coupling.G=" + table.text(row, "coupling.G"), "regions.D.K_bath=" + table.text(row, "regions.D.K_bath")},
                         {"--quiet"})
                    .code == 0);
        const arma::mat V = ResultFile(place / "result.h5").samples("raw", "V", 0, 1001);
        CHECK_CLOSE(table.number(row, "V.mean[D]"), arma::mean(V.row(3)), .rel = 1e-13, .why = "sums in another order");
    }
}

TEST_CASE("a drawn plan with seeds, series and early stops gives the same table in shards, and on with what is there") {
    std::string noisy = small_run;
    noisy.insert(noisy.find("dt = 0.02"), "method = \"heun\"\n");
    const Workplace place(noisy + R"toml([noise]
V = { D = 0.01 }
[scan]
mode = "latin"
n = 7
same_noise = false
keep = "series"
keep_trials = [3]
keys = { "coupling.G" = { from = 0.1, to = 10, scale = "log" }, "regions.D.K_bath" = { values = [5.5, 15.5, 30] } }
measures = ["events", "V.mean", "V.power(0, 500)", "V.fc_mean"]
stop = { recruited = 2, every = 1 }
)toml");
    scanned(place);
    const std::string whole = read_file(place / "out/trials.csv");
    for (const char* shard : {"2/3", "1/3", "3/3"})
        REQUIRE(place.kation({"scan", "run.toml", "-o", "cut", "--quiet", "--shard", shard}).code == 0);
    REQUIRE(place.kation({"merge", "cut", "--quiet"}).code == 0);
    CHECK(read_file(place / "cut/trials.csv") == whole);
    CHECK(std::filesystem::exists(place / "cut/trial-3.h5"));

    REQUIRE(place.kation({"scan", "run.toml", "-o", "late", "--quiet", "--shard", "2/3"}).code == 0);
    const Outcome rest = place.kation({"scan", "run.toml", "-o", "late", "--quiet", "--resume"});
    CAPTURE(rest.err);
    REQUIRE(rest.code == 0);
    CHECK(read_file(place / "late/trials.csv") == whole);
}

TEST_CASE("each trial's own noise is the noise of the seed in its row") {
    std::string noisy = small_run;
    noisy.insert(noisy.find("dt = 0.02"), "method = \"heun\"\n");
    const Workplace place(noisy + R"([noise]
V = { D = 0.01 }
[scan]
same_noise = false
keys = { "coupling.G" = { values = [0.5, 0.5, 0.5] } }
measures = ["V.max[D]"]
)");
    const Table table = scanned(place);
    for (std::size_t row = 0; row < 3; ++row) {
        REQUIRE(place.run({"integrator.seed=" + table.text(row, "seed")}, {"--quiet"}).code == 0);
        CHECK(table.number(row, "V.max[D]") == ResultFile(place / "result.h5").samples("raw", "V", 0, 1001).row(3).max());
    }
    CHECK(table.number(0, "V.max[D]") != table.number(1, "V.max[D]"));
    CHECK(table.number(1, "V.max[D]") != table.number(2, "V.max[D]"));
    const Table same = scanned(place, {"--set", "scan.same_noise=true"});
    CHECK(same.number(0, "V.max[D]") == same.number(1, "V.max[D]"));
    CHECK(std::ranges::count(same.columns(), "seed") == 0);
    const Table swept = scanned(
        place, {"--set", "scan.same_noise=true", "--set", "scan.keys={\"integrator.seed\"={values=[" + table.text(2, "seed") + ", 5]}}"});
    CHECK(swept.number(0, "V.max[D]") == table.number(2, "V.max[D]"));
}

TEST_CASE("a trial with other regions than the first one's does not fit into columns of regions, and does into others") {
    const Workplace place(R"([connectome]
builtin = "six_node"
[model]
name = "montbrio_pazo_roxin"
[coupling]
G = 1
[integrator]
dt = 0.05
duration = 10
[scan]
keys = { "connectome.builtin" = { values = ["six_node", "ring_3"] } }
measures = ["r.max", "r.max[*]"]
)");
    const Table each = scanned(place);
    CHECK(each.text(0, "status") == "ok");
    CHECK(each.text(1, "status") == "failed");
    CHECK(holds_text(each.text(1, "message"), "its 4 columns of measures do not fit into the table's 7; ask for no name[*]"));
    const Table together = scanned(place, {"--set", "scan.measures=[\"r.max\"]"});
    CHECK(together.text(0, "r.max") == each.text(0, "r.max"));
    CHECK(together.number(1, "r.max") > 0);
}

TEST_CASE("keep = \"series\" leaves what the run of the same settings would, of the trials that are named") {
    const Workplace place(small_run + R"toml([scan]
keys = { "coupling.G" = { values = [0, 0.5, 1] } }
measures = ["V.max[D]", "V.power(0, 500)"]
keep = "series"
keep_trials = [0, 2]
)toml");
    const Table table = scanned(place);
    CHECK(std::filesystem::exists(place / "out/trial-0.h5"));
    CHECK_FALSE(std::filesystem::exists(place / "out/trial-1.h5"));
    REQUIRE(place.run({"coupling.G=1"}, {"--quiet"}).code == 0);
    const ResultFile single(place / "result.h5"), kept(place / "out/trial-2.h5");
    REQUIRE(kept.monitors().size() == 1);  // those of the measures are no part of it
    CHECK(arma::approx_equal(kept.samples("raw", "V", 0, 1001), single.samples("raw", "V", 0, 1001), "absdiff", 0.0));
    CHECK(kept.status() == "complete");
    CHECK(kept.recruitment()->events == single.recruitment()->events);
    CHECK(kept.control()->events == single.control()->events);
    CHECK(kept.model() == single.model());
    CHECK(table.number(2, "V.max[D]") == single.samples("raw", "V", 0, 1001).row(3).max());
    // What is measured does not depend on what is kept.
    const std::string text = read_file(place / "out/trials.csv");
    scanned(place, {"--set", "scan.keep_trials=[1]"});
    CHECK(read_file(place / "out/trials.csv") == text);
}

TEST_CASE("a trial that ends early is the whole trial up to then, and its row says when and why") {
    const Workplace place(strong_six_nodes + R"([scan]
keys = { "coupling.G" = { values = [0, 100] } }
measures = ["recruited", "first_onset", "onset[*]", "order[*]", "events", "V.max"]
)");
    const Table whole = scanned(place);
    CHECK(std::ranges::count(whole.columns(), "stopped_ms") == 0);
    REQUIRE(whole.number(1, "recruited") == 5);

    const Table first = scanned(place, {"--set", "scan.stop={recruited=1, every=50}", "--threads", "2"});
    const std::string text = read_file(place / "out/trials.csv");
    CHECK(text.starts_with("trial,coupling.G,stopped_ms,stopped_by,recruited,"));
    CHECK(first.text(0, "stopped_ms") == "12000");
    CHECK(first.text(0, "stopped_by") == "duration");
    CHECK(first.number(0, "V.max") == whole.number(0, "V.max"));
    const double stopped = first.number(1, "stopped_ms");
    CHECK(first.text(1, "stopped_by") == "recruited");
    CHECK(std::fmod(stopped, 50.0) == 0.0);
    CHECK(first.number(1, "recruited") >= 1);
    CHECK(first.number(1, "first_onset") == whole.number(1, "first_onset"));
    CHECK(stopped < 12000);
    scanned(place, {"--set", "scan.stop={recruited=1, every=50}", "--threads", "1"});
    CHECK(read_file(place / "out/trials.csv") == text);

    // It is the run of that length, and so is its control.
    REQUIRE(
        place.run({"integrator.duration=" + first.text(1, "stopped_ms"), "output.file=\"result.h5\"", "output.picture=false"}, {"--quiet"})
            .code == 0);
    const ResultFile single(place / "result.h5");
    const auto outside = [](const auto& events) { return events[0] + events[1] + events[2] + events[4] + events[5]; };
    CHECK(first.number(1, "events") == static_cast<double>(outside(single.recruitment()->events)));
    CHECK(first.number(1, "control.events") == static_cast<double>(outside(single.control()->events)));

    const Table all = scanned(place, {"--set", "scan.stop.all_recruited=true"});
    CHECK(all.text(1, "stopped_by") == "all_recruited");
    CHECK(all.number(1, "stopped_ms") >= whole.number(1, "onset[E]"));
    for (const char* label : {"A", "B", "C", "D", "E", "F"}) {
        CHECK(all.text(1, fmt::format("onset[{}]", label)) == whole.text(1, fmt::format("onset[{}]", label)));
        CHECK(all.text(1, fmt::format("order[{}]", label)) == whole.text(1, fmt::format("order[{}]", label)));
    }
    const Table reached = scanned(place, {"--set", "scan.stop.region=B", "--set", "scan.stop.control=whole"});
    CHECK(reached.text(1, "stopped_by") == "region");
    CHECK(reached.text(1, "onset[B]") == whole.text(1, "onset[B]"));
    CHECK(reached.number(1, "control.V.max") == whole.number(1, "control.V.max"));
    CHECK(reached.number(0, "control.V.max") == whole.number(0, "control.V.max"));

    const Table quiet = scanned(place, {"--set", "scan.stop.quiet=1000", "--set", "scan.keep=series"});
    CHECK(quiet.text(0, "stopped_by") == "quiet");
    CHECK(quiet.text(0, "stopped_ms") == "1000");  // before anything has begun
    CHECK(ResultFile(place / "out/trial-0.h5").status() == "stopped at 1000 ms by scan.stop");

    check_refused(place.kation({"scan", "run.toml", "--set", "scan.stop.region=Q"}), 2, "scan.stop.region: six_node has no region 'Q'");
    check_refused(place.kation({"scan", "run.toml", "--set", "scan.stop={quiet=1, every=0.03}"}), 2, "scan.stop.every = 0.03 ms");
}

TEST_CASE("the program lists its measures, and gives what each is taken of") {
    const Workplace place;
    const Outcome text = place.kation({"models", "--measures"}), json = place.kation({"models", "--measures", "--json"});
    CHECK(text.code == 0);
    CHECK(holds_text(text.out, "| `V.power(low, high)` | the variable's, squared | "));
    CHECK(holds_text(text.out, "| `onset[label]` | ms | "));
    CHECK(holds_text(read_file(KATION_SOURCE_DIR "/plugin/kation/scan/README.md"), text.out));  // the page is the program's
    const auto kinds = nlohmann::json::parse(json.out);
    CHECK(kinds.size() >= 22);
    for (const auto& kind : kinds) CHECK(holds_text(text.out, fmt::format("| `{}` |", kind.at("form").get<std::string>())));
}

#ifdef KATION_EXAMPLE_PLUGIN
TEST_CASE("a measure of one's own is found by its name in the plug-in: waves round a ring leave the mean at rest") {
    const Workplace place(read_file(KATION_SOURCE_DIR "/examples/your_own_model/waves.toml") + R"toml(
[scan]
keys = { "coupling.G" = { values = [0, 12] } }
measures = ["E.synchrony", "E.frequency[A]", "E.power(20, 40)[A]"]
window = [500, 1000]
)toml");
    const Arguments plugin{"--plugin", KATION_EXAMPLE_PLUGIN};
    const Table table = scanned(place, plugin);
    CHECK_CLOSE(table.number(0, "E.synchrony"), 1 / std::sqrt(3), .abs = 1e-6, .why = "A moves alone: sd/3 over sd/sqrt(3)");
    CHECK(table.number(1, "E.synchrony") < 0.3);  // a wave: a third of a period from one to the next
    CHECK_CLOSE(table.number(0, "E.frequency[A]"), 25.0, .abs = 0.3, .why = "a period of 40 ms, to a tenth of 2 Hz and its digits");
    CHECK_CLOSE(table.number(1, "E.frequency[A]"), 1000 / 33.7, .abs = 0.3, .why = "the example's page");
    const Outcome list = place.kation({"models", "--measures", plugin[0], plugin[1]});
    CHECK(holds_text(list.out, "| `V.synchrony` | 1 | how much of their movement all regions share"));
    check_refused(place.kation({"scan", "run.toml"}), 2, "no model 'wilson_cowan'");
    check_refused(place.kation({"scan", "run.toml", "--set", "model.name=adex", "--set", "model.preset=fig2", "--set", "regions={}"}), 2,
                  "'synchrony' is no statistic of a series");
}
#endif
