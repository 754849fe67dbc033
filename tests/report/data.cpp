#include <kation/io/report.hpp>
#include <kation/io/report_columns.hpp>
#include <kation/support/error.hpp>

#include "support/files.hpp"
#include "support/refused.hpp"
#include "support/small_result.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace kation;
using nlohmann::json;

namespace {

json data_of(const TemporaryFolder& folder, const SmallResult& small, const ReportRoom& room = {}) {
    return json::parse(report_data(ResultFile(write_small_result(folder / "x.h5", small)), room));
}

std::string summary_of(const json& data) {
    std::string text;
    for (const json& sentence : data["summary"]) text += sentence.get<std::string>() + "\n";
    return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a thinned series keeps every spike, in the order of time, and gaps stay gaps") {
    const TemporaryFolder folder;
    SmallResult small;
    small.V(503, 1) = 40;                                                         // one sample of a thousand
    small.V(507, 1) = -90;                                                        // after it in the same stretch
    small.V.submat(0, 3, 999, 3).fill(std::numeric_limits<double>::quiet_NaN());  // a region without this variable
    const ResultFile result(write_small_result(folder / "x.h5", small));

    const ThinSeries whole = thinned(result, "slow", "V", 1000);
    CHECK(whole.stretch == 1);
    CHECK(whole.time.size() == 1000);
    CHECK(whole.time[999] == 999.5);
    CHECK(whole.values[1 * 1000 + 503] == 40);

    const ThinSeries thin = thinned(result, "slow", "V", 100);
    CHECK(thin.stretch == 20);
    REQUIRE(thin.time.size() == 100);
    REQUIRE(thin.values.size() == 400);
    CHECK(std::ranges::is_sorted(thin.time));
    CHECK(thin.values[1 * 100 + 50] == 40);  // samples 500 to 519 are points 50 and 51
    CHECK(thin.values[1 * 100 + 51] == -90);
    CHECK(thin.time[50] == 505.5);
    CHECK(thin.values[1 * 100 + 52] == -70);
    CHECK(std::isnan(thin.values[3 * 100 + 7]));

    // A last stretch that is not full, and a most that does not divide.
    const ThinSeries odd = thinned(result, "slow", "V", 301);
    CHECK(odd.stretch == 7);
    CHECK(odd.time.size() == 2 * 143);
    CHECK(odd.time.back() <= 999.5);
    CHECK(std::ranges::count(odd.values, 40.0F) == 1);
}

TEST_CASE("16 bits keep a number to 1 in 131068 of the range, and what is not finite apart") {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> numbers{-70, nan, 30, -69.9F, std::numeric_limits<float>::infinity()};
    const Codes column = coded(numbers);
    CHECK(column.low == -70);
    CHECK(column.high == 30);
    CHECK(column.codes[0] == 0);
    CHECK(column.codes[1] == 65535);
    CHECK(column.codes[2] == 65534);
    CHECK(column.codes[4] == 65535);
    CHECK(std::abs(column.low + column.codes[3] * 100 / 65534.0 - double{numbers[3]}) <= 100 / 131068.0);
    CHECK(coded(std::vector<float>{nan, nan}).codes == std::vector<std::uint16_t>{65535, 65535});
    CHECK(coded(std::vector<float>{5, 5}).codes == std::vector<std::uint16_t>{0, 0});
}

TEST_CASE("base64 is that of RFC 4648, with zeros for padding") {
    CHECK(base64(std::vector<std::uint16_t>{0x614d, 0x6e}) == "TWFuAAAA");  // "Man", 0, and two zeros
    CHECK(base64(std::span<const float>{}).empty());
    CHECK(base64(std::vector<double>{1.0}).size() == 12);
}

TEST_CASE("a report says in words what was recruited, when, and against the control") {
    const TemporaryFolder folder;
    SmallResult small;
    std::string summary = summary_of(data_of(folder, small));
    CHECK(holds(summary, "ion_exchange in 4 regions for 1 s, dt 0.02 ms, seed 42."));
    CHECK(holds(summary, "The epileptogenic zone is rHC."));
    CHECK(holds(summary, "2 of 3 regions outside it were recruited: lHC at 120 ms first, rA1 at 300 ms last."));
    CHECK(holds(summary, "no region was recruited: what is seen here spread from the zone"));
    CHECK_FALSE(holds(summary, "not complete"));

    small.control_onset[2] = 50;
    summary = summary_of(data_of(folder, small));
    CHECK(holds(summary, "1 region was recruited (lA1): the network ignites without the zone"));

    small.onset = std::vector<double>(4, SmallResult::never);
    small.control_onset = small.onset;
    summary = summary_of(data_of(folder, small));
    CHECK(holds(summary, "None of the 3 regions outside it was recruited."));
    CHECK(holds(summary, "set back, no region was recruited.\n"));

    small.onset = {};
    small.control_onset = {};
    summary = summary_of(data_of(folder, small));
    CHECK(holds(summary, "Recruitment was not recorded."));
}

TEST_CASE("nothing in a label ends the element that holds the data, and bytes that are no text do not fail") {
    const TemporaryFolder folder;
    SmallResult small;
    small.labels = {"</script><script>alert(1)</script>", "<!--", "\xC3\xA9\xE2\x80\xA8", "\xFF\"'&"};
    const ResultFile result(write_small_result(folder / "x.h5", small));
    const std::string text = report_data(result);
    CHECK_FALSE(holds(text, "<"));
    CHECK(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; }));
    CHECK(json::parse(text)["labels"][0] == small.labels[0]);
    CHECK(json::parse(text)["labels"][2] == small.labels[2]);
}

TEST_CASE("a large network is shown by blocks that keep the strongest connection") {
    const TemporaryFolder folder;
    SmallResult small;
    small.weights(3, 0) = -7;
    const json whole = data_of(folder, small)["matrix"];
    CHECK(whole["size"] == 4);
    CHECK(whole["block"] == 1);
    CHECK(whole.contains("lengths"));
    CHECK(whole["strongest"][0] == json{3, 0});  // (to, from)
    CHECK(whole["strongest"][1] == json{2, 0});
    CHECK(whole["strongest"].size() == 6);

    const json blocks = data_of(folder, small, {.series = 6'000'000, .matrix = 22})["matrix"];
    CHECK(blocks["size"] == 2);
    CHECK(blocks["block"] == 2);
    CHECK_FALSE(blocks.contains("lengths"));
    CHECK(blocks["weights"] == base64(std::vector<float>{0.5, 2, -7, 0.1F}));
}

TEST_CASE("series take no more room than they are given") {
    const TemporaryFolder folder;
    SmallResult small;
    small.V = arma::mat(20'000, 4, arma::fill::value(-70));
    const ResultFile result(write_small_result(folder / "x.h5", small));
    const std::size_t large = report_data(result).size(), less = report_data(result, {.series = 30'000, .matrix = 1000}).size();
    CHECK(large > 400'000);
    CHECK(less < 40'000);
}

TEST_CASE("a page without the place for data is refused, and the report is not begun") {
    const TemporaryFolder folder;
    const auto page = write_file(folder / "page.html", "<html></html>");
    CHECK_REFUSED(InputError, "page.html", write_report("{}", page, folder / "report.html"));
    CHECK_FALSE(std::filesystem::exists(folder / "report.html"));
    write_file(page, "<a>KATION_RESULT</a>");
    write_report("{}", page, folder / "report.html");
    CHECK(read_file(folder / "report.html") == "<a>{}</a>");
}
