#include <kation/scan/search.hpp>
#include <kation/support/error.hpp>
#include <support/refused.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace kation;

namespace {

using Points = std::vector<std::size_t>;

Condition condition(const std::string& text) { return Condition::from(text, "--until"); }

Inquiry known(std::map<std::size_t, bool> answers) { return {0, false, condition("recruited >= 1"), "--until", std::move(answers)}; }

}  // namespace

TEST_CASE("a condition is a measure, a comparison and a number") {
    CHECK(condition("recruited>=1").text() == "recruited >= 1");
    CHECK(condition(" V.max[lCN.MD]  > -20.5 ").text() == "V.max[lCN.MD] > -20.5");
    CHECK(condition("V.power(8, 12) <= 1e-3").measure == "V.power(8, 12)");
    CHECK(condition("x < 2").holds(1.9));
    CHECK(!condition("x < 2").holds(2));
    CHECK(condition("x <= 2").holds(2));
    CHECK(condition("x >= 2").holds(2));
    CHECK(!condition("x > 2").holds(2));
    for (const char* sign : {"<", "<=", ">", ">="}) CHECK(!condition(std::string("x") + sign + "2").holds(std::nan("")));
    CHECK_REFUSED(ConfigurationError, "--until \"recruited\": there is no comparison", condition("recruited"));
    CHECK_REFUSED(ConfigurationError, "there is no comparison '='", condition("recruited = 1"));
    CHECK_REFUSED(ConfigurationError, "there is no comparison '=>'", condition("recruited => 1"));
    CHECK_REFUSED(ConfigurationError, "there is no measure", condition(">= 1"));
    CHECK_REFUSED(ConfigurationError, "'one' is no finite number", condition("recruited >= one"));
    CHECK_REFUSED(ConfigurationError, "'inf' is no finite number", condition("recruited >= inf"));
}

TEST_CASE("of a measure that never falls, the answer is known early where it can only stay") {
    CHECK(condition("events >= 5").settled(5) == true);
    CHECK(condition("events > 5").settled(6) == true);
    CHECK(condition("events <= 5").settled(6) == false);
    CHECK(condition("events < 5").settled(5) == false);
    CHECK(!condition("events >= 5").settled(4).has_value());
    CHECK(!condition("events <= 5").settled(5).has_value());
    CHECK(!condition("events >= 5").settled(std::nan("")).has_value());
}

TEST_CASE("a search looks at the first points, then halves the first bracket that they show") {
    CHECK(known({}).wanted({0, 50, 100}) == Points{0, 50, 100});
    CHECK(known({{50, true}}).wanted({0, 50, 100}) == Points{0, 100});
    CHECK(known({{0, false}, {100, true}}).wanted({0, 100}) == Points{50});
    CHECK(known({{0, true}, {100, false}}).wanted({0, 100}) == Points{50});
    CHECK(known({{0, false}, {7, true}, {100, true}}).wanted({0, 100}) == Points{3});
    CHECK(known({{0, false}, {1, true}, {100, true}}).wanted({0, 100}).empty());
    CHECK(known({{0, false}, {100, false}}).wanted({0, 100}).empty());
    CHECK(!known({{0, false}, {100, false}}).bracket());
    // Of several crossings the first is found.
    CHECK(*known({{0, false}, {25, false}, {50, true}, {75, false}, {100, true}}).bracket() == std::pair<std::size_t, std::size_t>{25, 50});
}

TEST_CASE("any threshold is found in as many trials as the logarithm of the number of values says") {
    for (std::size_t first_true = 1; first_true <= 100; ++first_true) {
        Inquiry inquiry = known({});
        std::size_t trials = 0;
        for (Points points = inquiry.wanted({0, 100}); !points.empty(); points = inquiry.wanted({0, 100}))
            for (const std::size_t point : points) {
                inquiry.answers[point] = point >= first_true;
                ++trials;
            }
        CAPTURE(first_true);
        CHECK(*inquiry.bracket() == std::pair{first_true - 1, first_true});
        CHECK(trials <= 2 + 7);
    }
}

TEST_CASE("the range is cut into the fewest equal intervals that keep the tolerance") {
    const auto intervals = [](double from, double to, std::optional<double> tolerance) {
        return ThresholdSettings{.key = "coupling.G", .from = from, .to = to, .tolerance = tolerance}.intervals();
    };
    CHECK(intervals(0, 100, {}) == 100);
    CHECK(intervals(36, 52, 1.0) == 16);
    CHECK(intervals(0, 1, 0.1) == 10);
    CHECK(intervals(0, 1, 0.3) == 4);
    CHECK(intervals(0, 1, 1.0) == 1);
}
