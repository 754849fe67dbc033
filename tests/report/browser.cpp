#include "support/program.hpp"
#include "support/skip.hpp"
#include "support/small_result.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <optional>

using nlohmann::json;

namespace {

/// True where a report can be made and opened; else the case counts as skipped.
bool browser_is_there() {
    const std::string node = KATION_NODE, chromium = KATION_CHROMIUM, tools = KATION_REPORT_TOOLS;
    const bool page = std::filesystem::exists(std::filesystem::path(KATION_PROGRAM).parent_path() / "share/kation/report.html");
    const bool driver = std::filesystem::exists(tools + "/node_modules/playwright-core");
    if (!node.empty() && !chromium.empty() && page && driver) return true;
    note_skipped("needs chromium, node and the page of reports: cmake/packages browser, then configure and build again");
    return false;
}

/// Makes the report of a result, opens it in headless Chromium, and returns what look.mjs saw.
json look(const Workplace& place, const std::string& input) {
    const Outcome made = place.kation({"report", input, "-o", "report.html"});
    CAPTURE(made.err);
    REQUIRE(made.code == 0);
    const std::string command = std::string("'") + KATION_NODE + "' '" + KATION_SOURCE_DIR + "/tests/report/look.mjs' '" +
                                KATION_REPORT_TOOLS + "/node_modules' '" + KATION_CHROMIUM + "' '" + (place / "report.html").string() +
                                "' > '" + (place / "seen.json").string() + "' 2> '" + (place / "complaints").string() + "'";
    const int code = std::system(command.c_str());
    CAPTURE(read_file(place / "complaints"));
    REQUIRE(code == 0);
    return json::parse(read_file(place / "seen.json"));
}

/// CHECKs what holds for every report: it opens, all panels are drawn, nothing complains and nothing is fetched.
void check_sound(const json& seen) {
    CAPTURE(seen["complaints"].dump());
    CAPTURE(seen["text"].dump());
    CHECK(seen["complaints"].empty());
    CHECK(seen["requests"].empty());
    CHECK(seen["broken"] == 0);
    CHECK(seen["outside"] == 0);  // nothing stands beside the report: no label became an element
}

bool says(const json& seen, const std::string& words) { return holds_text(seen["text"].get<std::string>(), words); }

/// A spike train in the second half of every region.
SmallResult busy() {
    SmallResult small;
    for (arma::uword region = 0; region < 4; ++region)
        for (arma::uword t = 500; t < 1000; t += 20) small.V(t, region) = 20;
    return small;
}

}  // namespace

TEST_CASE("[browser] a run's report draws every panel, enlarges, turns, moves in time and copies") {
    if (!browser_is_there()) return;
    const Workplace place;
    write_small_result(place / "x.h5", busy());
    const json seen = look(place, "x.h5");
    check_sound(seen);
    CHECK(seen["title"] == "x.h5 · Kation report");
    const json& panels = seen["panels"];
    for (const char* panel : {"summary", "traces", "raster", "brain", "matrix", "configuration"}) CHECK(panels.contains(panel));
    for (const char* panel : {"traces", "raster", "matrix"}) {
        CAPTURE(panel);
        CHECK(panels[panel]["before"]["coloured"] > 500);
        CHECK(panels[panel]["enlarged"]["sum"] != panels[panel]["before"]["sum"]);
        CHECK_FALSE(panels[panel]["readout"].get<std::string>().empty());
    }
    CHECK(panels["raster"]["whole_again"]["sum"] == panels["raster"]["before"]["sum"]);
    CHECK(panels["matrix"]["whole_again"]["sum"] == panels["matrix"]["before"]["sum"]);
    CHECK(holds_text(panels["traces"]["readout"], "rHC: V = "));
    CHECK(holds_text(panels["matrix"]["readout"], "to rA1 from lA1: weight 0, 0 mm"));
    CHECK(holds_text(panels["brain"]["start"]["words"], "0 of 4 regions recruited"));
    CHECK(holds_text(panels["brain"]["middle"]["words"], "3 of 4 regions recruited"));
    CHECK(panels["brain"]["start"]["picture"] != panels["brain"]["middle"]["picture"]);
    CHECK(panels["brain"]["start"]["picture"] != panels["brain"]["end"]["picture"]);
    CHECK(panels["brain"]["turned"]["picture"] != panels["brain"]["end"]["picture"]);
    CHECK(holds_text(panels["brain"]["tip"], "K_ext = "));
    CHECK(holds_text(panels["brain"]["tip"], "mM at 1000 ms"));
}

TEST_CASE("[browser] the report of a seizure in 76 regions is below 10 MB and opens") {
    if (!browser_is_there()) return;
    const Workplace place;
    const std::string example = std::string(KATION_SOURCE_DIR) + "/examples/seizure_propagation/seizure.toml";
    const Outcome run = place.kation({"run", example, "--set", "integrator.duration=3000", "--set", "output.picture=false", "--quiet", "-o",
                                      (place / "seizure.h5").string()});
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    const json seen = look(place, "seizure.h5");
    check_sound(seen);
    CHECK(std::filesystem::file_size(place / "report.html") < 10'000'000);
    CHECK(seen["opened_ms"] < 20'000);  // 3 s on a machine that does nothing else
    CHECK(seen["panels"]["traces"]["before"]["coloured"] > 20'000);
    CHECK(says(seen, "ion_exchange in 76 regions for 3 s"));
    const std::string copied = seen["panels"]["configuration"]["copied"];
    CHECK(copied == seen["panels"]["configuration"]["shown"].get<std::string>());
    // What was copied is a configuration that the program takes.
    place.write("copied.toml", copied);
    CHECK(place.kation({"run", "copied.toml", "--set", "integrator.duration=2", "--quiet", "-o", (place / "again.h5").string()}).code == 0);
}

TEST_CASE("[browser] labels are text, whatever is in them") {
    if (!browser_is_there()) return;
    const Workplace place;
    SmallResult small = busy();
    small.labels = {"</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "\"'&amp;\\", "KATION_SCRIPT<!--"};
    write_small_result(place / "x.h5", small);
    const json seen = look(place, "x.h5");
    check_sound(seen);
    CHECK(says(seen, "The epileptogenic zone is <img src=x onerror=alert(2)>."));
    CHECK(holds_text(seen["panels"]["traces"]["readout"], "<img src=x onerror=alert(2)>: V = "));
}

TEST_CASE("[browser] what a result does not hold, its report says instead of failing") {
    if (!browser_is_there()) return;
    const Workplace place;
    SUBCASE("no monitor, no centres, no recruitment") {
        SmallResult small;
        small.V.reset();
        small.centres.reset();
        small.onset = {};
        small.control_onset = {};
        write_small_result(place / "x.h5", small);
        const json seen = look(place, "x.h5");
        check_sound(seen);
        CHECK(says(seen, "No time series were recorded"));
        CHECK(says(seen, "The file has no centres of regions: they stand on a circle"));
        CHECK(says(seen, "The file holds no recruitment."));
        CHECK(says(seen, "The file does not hold its configuration."));
    }
    SUBCASE("one region, which is never recruited") {
        SmallResult small;
        small.labels = {"alone"};
        small.in_zone = {0};
        small.centres = arma::mat(1, 3, arma::fill::value(10));
        small.weights = small.lengths = arma::mat(1, 1, arma::fill::zeros);
        small.onset = small.control_onset = {SmallResult::never};
        small.V = arma::mat(100, 1, arma::fill::value(std::nan("")));
        write_small_result(place / "x.h5", small);
        const json seen = look(place, "x.h5");
        check_sound(seen);
        CHECK(says(seen, "None of the 1 region was recruited."));
    }
}

TEST_CASE("[browser] a scan's report has heat maps of two keys and curves of one") {
    if (!browser_is_there()) return;
    const Workplace place;
    place.write("two/manifest.json", R"({"keys": ["coupling.G", "model.name"], "configuration": "a = 1"})");
    place.write("two/trials.csv",
                "trial,coupling.G,model.name,recruited,control.recruited,status,message\n"
                "0,1,adex,0,0,ok,\n1,2,adex,3,0,ok,\n2,1,epileptor,1,0,ok,\n3,2,epileptor,nan,nan,invalid,\"V, of <b>A</b>\"\n");
    json seen = look(place, "two");
    check_sound(seen);
    CHECK(says(seen, "4 trials over coupling.G, model.name."));
    CHECK(says(seen, "1 of them became invalid or failed."));
    CHECK(seen["panels"]["scan"]["before"]["coloured"] > 10'000);
    CHECK(seen["panels"]["configuration"]["copied"] == "a = 1");

    place.write("one/manifest.json", R"({"keys": ["coupling.G"]})");
    place.write("one/trials.csv", "trial,coupling.G,recruited,status\n0,1,0,ok\n1,2,3,ok\n2,3,5,ok\n");
    seen = look(place, "one/");
    check_sound(seen);
    CHECK(seen["panels"]["scan"]["before"]["coloured"] > 300);
    CHECK(holds_text(seen["panels"]["scan"]["readout"], "coupling.G = 2: recruited = 3"));
}
