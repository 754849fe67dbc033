#include <kation/io/result.hpp>
#include <kation/support/text.hpp>
#include <support/data_sets.hpp>
#include <support/program.hpp>
#include <support/reference_table.hpp>

#include <nlohmann/json.hpp>

using namespace kation;

namespace {

const std::string scan_of_two_keys = small_run + R"(
[scan]
mode = "grid"
keys = { "coupling.G" = { from = 0, to = 1, steps = 3 }, 'regions."D".K_bath' = { values = [5.5, 15.5] } }
measures = ["recruited", "first_onset", "events[A]", "V.mean", "V.max[D]", "rate[*]", "K_ext.mean[D]"]
window = [5, 15]
)";

double number(const ReferenceTable::Row& row, const std::string& column) { return ReferenceTable::number(row, column); }

}  // namespace

TEST_CASE("a scan over two keys leaves a row per trial, and each equals the single run") {
    const Workplace place(scan_of_two_keys);
    const Outcome outcome = place.kation({"scan", "run.toml", "-o", "out", "--threads", "2"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK(holds_text(outcome.out, "out/trials.csv: 6 of 6 trials done, 0 of them without a result"));
    const std::string text = read_file(place / "out/trials.csv");
    CHECK(
        text.starts_with("trial,coupling.G,\"regions.\"\"D\"\".K_bath\",recruited,first_onset,events[A],V.mean,V.max[D],"
                         "rate[A],rate[B],rate[C],rate[D],rate[E],rate[F],K_ext.mean[D],"
                         "control.recruited,control.first_onset,control.events[A],control.V.mean,"));
    CHECK(lines_of(text) == 7);
    const ReferenceTable table(place / "out/trials.csv");
    for (std::size_t trial = 0; trial < 6; ++trial) {
        const auto& row = table.rows()[trial];
        const std::string G = row.at("coupling.G"), K_bath = trial % 2 == 0 ? "5.5" : "15.5";
        CHECK(number(row, "trial") == static_cast<double>(trial));
        CHECK(number_from(G) == 0.5 * static_cast<double>(trial / 2));  // the last key changes fastest
        CHECK(row.at("status") == "ok");
        REQUIRE(place.run({"coupling.G=" + G, "regions.D.K_bath=" + K_bath, "monitor[0].variables=[\"V\", \"K_ext\"]"}, {"--quiet"}).code ==
                0);
        const ResultFile single(place / "result.h5");
        CHECK(number(row, "events[A]") == static_cast<double>(single.recruitment()->events[0]));
        CHECK(number(row, "recruited") == static_cast<double>(single.recruitment()->count_outside(single.in_zone())));
        const arma::mat V = single.samples("raw", "V", 0, 1001).cols(250, 750);  // from 5 to 15 ms, both included
        CHECK(number(row, "V.max[D]") == V.row(3).max());
        CHECK(std::abs(number(row, "K_ext.mean[D]") - arma::mean(single.samples("raw", "K_ext", 0, 1001).cols(250, 750).row(3))) < 1e-12);
        CHECK(row.at("control.recruited") == (K_bath == "15.5" ? "1" : "nan"));  // at 5.5 no region differs: there is no zone
    }
    const auto manifest = nlohmann::json::parse(read_file(place / "out/manifest.json"));
    CHECK(manifest.at("keys") == std::vector<std::string>{"coupling.G", "regions.\"D\".K_bath"});
    CHECK(manifest.at("measures").size() == 12);
    CHECK(manifest.at("trials") == 6);
    CHECK(manifest.at("finished") == 6);
    CHECK(manifest.at("seed") == 42);
    CHECK(holds_text(manifest.at("configuration"), "[connectome]"));
    CHECK(std::filesystem::exists(place / "out/scan.png"));
}

TEST_CASE("[threads] a scan's table does not depend on the number of threads") {
    const Workplace place(scan_of_two_keys);
    for (const char* threads : {"1", "2", "3"})
        REQUIRE(place.kation({"scan", "run.toml", "-o", threads, "--threads", threads, "--quiet"}).code == 0);
    CHECK(read_file(place / "1/trials.csv") == read_file(place / "2/trials.csv"));
    CHECK(read_file(place / "1/trials.csv") == read_file(place / "3/trials.csv"));
}

TEST_CASE("a trial that fails or becomes invalid is recorded as such, and the others go on") {
    const Workplace place(small_run + R"(
[scan]
keys = { "model.parameters.K_bath" = { values = [-1, 5.5] } }
)");
    const Outcome failing = place.kation({"scan", "run.toml", "-o", "failing"});
    CHECK(failing.code == 0);
    CHECK(holds_text(failing.out, "2 of 2 trials done, 1 of them without a result"));
    const std::string table = read_file(place / "failing/trials.csv");
    CHECK(table.starts_with("trial,model.parameters.K_bath,recruited,first_onset,"));
    CHECK(holds_text(table, "\n0,-1,nan,nan,"));
    CHECK(holds_text(table, ",failed,\"--set model.parameters.K_bath = -1 mM is outside (0, inf)\"\n"));
    CHECK(holds_text(table, "\n1,5.5,1,"));

    const Outcome invalid =
        place.kation({"scan", "run.toml", "-o", "invalid", "--set", "integrator.duration=6000", "--set",
                      "scan.keys={\"integrator.dt\"={values=[0.2, 0.02]}}", "--set", "coupling.G=0", "--set", "stimulus=[]"});
    CHECK(invalid.code == 0);
    CHECK(holds_text(invalid.err, "kation: warning: ion_exchange: dt = 0.2 ms"));
    const ReferenceTable rows(place / "invalid/trials.csv");
    CHECK(holds_text(read_file(place / "invalid/trials.csv"), "\n0,0.2,nan,nan,nan,nan,invalid,\"ion_exchange: r = -"));
    CHECK(rows.rows()[0].at("recruited") == "nan");
    CHECK(rows.rows()[1].at("status") == "ok");
}

TEST_CASE("a scan that cannot be understood is refused before anything is written") {
    const Workplace place(scan_of_two_keys);
    place.write("out/trials.csv", "an earlier table");
    place.write("file", "something");
    place.write("plain.toml", small_run);
    const auto before = place.contents();
    const auto refused = [&](const Arguments& settings, const std::string& says) {
        Arguments arguments{"scan", "run.toml", "-o", "out"};
        for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
        CAPTURE(settings.front());
        check_refused(place.kation(arguments), 2, says);
        CHECK(place.contents() == before);
    };
    refused({"scan.kyes=3"}, "scan.kyes is not a known key here (did you mean 'keys'?)");
    refused({"scan.mode=gird"}, "scan.mode = \"gird\" is not known (did you mean 'grid'?)");
    refused({"scan.keys={}"}, "scan needs keys = ");
    refused({"scan.keys={\"coupling.g\"={values=[1]}}"}, "coupling.g is not a known key here (did you mean 'G'?)");
    refused({"scan.keys={\"coupling.G\"={values=[]}}"}, "is not a list with at least one value");
    refused({"scan.keys={\"coupling.G\"={from=1}}"}, "needs either values = [...] or from, to and steps");
    refused({"scan.keys={\"coupling.G\"={from=1, to=2, steps=0}}"}, "steps = 0 is below 1");
    refused({"scan.keys={\"coupling.G\"={from=1, to=2, stpes=3}}"}, "(did you mean 'steps'?)");
    refused({"scan.keys={\"coupling.G\"=3}"}, "scan.keys.\"coupling.G\" is not a table");
    refused({"scan.measures=[\"recruted\"]"}, "scan.measures: 'recruted' is not known (did you mean 'recruited'?)");
    refused({"scan.measures=[\"V.men\"]"}, "(did you mean 'mean' or 'min'?)");
    refused({"scan.measures=[\"W.mean\"]"}, "no model of this network has a variable 'W'");
    refused({"scan.measures=[\"V.mean[Q]\"]"}, "scan.measures: 'V.mean[Q]': six_node has no region 'Q'");
    refused({"scan.measures=[\"V.mean[D\"]"}, "lacks a closing bracket");
    refused({"scan.window=[15, 5]"}, "scan.window is not [from, to] in ms");
    refused({"integrator.dt=0.03"}, "run.toml:17: integrator.duration = 20 ms is not a whole number of steps");  // lines survive the plan
    refused({"coupling.Gg=3"}, "--set coupling.Gg is not a known key here");
    check_refused(place.kation({"scan", "plain.toml"}), 2, "plain.toml has no table [scan]");
    check_refused(place.kation({"scan", "none.toml"}), 2, "there is no configuration none.toml");
    check_refused(place.kation({"scan", "run.toml", "-o", "file"}), 5, "cannot write file/trials.csv");
    check_refused(place.kation({"scan", "run.toml", "-o", "file/below"}), 5, "cannot write file/below/trials.csv");
    CHECK(place.contents() == before);
}

TEST_CASE("--dry-run says what would be done and does nothing") {
    const Workplace place(scan_of_two_keys);
    const auto before = place.contents();
    const Outcome outcome = place.kation({"scan", "run.toml", "--dry-run"});
    CHECK(outcome.code == 0);
    const std::string says =
        "6 trials over coupling.G (3 values) regions.\"D\".K_bath (2 values), results in run\n"
        "       0  coupling.G = 0 regions.\"D\".K_bath = 5.5\n"
        "       1  coupling.G = 0 regions.\"D\".K_bath = 15.5\n"
        "       2  coupling.G = 0.5 regions.\"D\".K_bath = 5.5\n"
        "     ...\n"
        "       5  coupling.G = 1 regions.\"D\".K_bath = 15.5\n"
        "measured of each: recruited, first_onset, events[A], V.mean, V.max[D], rate[A], rate[B], rate[C], rate[D], rate[E], rate[F], "
        "K_ext.mean[D]\n"
        "estimated from 20 of 20 ms of trial 0: ";
    CHECK(outcome.out.starts_with(says));
    CHECK(holds_text(outcome.out, " MB of memory beside the program\n"));
    CHECK(place.contents() == before);
}

TEST_CASE("Ctrl-C ends a scan with the trials that are done, and leaves an earlier table") {
    const Workplace place(small_run + R"(
[scan]
keys = { "integrator.duration" = { values = [1, 1e8] } }
)");
    place.write("out/trials.csv", "an earlier table");
    RunningProgram program(place / "", {"scan", "run.toml", "-o", "out", "--threads", "1"});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    CHECK(outcome.code == 130);
    CHECK(holds_text(outcome.err,
                     "kation: interrupted after 1 of 2 trials; --resume goes on with the rest (so far: out/trials.csv.partial)"));
    CHECK(read_file(place / "out/trials.csv") == "an earlier table");
    CHECK(lines_of(read_file(place / "out/trials.csv.partial")) == 2);
}
