#include <kation/connectome/graph.hpp>
#include <kation/connectome/synthetic.hpp>
#include <kation/support/error.hpp>

#include "support/close.hpp"
#include "support/refused.hpp"
#include "support/same_matrix.hpp"

#include <cmath>
#include <set>

using namespace kation;

namespace {

double distance(const Connectivity& connectome, std::size_t i, std::size_t j) {
    return arma::norm(connectome.parts().centres.row(i) - connectome.parts().centres.row(j));
}

/// Calls visit(i, j) for each pair i < j of regions that are no mirror images.
template <class Visit>
void for_each_pair(const Connectivity& connectome, const Visit& visit) {
    for (std::size_t j = 0; j < connectome.regions(); ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            if (i + connectome.regions() / 2 != j) visit(i, j);
        }
    }
}

/// The logarithm of a pair's weight without the part in which the directions differ.
double log_weight(const Connectivity& connectome, std::size_t i, std::size_t j) {
    return 0.5 * std::log(connectome.weight(i, j) * connectome.weight(j, i));
}

}  // namespace

TEST_CASE("the same seed makes the same bits, another seed another brain") {
    const Connectivity one = synthetic_connectome({.seed = 7}), same = synthetic_connectome({.seed = 7}),
                       other = synthetic_connectome({.seed = 8});
    CHECK(same_matrix(one.weights(), same.weights()));
    CHECK(same_matrix(one.parts().centres, same.parts().centres));
    CHECK_FALSE(same_matrix(one.weights(), other.weights()));
    CHECK_FALSE(same_matrix(one.parts().centres, other.parts().centres));
}

TEST_CASE("hemispheres mirror each other, and all centres lie on the ellipsoid") {
    const Connectivity brain = synthetic_connectome({.regions = 200, .seed = 3});
    const arma::mat& centres = brain.parts().centres;
    for (std::size_t i = 0; i < 100; ++i) {
        CHECK(brain.parts().hemispheres[i] == 1);
        CHECK(brain.parts().hemispheres[i + 100] == 0);
        CHECK(brain.label(i).substr(1) == brain.label(i + 100).substr(1));
        CHECK(brain.label(i).front() == 'r');
        CHECK(brain.label(i + 100).front() == 'l');
        CHECK(centres(i, 0) > 0);
        CHECK(same_matrix(centres.row(i + 100), arma::rowvec{-centres(i, 0), centres(i, 1), centres(i, 2)}));
        const double on_surface = std::hypot(centres(i, 0) / 70, centres(i, 1) / 85, centres(i, 2) / 60);
        CHECK_CLOSE(on_surface, 1.0, .abs = 0.01 / 60, .why = "centres are rounded to 0.01 mm");
    }
    CHECK(std::set(brain.labels().begin(), brain.labels().end()).size() == 200);
}

TEST_CASE("the density is the one asked for, and every region is connected") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
        const Connectivity brain = synthetic_connectome({.seed = seed});
        const double density = static_cast<double>(arma::accu(brain.weights() != 0)) / (76 * 75);
        CHECK_CLOSE(density, 0.27, .abs = 1.0 / (76 * 75), .why = "a whole number of pairs");
        CHECK(arma::accu(brain.weights().diag() != 0) == 0);
        CHECK(isolated_regions(brain).empty());
    }
}

TEST_CASE("mirror images are always connected, and three times stronger than without that factor") {
    const Connectivity brain = synthetic_connectome({.seed = 5}), plain = synthetic_connectome({.seed = 5, .homotopic_factor = 1});
    for (std::size_t i = 0; i < 38; ++i) {
        CHECK_CLOSE(brain.weight(i, i + 38), 3 * plain.weight(i, i + 38), .rel = 1e-5, .why = "weights are rounded to six digits");
        CHECK_CLOSE(brain.weight(i + 38, i), 3 * plain.weight(i + 38, i), .rel = 1e-5, .why = "weights are rounded to six digits");
    }
    for_each_pair(brain, [&](std::size_t i, std::size_t j) { REQUIRE(brain.weight(i, j) == plain.weight(i, j)); });
}

TEST_CASE("far pairs are connected with a probability that falls as exp(-0.15 d)") {
    const Connectivity brain = synthetic_connectome({.regions = 1000, .seed = 1, .exceptions = 0});
    // Beyond the distance within which nearly all pairs are connected, counted in bins of 5 mm.
    arma::vec connected(8), all(8);
    for_each_pair(brain, [&](std::size_t i, std::size_t j) {
        const double bin = (distance(brain, i, j) - 80) / 5;
        if (bin < 0 || bin >= 8) return;
        all[static_cast<arma::uword>(bin)] += 1;
        connected[static_cast<arma::uword>(bin)] += brain.weight(i, j) != 0;
    });
    const arma::vec share = connected / all;
    for (arma::uword bin = 0; bin + 1 < share.n_elem; ++bin) {
        const double error = std::sqrt(1 / connected[bin] + 1 / connected[bin + 1]);
        CHECK_CLOSE(std::log(share[bin] / share[bin + 1]), 0.15 * 5, .abs = 4 * error + 0.03,
                    .why = "4 standard errors; the bins are not uniform");
    }
}

TEST_CASE("weights are log-normal about an exponential decay, over three decades and more") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Connectivity brain = synthetic_connectome({.regions = 300, .seed = seed, .exceptions = 0});
        arma::running_stat<double> residual;
        double skewness = 0;
        for_each_pair(brain, [&](std::size_t i, std::size_t j) {
            if (brain.weight(i, j) == 0) return;
            const double x = log_weight(brain, i, j) + 0.06 * distance(brain, i, j);
            residual(x);
            skewness += x * x * x;
        });
        const double count = residual.count();
        CHECK_CLOSE(residual.mean(), 0.0, .abs = 4 / std::sqrt(count), .why = "4 standard errors of a mean");
        CHECK_CLOSE(residual.stddev(), 1.0, .abs = 4 / std::sqrt(2 * count), .why = "4 standard errors of a standard deviation");
        CHECK_CLOSE(skewness / count, 0.0, .abs = 4 * std::sqrt(15 / count), .why = "4 standard errors of the third moment");
        const arma::vec weights = arma::nonzeros(synthetic_connectome({.seed = seed}).weights());
        CHECK(weights.max() / weights.min() > 1e3);
    }
}

TEST_CASE("one to two per cent of connections are long-range exceptions, as strong as short connections") {
    const Connectivity brain = synthetic_connectome({.regions = 400, .seed = 2});
    // No other connection has a residual like theirs: their strength does not know their distance.
    std::size_t connections = 0, exceptions = 0;
    const Connectivity ordinary = synthetic_connectome({.regions = 400, .seed = 2, .exceptions = 0});
    for_each_pair(brain, [&](std::size_t i, std::size_t j) {
        if (brain.weight(i, j) == 0) return;
        ++connections;
        if (ordinary.weight(i, j) == brain.weight(i, j)) return;
        ++exceptions;
        CHECK(distance(brain, i, j) >= 80);
        CHECK(log_weight(brain, i, j) > -0.06 * 15 - 5);  // five standard deviations below that of a connection of 15 mm
    });
    const double share = static_cast<double>(exceptions) / static_cast<double>(connections);
    CHECK(share > 0.01);
    CHECK(share < 0.02);
}

TEST_CASE("tract lengths are 1.2 times the distance, both ways, also where there is no connection") {
    const Connectivity brain = synthetic_connectome();
    for_each_pair(brain, [&](std::size_t i, std::size_t j) {
        CHECK_CLOSE(brain.length(i, j), 1.2 * distance(brain, i, j), .abs = 0.0051, .why = "lengths are rounded to 0.01 mm");
        CHECK(brain.length(i, j) == brain.length(j, i));
    });
    CHECK(arma::accu(brain.tract_lengths().diag()) == 0);
}

TEST_CASE("the two directions of a connection differ a little") {
    const Connectivity brain = synthetic_connectome({.regions = 300, .seed = 4});
    arma::running_stat<double> difference;
    for_each_pair(brain, [&](std::size_t i, std::size_t j) {
        REQUIRE((brain.weight(i, j) == 0) == (brain.weight(j, i) == 0));
        if (brain.weight(i, j) != 0) difference(std::log(brain.weight(i, j) / brain.weight(j, i)) / 2);
    });
    CHECK_CLOSE(difference.mean(), 0.0, .abs = 0.4 / std::sqrt(difference.count()), .why = "4 standard errors of a mean");
    CHECK_CLOSE(difference.stddev(), 0.1, .rel = 4 / std::sqrt(2 * difference.count()), .why = "4 standard errors of a standard deviation");
}

TEST_CASE("every size from the smallest to thousands can be made") {
    for (const std::size_t regions : {4U, 6U, 10U, 50U, 2000U}) {
        CAPTURE(regions);
        CHECK(synthetic_connectome({.regions = regions}).regions() == regions);
    }
    const Connectivity full = synthetic_connectome({.regions = 30, .density = 1});
    CHECK(arma::accu(full.weights() != 0) == 30 * 29);
}

TEST_CASE("options outside their ranges are refused") {
    CHECK_REFUSED(ConfigurationError, "regions = 7 is not allowed; allowed is an even number from 4 to 20000",
                  synthetic_connectome({.regions = 7}));
    CHECK_REFUSED(ConfigurationError, "regions = 2", synthetic_connectome({.regions = 2}));
    CHECK_REFUSED(ConfigurationError, "density = 1.5 is not allowed; allowed is (0, 1]", synthetic_connectome({.density = 1.5}));
    CHECK_REFUSED(ConfigurationError, "weight decay (1/mm) = -1", synthetic_connectome({.weight_decay = -1}));
    CHECK_REFUSED(ConfigurationError, "length factor = 0", synthetic_connectome({.length_factor = 0}));
}
