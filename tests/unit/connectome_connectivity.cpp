#include <kation/connectome/connectivity.hpp>
#include <kation/support/error.hpp>

#include "support/close.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"

#include <limits>

using namespace kation;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Three regions without any symmetry: 0 -> 1 -> 2 -> 0, and a self-connection of region 2.
ConnectomeParts three_regions() {
    ConnectomeParts parts;
    parts.weights = {{0, 0, 2}, {1, 0, 0}, {0, 3, 4}};
    parts.tract_lengths = {{0, 0, 30}, {10, 0, 0}, {0, 20, 5}};
    parts.labels = {"left", "middle", "right"};
    parts.source = "three.zip";
    return parts;
}

Connectivity three() { return Connectivity(three_regions()); }

}  // namespace

TEST_CASE("weight(to, from) is the row of the target and the column of the source") {
    const Connectivity connectome = three();
    CHECK(connectome.regions() == 3);
    CHECK(connectome.weight(1, 0) == 1);
    CHECK(connectome.weight(0, 1) == 0);
    CHECK(connectome.length(2, 1) == 20);
    CHECK(connectome.length(1, 2) == 0);
}

TEST_CASE("a connectome whose parts do not fit together is refused with source, sizes and place") {
    ConnectomeParts parts = three_regions();
    SUBCASE("nothing") {
        parts.weights.reset();
        CHECK_REFUSED(InputError, "three.zip: there are no weights", Connectivity{parts});
    }
    SUBCASE("not square") {
        parts.weights.set_size(3, 4);
        CHECK_REFUSED(InputError, "weights have 3 rows and 4 columns", Connectivity{parts});
    }
    SUBCASE("a weight that is no number") {
        parts.weights(1, 2) = not_a_number;
        CHECK_REFUSED(InputError, "weight in row 2, column 3 is nan", Connectivity{parts});
    }
    SUBCASE("lengths of another size") {
        parts.tract_lengths.set_size(3, 2);
        CHECK_REFUSED(InputError, "tract lengths are 3 x 2, and 3 regions need 3 x 3", Connectivity{parts});
    }
    SUBCASE("a negative length") {
        parts.tract_lengths(2, 1) = -20;
        CHECK_REFUSED(InputError, "tract length in row 3, column 2 is -20; allowed is [0, inf) mm", Connectivity{parts});
    }
    SUBCASE("an infinite length") {
        parts.tract_lengths(2, 1) = infinity;
        CHECK_REFUSED(InputError, "is inf; allowed is [0, inf) mm", Connectivity{parts});
    }
    SUBCASE("too few labels") {
        parts.labels.pop_back();
        CHECK_REFUSED(InputError, "2 labels for 3 regions", Connectivity{parts});
    }
    SUBCASE("an empty label") {
        parts.labels[1].clear();
        CHECK_REFUSED(InputError, "region 2 has an empty label", Connectivity{parts});
    }
    SUBCASE("centres without z") {
        parts.centres.zeros(3, 2);
        CHECK_REFUSED(InputError, "centres are 3 x 2, and 3 regions need 3 x 3", Connectivity{parts});
    }
    SUBCASE("too many hemispheres") {
        parts.hemispheres = {0, 1, 0, 1};
        CHECK_REFUSED(InputError, "4 hemispheres for 3 regions", Connectivity{parts});
    }
    SUBCASE("a negative area") {
        parts.areas = {1, -1, 1};
        CHECK_REFUSED(InputError, "area in row 2", Connectivity{parts});
    }
}

TEST_CASE("labels that repeat are numbered, and the numbers avoid labels that exist") {
    ConnectomeParts parts;
    parts.weights.zeros(5, 5);
    parts.labels = {"a", "b", "a", "a#1", "a"};
    const Connectivity connectome(parts);
    CHECK(connectome.labels() == std::vector<std::string>{"a#2", "b", "a#3", "a#1", "a#4"});
    REQUIRE(connectome.warnings().size() == 2);
    CHECK(connectome.warnings()[0].find("labels repeat (a)") != std::string::npos);
}

TEST_CASE("regions without labels are called by their numbers") {
    ConnectomeParts parts;
    parts.weights.zeros(2, 2);
    CHECK(Connectivity(parts).labels() == std::vector<std::string>{"region_0", "region_1"});
}

TEST_CASE("missing lengths are the distances between centres") {
    ConnectomeParts parts = three_regions();
    parts.tract_lengths.reset();
    parts.centres = {{0, 0, 0}, {3, 4, 0}, {0, 0, 12}};
    const Connectivity connectome(parts);
    CHECK(connectome.has_lengths());
    CHECK(connectome.length(1, 0) == 5);
    CHECK(connectome.length(2, 1) == 13);
    CHECK(connectome.length(1, 1) == 0);
    CHECK(connectome.warnings().size() == 1);
}

TEST_CASE("without lengths and centres there are no delays, and a warning says so") {
    ConnectomeParts parts = three_regions();
    parts.tract_lengths.reset();
    parts.centres.zeros(3, 3);  // The Virtual Brain's way to say that they are unknown
    const Connectivity connectome(parts);
    CHECK_FALSE(connectome.has_centres());
    CHECK_FALSE(connectome.has_lengths());
    CHECK(connectome.delays(3.0, 0.1).max() == 0);
    REQUIRE(connectome.warnings().size() == 1);
    CHECK(connectome.warnings()[0].find("without delay") != std::string::npos);
    CHECK(connectome.with_length(1, 0, 10).has_lengths());
    CHECK(connectome.with_length(1, 0, 10).warnings().empty());
}

TEST_CASE("a region is found by its exact label, or several by a pattern; a misspelt one gets a suggestion") {
    const Connectivity connectome = three();
    CHECK(connectome.index_of("right") == 2);
    CHECK(connectome.matching("*i*") == std::vector<std::size_t>{1, 2});
    CHECK_REFUSED(ConfigurationError, "three.zip has no region 'riht' (did you mean 'right'?)", connectome.index_of("riht"));
    CHECK_REFUSED(ConfigurationError, "no region of three.zip fits 'x*'", connectome.matching("x*"));
}

TEST_CASE("normalising divides by what its name says") {
    const Connectivity connectome = three();
    CHECK(same_matrix(connectome.normalised(Normalisation::none).weights(), connectome.weights()));
    CHECK(same_matrix(connectome.normalised(Normalisation::max).weights(), connectome.weights() / 4));
    CHECK(same_matrix(connectome.normalised(Normalisation::row).weights(), {{0, 0, 1}, {1, 0, 0}, {0, 3.0 / 7, 4.0 / 7}}));
    CHECK(same_matrix(connectome.normalised(Normalisation::max_row).weights(), connectome.weights() / 7));
    CHECK(same_matrix(connectome.normalised(Normalisation::total).weights(), connectome.weights() / 10));
}

TEST_CASE("normalising leaves rows and networks without connections as they are") {
    const Connectivity silent = three().with_weight(1, 0, 0);
    CHECK(arma::accu(arma::abs(silent.normalised(Normalisation::row).weights().row(1))) == 0);
    ConnectomeParts nothing = three_regions();
    nothing.weights.zeros();
    for (const Normalisation how : {Normalisation::max, Normalisation::row, Normalisation::max_row, Normalisation::total}) {
        CHECK(same_matrix(Connectivity(nothing).normalised(how).weights(), nothing.weights));
    }
}

TEST_CASE("normalising weights of both signs keeps every sign and sums magnitudes") {
    const Connectivity mixed = three().with_weight(2, 1, -12);
    const arma::mat by_row = mixed.normalised(Normalisation::row).weights();
    CHECK(by_row(2, 1) == -0.75);
    CHECK(by_row(2, 2) == 0.25);
    CHECK(mixed.normalised(Normalisation::max).weight(2, 1) == -1);
}

TEST_CASE("a normalisation that does not exist is refused with those that do") {
    CHECK(normalisation_from("max_row") == Normalisation::max_row);
    CHECK_REFUSED(ConfigurationError, "did you mean 'row'", normalisation_from("rows"));
    CHECK_REFUSED(ConfigurationError, "allowed: none, max, row, max_row, total", normalisation_from("rows"));
}

TEST_CASE("changes make a new connectome and leave the old one alone") {
    const Connectivity connectome = three();
    CHECK(connectome.without_self_connections().weight(2, 2) == 0);
    CHECK(connectome.with_weight(0, 1, -7).weight(0, 1) == -7);
    CHECK(connectome.with_length(0, 1, 7).length(0, 1) == 7);
    CHECK(same_matrix(connectome.weights(), three_regions().weights));
    CHECK_REFUSED(ConfigurationError, "weight to left from middle is nan", connectome.with_weight(0, 1, not_a_number));
    CHECK_REFUSED(ConfigurationError, "is -1 mm; allowed is [0, inf)", connectome.with_length(0, 1, -1));
}

TEST_CASE("delays are length / speed / dt, rounded half to even as in The Virtual Brain") {
    const StepMatrix steps = three().delays(4.0, 0.1);
    CHECK(steps(1, 0) == 25);
    CHECK(steps(2, 1) == 50);
    CHECK(steps(0, 2) == 75);
    CHECK(steps(0, 1) == 0);
    // 10 mm at 4 mm/ms are 2.5 steps of 1 ms, 30 mm 7.5 steps: both halves go to the even neighbour.
    CHECK(three().delays(4.0, 1.0)(1, 0) == 2);
    CHECK(three().delays(4.0, 1.0)(0, 2) == 8);
    CHECK(three().delays(infinity, 0.1).max() == 0);
}

TEST_CASE("delays need a speed and a step above zero that make countable numbers of steps") {
    CHECK_REFUSED(ConfigurationError, "speed = -4 mm/ms is outside (0, inf]", three().delays(-4, 0.1));
    CHECK_REFUSED(ConfigurationError, "speed = 0 mm/ms is outside", three().delays(0, 0.1));
    CHECK_REFUSED(ConfigurationError, "speed = nan mm/ms is outside", three().delays(not_a_number, 0.1));
    CHECK_REFUSED(ConfigurationError, "dt = 0 ms is outside (0, inf)", three().delays(4, 0));
    CHECK_REFUSED(ConfigurationError, "too long to count", three().delays(1e-300, 0.1));
}
