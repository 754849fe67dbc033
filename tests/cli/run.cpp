#include <sys/mount.h>
#include <kation/io/result.hpp>
#include <support/data_sets.hpp>
#include <support/program.hpp>
#include <support/skip.hpp>

#include <nlohmann/json.hpp>

using namespace kation;

TEST_CASE("a result holds all that is documented, with unit and axes on every data set") {
    const Workplace place;
    REQUIRE(place
                .run({"monitor=[{kind=\"raw\", variables=[\"V\", \"K_ext\"]}, {name=\"slow\", kind=\"average\", period=0.5}, "
                      "{kind=\"subsample\", period=2}]"})
                .code == 0);
    const auto sets = data_sets(place / "result.h5");
    const auto check = [&](const std::string& path, std::vector<std::size_t> extent, const std::string& unit, const std::string& axes) {
        CAPTURE(path);
        REQUIRE(sets.contains(path));
        CHECK(sets.at(path).extent == extent);
        CHECK(sets.at(path).attributes.at("unit") == unit);
        CHECK(sets.at(path).attributes.at("axes") == axes);
    };
    check("/monitors/raw/time", {1001}, "ms", "time");
    check("/monitors/raw/V", {1001, 6}, "mV", "time, region");
    check("/monitors/raw/K_ext", {1001, 6}, "mM", "time, region");
    check("/monitors/slow/time", {40}, "ms", "time");
    for (const auto& [variable, unit] : {std::pair("r", "1/ms"), {"V", "mV"}, {"n", "1"}, {"DKi", "mM"}, {"Kg", "mM"}})
        check(std::string("/monitors/slow/") + variable, {40, 6}, unit, "time, region");
    check("/monitors/subsample/time", {11}, "ms", "time");
    check("/regions/label", {6}, "1", "region");
    check("/regions/in_zone", {6}, "1", "region");
    check("/connectivity/weights", {6, 6}, "1", "to, from");
    check("/connectivity/tract_lengths", {6, 6}, "mm", "to, from");
    check("/config", {}, "1", "");
    for (const std::string group : {"/recruitment/", "/control/recruitment/"}) {
        for (const char* name : {"recruited", "events", "bursts", "order"}) check(group + name, {6}, "1", "region");
        for (const char* name : {"onset_ms", "offset_ms"}) check(group + name, {6}, "ms", "region");
    }
    for (const auto& each : sets) {
        CAPTURE(each.first);
        CHECK(each.second.attributes.contains("unit"));
        CHECK(each.second.attributes.contains("axes"));
    }
    const auto root = root_attributes(place / "result.h5");
    for (const char* name : {"version", "seed", "dt_ms", "status", "created"}) CHECK(root.contains(name));
    CHECK(root.at("status") == "complete");
    const ResultFile result(place / "result.h5");
    CHECK(result.model() == "ion_exchange");
    CHECK(result.seed() == 42);
    CHECK(result.dt() == 0.02);
    CHECK(result.duration() == 20.0);
    CHECK(result.in_zone() == std::vector<bool>{false, false, false, true, false, false});
    CHECK(result.recruitment()->recruited[0]);  // driven by the stimulus
    CHECK(std::isnan(result.recruitment()->onset_ms[1]));
}

TEST_CASE("raw and subsample start at t = 0, an average is stamped in the middle of its window") {
    const Workplace place;
    REQUIRE(place.run({"monitor=[{kind=\"raw\"}, {kind=\"subsample\", period=0.5}, {kind=\"average\", period=0.5}]", "model.initial.V=-60"})
                .code == 0);
    const ResultFile result(place / "result.h5");
    const arma::vec raw = result.time("raw"), subsample = result.time("subsample"), average = result.time("average");
    CHECK(raw(0) == 0.0);
    CHECK(raw(1) == 0.02);
    CHECK(raw.back() == 20.0);
    CHECK(result.samples("raw", "V", 0, 1)(0, 0) == -60.0);
    CHECK(subsample(0) == 0.0);
    CHECK(subsample(1) == 0.5);
    CHECK(result.samples("subsample", "V", 0, 1)(5, 0) == -60.0);
    CHECK(result.samples("subsample", "V", 3, 1)(2, 0) == result.samples("raw", "V", 75, 1)(2, 0));
    CHECK(average.n_elem == 40);
    CHECK(average(0) == 0.25);
    CHECK(average(1) == 0.75);
    CHECK(average.back() == 19.75);
}

TEST_CASE("--json prints one object with the documented keys and nothing else") {
    const Workplace place;
    const Outcome outcome = place.run({}, {"--json", "--quiet", "--threads", "1"});
    REQUIRE(outcome.code == 0);
    CHECK(outcome.err.empty());
    const auto report = nlohmann::json::parse(outcome.out);
    CHECK(report.at("file") == "result.h5");
    CHECK(report.at("model") == "ion_exchange");
    CHECK(report.at("status") == "complete");
    CHECK(report.at("steps") == 1000);
    CHECK(report.at("simulated_ms") == 20.0);
    CHECK(report.at("wall_s").is_number());
    CHECK(report.at("threads") == 1);
    CHECK(report.at("recruited") == 1);
    CHECK(report.at("warnings").empty());
    REQUIRE(report.at("regions").size() == 6);
    const auto& A = report.at("regions").at(0);
    const ResultFile result(place / "result.h5");
    CHECK(A.at("label") == "A");
    CHECK(A.at("in_zone") == false);
    CHECK(A.at("recruited") == true);
    CHECK(A.at("onset_ms") == result.recruitment()->onset_ms[0]);
    CHECK(A.at("events") == result.recruitment()->events[0]);
    CHECK(A.at("rate_hz") == 50.0 * A.at("events").get<double>());
    CHECK(report.at("regions").at(1).at("onset_ms").is_null());
    CHECK(report.at("regions").at(3).at("in_zone") == true);
    CHECK(report.at("control").at("recruited") == std::vector<std::string>{"A"});
    CHECK(report.at("control").at("regions").size() == 6);
    CHECK(nlohmann::json::parse(place.run({"recruitment.control=false"}, {"--json"}).out).at("control").is_null());
    // A large step is a warning, on standard error and in the report.
    const Outcome coarse = place.run({"integrator.dt=0.1"}, {"--json"});
    CHECK(nlohmann::json::parse(coarse.out).at("warnings").size() == 1);
    CHECK(holds_text(coarse.err, "kation: warning: ion_exchange: dt = 0.1 ms"));
}

TEST_CASE("labels in another encoding than UTF-8 do not break the report") {
    const Workplace place;
    place.write("weights.csv", "0,1\n1,0\n");
    place.write("labels.txt", "caf\xe9\nB\n");
    const Outcome outcome =
        place.run({"connectome={file=\"weights.csv\", labels=\"labels.txt\"}", "regions={}", "stimulus=[]"}, {"--json"});
    CHECK(outcome.code == 0);
    CHECK(nlohmann::json::parse(outcome.out).at("regions").at(1).at("label") == "B");
}

TEST_CASE("a short run is silent but for its summary, and with --quiet altogether") {
    const Workplace place;
    const Outcome outcome = place.run();
    CHECK(outcome.err.empty());
    CHECK(lines_of(outcome.out) == 4);
    CHECK(holds_text(outcome.out, "recruited 1 of 5: A 0.0"));
    const Outcome quiet = place.run({}, {"--quiet"});
    CHECK(quiet.code == 0);
    CHECK(quiet.out.empty());
    CHECK(quiet.err.empty());
}

TEST_CASE("[threads] 1, 2 and 3 threads give the same bits") {
    const Workplace place(R"([connectome]
builtin = "synthetic_76"
normalise = "row"
speed = 4.0
[model]
name = "ion_exchange"
parameters = { K_bath = 6.2 }
[[region_group]]
pattern = "rT*"
K_bath = 15.5
[coupling]
G = 11.0
[integrator]
method = "heun"
dt = 0.01
duration = 50
[noise]
V = { D = 0.01 }
stimulus = { tau = 5.0, sd = 5.25e-4 }
[[monitor]]
kind = "raw"
[[monitor]]
kind = "average"
period = 1.0
variables = ["K_ext"]
[recruitment]
min_events = 1
[output]
picture = false
)");
    for (const char* threads : {"1", "2", "3"})
        REQUIRE(place.run({}, {"--threads", threads, "-o", std::string("threads_") + threads + ".h5"}).code == 0);
    CHECK(differences(place / "threads_1.h5", place / "threads_2.h5").empty());
    CHECK(differences(place / "threads_1.h5", place / "threads_3.h5").empty());
    REQUIRE(place.run({"integrator.seed=43"}, {"-o", "other.h5"}).code == 0);
    CHECK_FALSE(differences(place / "threads_1.h5", place / "other.h5").empty());
}

TEST_CASE("the configuration in a result, run again from anywhere, gives the same bits") {
    const Workplace place;
    place.write("inputs/weights.csv", "to/from,a.b,c d,e\na.b,0,1,0.5\nc d,0.25,0,1\ne,1,0,0\n");
    place.write("inputs/lengths.csv", "0,10,20\n30,0,5\n7,8,0\n");
    place.write("inputs/start.csv", "label,V\na.b,-60\n");
    place.write("inputs/drive.csv", "0 0\n10 1\n20 0\n");
    place.write("inputs/all.toml", R"([connectome]
file = "weights.csv"
tract_lengths = "lengths.csv"
self_connections = false
normalise = "max"
speed = 4
weights."c d"."e" = 0.75
lengths."a.b"."e" = 12
[model]
name = "ion_exchange"
preset = "fig3"
parameters = { K_bath = 6 }
options = { self_conductance = false }
initial = { n = 0.25 }
initial_file = "start.csv"
[regions."a.b"]
K_bath = 15.5
initial = { n = 0.125 }
[regions."e"]
model = "montbrio_pazo_roxin"
[[region_group]]
pattern = "c*"
eta = 0.125
[coupling]
kind = "sigmoidal"
cmax = 0.01
midpoint = 0.001
[integrator]
method = "heun"
dt = 0.01
duration = 20
bounds = "clip"
limits = { r = [0, inf] }
seed = 7
[noise]
V = { D = 1e-3 }
v = { D = 1e-4, tau = 3 }
stimulus = { tau = 5, sd = 5.25e-4 }
[[stimulus]]
labels = ["a.b", "e"]
waveform = "sine"
onset = 1
duration = 15
amplitude = 0.5
frequency = 0.1
[[stimulus]]
pattern = "*"
waveform = "file"
file = "drive.csv"
amplitude = 0.25
[[monitor]]
kind = "raw"
[recruitment]
min_events = 1
burst_gap = 10
zone = ["a.b"]
[output]
picture = false
)");
    REQUIRE(place.kation({"run", "inputs/all.toml", "--set", "coupling.G=0.5", "-o", "first.h5"}).code == 0);
    const std::string configuration = ResultFile(place / "first.h5").configuration();
    CHECK(holds_text(configuration, "G = 0.5"));
    place.write("elsewhere/again.toml", configuration);
    const Outcome again = place.kation({"run", "elsewhere/again.toml", "-o", "second.h5"});
    CHECK(again.err.empty());
    REQUIRE(again.code == 0);
    CHECK(differences(place / "first.h5", place / "second.h5").empty());
    // All that was used is in it: nothing changes any more.
    place.write("elsewhere/second.toml", ResultFile(place / "second.h5").configuration());
    REQUIRE(place.kation({"run", "elsewhere/second.toml", "-o", "second.h5"}).code == 0);
    CHECK(ResultFile(place / "second.h5").configuration() == read_file(place / "elsewhere/second.toml"));
}

TEST_CASE("a place that cannot be written is found out before the work, and is left as it is") {
    const Workplace place;
    place.write("file", "something");
    std::filesystem::create_directory(place / "folder");
    std::filesystem::create_symlink("/dev/null", place / "device");
    const auto before = place.contents();
    const Arguments forever{"integrator.duration=1e9"};
    check_refused(place.run(forever, {"-o", "file/result.h5"}), 5, "cannot write file/result.h5: file: Not a directory");
    check_refused(place.run(forever, {"-o", "file/below/result.h5"}), 5, "cannot write file/below/result.h5");
    check_refused(place.run(forever, {"-o", "folder"}), 5, "cannot write folder: it is a folder");
    check_refused(place.run(forever, {"-o", "device"}), 5, "cannot write device: it is no ordinary file");
    CHECK(place.contents() == before);
    CHECK(place.run({}, {"-o", "new/folder/result.h5"}).code == 0);
    CHECK(ResultFile(place / "new/folder/result.h5").status() == "complete");
}

TEST_CASE("a full disk is said, and the earlier result stays") {
    const Workplace place;
    std::filesystem::create_directory(place / "disk");
    if (mount("tmpfs", (place / "disk").c_str(), "tmpfs", 0, "size=4m") != 0) return note_skipped("needs the right to mount a small disk");
    place.write("disk/result.h5", "an earlier result");
    const Outcome outcome = place.run({"integrator.duration=2000", "monitor=[{kind=\"raw\"}]"}, {"-o", "disk/result.h5", "--quiet"});
    std::filesystem::copy(place / "disk", place / "copy");
    umount((place / "disk").c_str());
    check_refused(outcome, 5, "cannot write disk/result.h5: the disk is full");
    CHECK(read_file(place / "copy/result.h5") == "an earlier result");
    const ResultFile partial(place / "copy/result.h5.partial");
    CHECK(holds_text(partial.status(), "the disk is full"));
    const arma::vec time = partial.time("raw");
    CHECK(time.n_elem > 1000);
    CHECK(partial.samples("raw", "V", 0, time.n_elem).is_finite());
}

TEST_CASE("a run that becomes invalid says region, variable, time and step, and keeps what was recorded") {
    const Workplace place;
    place.write("result.h5", "an earlier result");
    const Outcome outcome = place.run({"integrator.dt=0.2", "integrator.duration=20000", "coupling.G=0", "stimulus=[]"}, {"--quiet"});
    CAPTURE(outcome.err);
    CHECK(outcome.code == 4);
    CHECK(outcome.out.empty());
    CHECK(holds_text(outcome.err, "kation: warning: ion_exchange: dt = 0.2 ms is above 0.05 ms"));
    for (const char* part :
         {"kation: ion_exchange: ", " in region D at t = ", "it was ", "at dt = 0.2 ms", "try dt = 0.05", "result.h5.partial"})
        CHECK(holds_text(outcome.err, part));
    CHECK(read_file(place / "result.h5") == "an earlier result");
    const ResultFile partial(place / "result.h5.partial");
    CHECK(holds_text(outcome.err, partial.status()));
    const arma::vec time = partial.time("raw");
    CHECK(time.n_elem > 1000);
    CHECK(partial.samples("raw", "V", 0, time.n_elem).is_finite());
    CHECK(partial.recruitment()->recruited[3]);
}

TEST_CASE("a control that becomes invalid is named as such") {
    const Workplace place;
    const Outcome outcome = place.run({"integrator.dt=0.2", "integrator.duration=20000", "coupling.G=0", "stimulus=[]", "regions={}",
                                       "model.parameters.K_bath=15.5", "region_group=[{pattern=\"*\", K_bath=5.5}]"},
                                      {"--quiet"});
    CHECK(outcome.code == 4);
    CHECK(holds_text(outcome.err, "kation: in the control run, ion_exchange: "));
}

TEST_CASE("Ctrl-C and SIGTERM end a run cleanly and keep what is done") {
    for (const int signal : {SIGINT, SIGTERM}) {
        const Workplace place;
        place.write("result.h5", "an earlier result");
        for (const char* threads : {"1", "2"}) {
            RunningProgram program(place / "", place.run_arguments({"integrator.duration=1e7", "monitor=[{kind=\"average\", period=1}]"},
                                                                   {"--threads", threads, "--json"}));
            REQUIRE(comes_true([&] {
                std::error_code none;
                return std::filesystem::exists(place / "result.h5.partial") &&
                       std::filesystem::file_size(place / "result.h5.partial", none) > 100000;
            }));
            program.send(signal);
            const Outcome outcome = program.wait();
            CAPTURE(outcome.err);
            CHECK(outcome.code == 130);
            CHECK(holds_text(outcome.err, "kation: interrupted at "));
            CHECK(holds_text(outcome.err, " ms of 10000000 ms; what is done is in result.h5.partial"));
            CHECK(read_file(place / "result.h5") == "an earlier result");
            const ResultFile partial(place / "result.h5.partial");
            CHECK(partial.status().starts_with("interrupted at "));
            const arma::vec time = partial.time("average");
            CHECK(time.n_elem > 0);
            CHECK(partial.samples("average", "V", 0, time.n_elem).is_finite());
            CHECK(partial.recruitment().has_value());
            const auto report = nlohmann::json::parse(outcome.out);
            CHECK(report.at("status") == "interrupted");
            CHECK(report.at("file") == "result.h5.partial");
            CHECK(report.at("simulated_ms").get<double>() >= time.back());
            std::filesystem::remove(place / "result.h5.partial");
        }
    }
}

TEST_CASE("tables for those who do not read HDF5 hold the same numbers") {
    const Workplace place;
    REQUIRE(place.run({"output.csv=true"}).code == 0);
    const std::string series = read_file(place / "result_raw_V.csv");
    CHECK(series.starts_with("time_ms,A,B,C,D,E,F\n0,"));
    CHECK(lines_of(series) == 1002);
    const std::string recruitment = read_file(place / "result_recruitment.csv");
    CHECK(recruitment.starts_with("label,in_zone,recruited,order,onset_ms,offset_ms,events,bursts,control_recruited\nA,0,1,1,"));
    CHECK(holds_text(recruitment, "\nD,1,0,0,nan,nan,0,0,0\n"));
}
