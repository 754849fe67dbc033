#include <kation/io/gnuplot.hpp>
#include <kation/io/plot.hpp>
#include <kation/support/error.hpp>

#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/small_result.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace kation;

namespace {

struct Size {
    unsigned width, height;
};

/// Size of a PNG, from the header every PNG begins with.
Size size_of_png(const std::filesystem::path& picture) {
    const std::string bytes = read_file(picture);
    REQUIRE(bytes.size() > 1000);
    REQUIRE(bytes.substr(1, 3) == "PNG");
    REQUIRE(bytes.substr(12, 4) == "IHDR");
    const auto number_at = [&](std::size_t place) {
        unsigned number = 0;
        for (std::size_t i = place; i < place + 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
        return number;
    };
    return {number_at(16), number_at(20)};
}

/// Another search path for programs while it lives.
class SearchPath {
  public:
    explicit SearchPath(const std::string& path) : before_(std::getenv("PATH")) { setenv("PATH", path.c_str(), 1); }
    ~SearchPath() { setenv("PATH", before_.c_str(), 1); }
    SearchPath(const SearchPath&) = delete;
    SearchPath& operator=(const SearchPath&) = delete;

  private:
    std::string before_;
};

std::filesystem::path write_scan(const std::filesystem::path& folder, const std::string& keys, const std::string& trials) {
    write_file(folder / "manifest.json", R"({"keys": [)" + keys + "]}");
    write_file(folder / "trials.csv", trials);
    return folder;
}

}  // namespace

TEST_CASE("every picture of a run is made, 1400 pixels wide") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    int number = 0;
    for (const auto plot : {&plot_summary, &plot_traces, &plot_raster}) {
        const auto picture = folder / (std::to_string(++number) + ".png");
        plot(result, {}, picture);
        const Size size = size_of_png(picture);
        CHECK(size.width == 1400);
        CHECK(size.height >= 200);
    }
    CHECK(folder.names().size() == 4);
}

TEST_CASE("what a run did not record is left out of its picture") {
    const TemporaryFolder folder;
    const auto draws = [&](const SmallResult& small) {
        plot_summary(ResultFile(write_small_result(folder / "x.h5", small)), {}, folder / "x.png");
        return size_of_png(folder / "x.png").width == 1400;
    };
    SmallResult no_centres, no_control, no_recruitment, no_monitor, silent, constant_nan;
    no_centres.centres.reset();
    no_control.control_onset.clear();
    no_recruitment.onset.clear();
    no_monitor.V.reset();
    silent.onset = silent.control_onset;
    silent.in_zone = {0, 0, 0, 0};
    constant_nan.V.fill(SmallResult::never);
    for (const SmallResult& small : {no_centres, no_control, no_recruitment, no_monitor, silent, constant_nan}) CHECK(draws(small));
    CHECK_REFUSED(InputError, "no recruitment",
                  plot_raster(ResultFile(write_small_result(folder / "y.h5", no_recruitment)), {}, folder / "y.png"));
    CHECK_REFUSED(ConfigurationError, "no monitor",
                  plot_traces(ResultFile(write_small_result(folder / "z.h5", no_monitor)), {}, folder / "z.png"));
}

TEST_CASE("a picture may be SVG, and nothing but PNG or SVG") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    plot_summary(result, {}, folder / "x.svg");
    CHECK(read_file(folder / "x.svg").find("<svg") != std::string::npos);
    CHECK(read_file(folder / "x.svg").find("rHC") != std::string::npos);
    CHECK_REFUSED(ConfigurationError, ".png or .svg", plot_summary(result, {}, folder / "x.gif"));
    CHECK_REFUSED(ConfigurationError, ".png or .svg", plot_summary(result, {}, folder / "x"));
}

TEST_CASE("labels are text, whatever they hold") {
    const TemporaryFolder folder;
    SmallResult small;
    small.labels = {"it's", "`touch " + (folder / "trap").string() + "`", "a\nEND_OF_TABLE\n\"b", "\xC3\xA9_{x}^@$data1"};
    plot_summary(ResultFile(write_small_result(folder / "x.h5", small)), {}, folder / "x.svg");
    CHECK(!std::filesystem::exists(folder / "trap"));
    CHECK(read_file(folder / "x.svg").find("it's") != std::string::npos);
    CHECK(gnuplot_quoted("it's\n") == "'it''s '");
}

TEST_CASE("a variable, monitor or time that was not recorded is refused with what there is") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    const auto picture = folder / "x.png";
    CHECK_REFUSED(ConfigurationError, "K_ext", plot_traces(result, {.variable = "K_exd"}, picture));
    CHECK_REFUSED(ConfigurationError, "slow", plot_traces(result, {.monitor = "slwo"}, picture));
    CHECK_REFUSED(ConfigurationError, "0.5 to 999.5 ms", plot_traces(result, {.from = 2000}, picture));
    CHECK_REFUSED(ConfigurationError, "lasted 1000 ms", plot_raster(result, {.from = 300, .to = 200}, picture));
    CHECK(!std::filesystem::exists(picture));
    plot_traces(result, {.monitor = "slow", .variable = "K_ext", .from = 100, .to = 200}, picture);
    CHECK(size_of_png(picture).width == 1400);
}

TEST_CASE("a connectome of six or of 150 regions becomes two matrices") {
    const TemporaryFolder folder;
    for (const arma::uword regions : {6U, 150U}) {
        ConnectomeParts parts;
        parts.weights = arma::mat(regions, regions, arma::fill::zeros);
        parts.weights(0, 1) = 2;
        parts.weights(4, 2) = 1e-3;
        parts.tract_lengths = 30 * parts.weights;
        parts.source = "some/where/brain.zip";
        plot_connectome(Connectivity(parts), folder / "x.png");
        const Size size = size_of_png(folder / "x.png");
        CHECK(size.width > 2 * 500);
        CHECK(size.height > 500);
    }
    ConnectomeParts unconnected;
    unconnected.weights = arma::mat(2, 2, arma::fill::zeros);
    plot_connectome(Connectivity(unconnected), folder / "empty.png");
    CHECK(size_of_png(folder / "empty.png").height > 500);
}

TEST_CASE("a scan over one key becomes curves, over two keys maps") {
    const TemporaryFolder folder;
    plot_scan(write_scan(folder / "one", R"("coupling.G")",
                         "trial,coupling.G,recruited,first_onset,control.recruited,control.first_onset,status,message\n"
                         "0,0,0,,0,,ok,\n1,24,3,2500,0,,ok,\n2,48,5,1500,2,4000,ok,\n3,96,,,,,invalid,\"V, at 3 ms: \"\"nan\"\"\"\n"),
              folder / "one.png");
    CHECK(size_of_png(folder / "one.png").width == 1400);
    plot_scan(write_scan(folder / "two", R"("coupling.G", "regions.\"D\".K_bath")",
                         "trial,coupling.G,\"regions.\"\"D\"\".K_bath\",V.mean,status,message\r\n"
                         "0,0,5.5,-70,ok,\r\n1,0,15.5,-60,ok,\r\n2,48,5.5,-65,ok,\r\n3,48,15.5,-50,ok,\r\n"),
              folder / "two.png");
    CHECK(size_of_png(folder / "two.png").height > 400);
}

TEST_CASE("onsets by region stand below the curves, in the order in which regions are recruited") {
    const TemporaryFolder folder;
    const std::string trials =
        "trial,G,recruited,onset[late],onset[early],status,message\n"
        "0,1,0,nan,nan,ok,\n1,2,1,nan,30,ok,\n2,3,2,50,20,ok,\n3,4,nan,nan,nan,invalid,x\n";
    plot_scan(write_scan(folder / "s", R"("G")", trials), folder / "s.svg");
    const std::string drawn = read_file(folder / "s.svg");
    REQUIRE(drawn.find(">early<") != std::string::npos);
    CHECK(drawn.find(">early<") < drawn.find(">late<"));
    CHECK(drawn.find("onset: 20 ms to 50 ms") != std::string::npos);
    plot_scan(write_scan(folder / "s", R"("G")", "trial,G,recruited,status,message\n0,1,0,ok,\n1,2,1,ok,\n"), folder / "without.png");
    plot_scan(folder / "s", folder / "s.png");
    CHECK(size_of_png(folder / "without.png").height == size_of_png(folder / "s.png").height);
}

TEST_CASE("trials of a list or of draws are points, those of a grid lines") {
    const TemporaryFolder folder;
    const std::string trials = "trial,G,recruited,status,message\n0,1,0,ok,\n1,7,2,ok,\n2,3,1,ok,\n";
    const auto lines_in = [&](const std::string& settings) {
        write_file(folder / "s" / "manifest.json", R"({"keys": ["G"])" + settings + "}");
        write_file(folder / "s" / "trials.csv", trials);
        plot_scan(folder / "s", folder / "s.svg");
        return read_file(folder / "s.svg").find("<path stroke='rgb( 29,  91, 143)'") != std::string::npos;  // of the curve alone
    };
    CHECK(lines_in(""));
    CHECK(lines_in(R"(, "settings": {"scan.n": "3"})"));
    CHECK(!lines_in(R"(, "settings": {"scan.mode": "'latin'"})"));
}

TEST_CASE("a threshold's picture has its window, its regions by threshold, and no others") {
    const TemporaryFolder folder;
    const auto write = [&](const std::string& window) {
        write_file(folder / "t.json",
                   R"({"key": "coupling.G", "from": 0, "to": 10, "condition": "recruited >= 1",
                       "threshold": {"true_at": 4}, "control": {"true_at": 8}, "window": )" +
                       window + R"(, "regions": ["zone", "slow", "fast"], "zone": [true, false, false],
                       "per_region": [{"region": "slow", "false_at": 5, "true_at": 6}, {"region": "fast", "false_at": 3, "true_at": 4}],
                       "trials": [{"value": 4, "connection": null, "control": false, "whole": true, "onset_ms": [1, null, 900]},
                                  {"value": 6, "connection": null, "control": false, "whole": false, "onset_ms": [1, 800, 300]},
                                  {"value": 1.5, "connection": 0, "control": false, "whole": true, "onset_ms": [1, 100, 100]}]})");
        plot_threshold(folder / "t.json", folder / "t.svg");
        return read_file(folder / "t.svg");
    };
    const std::string drawn = write(R"({"from": 4, "to": 7, "open": false})");
    CHECK(drawn.find("recruited >= 1, the control silent: 4 to 7") != std::string::npos);
    CHECK(drawn.find("800 ms to 900 ms") != std::string::npos);  // of each where it is first recruited; raised connections are left out
    CHECK(drawn.find(">zone<") == std::string::npos);
    REQUIRE(drawn.find(">fast<") != std::string::npos);
    CHECK(drawn.find(">fast<") < drawn.find(">slow<"));
    CHECK(write("null").find("recruited >= 1 from 4 on") != std::string::npos);
    write_file(folder / "t.json", "{}");
    CHECK_REFUSED(InputError, "t.json: is not what kation threshold -o writes", plot_threshold(folder / "t.json", folder / "u.png"));
    CHECK_REFUSED(InputError, "cannot be read", plot_threshold(folder / "nothing.json", folder / "u.png"));
}

TEST_CASE("a folder that is no scan, or that no picture can show, is refused with the reason") {
    const TemporaryFolder folder;
    const auto plot = [&](const std::string& keys, const std::string& trials) {
        plot_scan(write_scan(folder / "s", keys, trials), folder / "s.png");
    };
    CHECK_REFUSED(InputError, "manifest.json", plot_scan(folder.path(), folder / "s.png"));
    CHECK_REFUSED(InputError, "no trial", plot(R"("G")", "trial,G,recruited,status,message\n"));
    CHECK_REFUSED(InputError, "trials.csv:3: has 2 fields, the header has 3", plot(R"("G")", "trial,G,recruited\n0,1,2\n1,2\n"));
    CHECK_REFUSED(InputError, "no column for the swept key 'K'", plot(R"("K")", "trial,G,recruited\n0,1,2\n"));
    CHECK_REFUSED(InputError, "names no swept keys", plot(R"("K)", "trial,G,recruited\n0,1,2\n"));
    CHECK_REFUSED(ConfigurationError, "3 keys were swept", plot(R"("a", "b", "c")", "trial,a,b,c,recruited\n0,1,2,3,4\n"));
    CHECK_REFUSED(ConfigurationError, "no numbers", plot(R"("method")", "trial,method,recruited\n0,heun,1\n"));
    CHECK_REFUSED(ConfigurationError, "no measure", plot(R"("G")", "trial,G,status,message\n0,1,ok,\n"));
    CHECK(!std::filesystem::exists(folder / "s.png"));
}

TEST_CASE("without gnuplot the error says what to install") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    const SearchPath nothing(folder.path().string());
    CHECK_REFUSED(OutputError, "apt-get install gnuplot-nox", plot_summary(result, {}, folder / "x.png"));
}

TEST_CASE("what gnuplot refuses is said in its words, and an earlier picture stays") {
    const TemporaryFolder folder;
    write_file(folder / "x.png", "earlier");
    CHECK_REFUSED(OutputError, "unrecognized option", draw_with_gnuplot("set nonsense", 100, 100, folder / "x.png"));
    CHECK(read_file(folder / "x.png") == "earlier");
    CHECK(folder.names() == std::vector<std::string>{"x.png"});
    CHECK_REFUSED(OutputError, "nothing was drawn", draw_with_gnuplot("", 100, 100, folder / "x.png"));
}

TEST_CASE("a place that cannot be written is refused before anything is drawn") {
    const TemporaryFolder folder;
    const ResultFile result(write_small_result(folder / "x.h5"));
    CHECK_REFUSED(OutputError, "x.h5/x.png", plot_summary(result, {}, folder / "x.h5" / "x.png"));
    CHECK_REFUSED(OutputError, "absent", plot_summary(result, {}, folder / "absent" / "x.png"));
}
