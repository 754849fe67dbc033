#include <kation/io/plot.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace kation;

namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::vector<std::size_t>;

}  // namespace

TEST_CASE("thinning keeps a spike of one sample, wherever it is") {
    for (std::size_t spike = 0; spike < 1003; ++spike) {
        std::vector<double> values(1003, -70);
        values[spike] = 20;
        values[(spike + 500) % 1003] = -90;
        const Numbers kept = extremes(values, 100);
        CAPTURE(spike);
        CHECK(std::ranges::count(kept, spike) == 1);
        CHECK(std::ranges::count(kept, (spike + 500) % 1003) == 1);
        CHECK(kept.size() <= 2 * 11);
    }
}

TEST_CASE("thinning keeps the least and greatest of each stretch, in the order of time") {
    const std::vector<double> values{0, 3, 1, -2, 5, 5, 5, 5, 1, 2};
    CHECK(extremes(values, 4) == Numbers{1, 3, 4, 8, 9});
}

TEST_CASE("nothing is thinned where every sample can be shown") {
    const std::vector<double> values{1, 1, 2, never, 1};
    CHECK(extremes(values, 1) == Numbers{0, 1, 2, 3, 4});
    CHECK(extremes(values, 2) == Numbers{0, 1, 2, 3, 4});
    CHECK(extremes({}, 7).empty());
}

TEST_CASE("thinning passes over what is no number") {
    const std::vector<double> values{never, 1, 4, never, never, never, 2, never, never};
    CHECK(extremes(values, 3) == Numbers{1, 2, 6});
}

TEST_CASE("a raster shows the zone, then regions by onset, then those never recruited, ties in file order") {
    Recruitment recruitment;
    recruitment.recruited = {false, true, true, true, false, true, true, true};
    recruitment.onset_ms = {never, 900, 100, 500, never, 100, 300, never};
    const std::vector<bool> zone{false, false, false, true, false, false, true, false};
    CHECK(rows_by_onset(recruitment, zone) == Numbers{6, 3, 2, 5, 1, 0, 4, 7});
}

TEST_CASE("a zone that is silent still leads the raster") {
    Recruitment recruitment;
    recruitment.recruited = {true, false, false};
    recruitment.onset_ms = {100, never, never};
    CHECK(rows_by_onset(recruitment, {false, false, true}) == Numbers{2, 0, 1});
}
