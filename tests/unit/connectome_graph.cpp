#include <kation/connectome/builtin.hpp>
#include <kation/connectome/graph.hpp>

#include "support/same_matrix.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace kation;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// 0 -> 1 -> 2 in short steps and 0 -> 2 in a long one; 3 and 4 point at each other; 5 is connected to itself only; 6 to nothing.
Connectivity three_parts() {
    ConnectomeParts parts;
    parts.weights.zeros(7, 7);
    parts.tract_lengths.zeros(7, 7);
    const auto connect = [&](arma::uword from, arma::uword to, double length) {
        parts.weights(to, from) = 1;
        parts.tract_lengths(to, from) = length;
    };
    connect(0, 1, 10);
    connect(1, 2, 15);
    connect(0, 2, 40);
    connect(3, 4, 5);
    connect(4, 3, 6);
    connect(5, 5, 1);
    return Connectivity(parts);
}

}  // namespace

TEST_CASE("an edge of the graph leads from the source to the target") {
    const ConnectomeGraph graph = graph_of(builtin_connectome("ring_3"));
    CHECK(num_vertices(graph) == 3);
    CHECK(num_edges(graph) == 3);
    const std::size_t b = 1, c = 2;
    const auto [edge, exists] = boost::edge(b, c, graph);
    REQUIRE(exists);
    CHECK(graph[edge].weight == 1);
    CHECK(graph[edge].length == 20);
    CHECK_FALSE(boost::edge(c, b, graph).second);
}

TEST_CASE("components join regions whatever the direction of their connections") {
    CHECK(components(three_parts()) == std::vector<std::size_t>{0, 0, 0, 1, 1, 2, 3});
}

TEST_CASE("a region that is connected to itself only is isolated") {
    CHECK(isolated_regions(three_parts()) == std::vector<std::size_t>{5, 6});
    CHECK(isolated_regions(builtin_connectome("six_node")).empty());
}

TEST_CASE("the shortest path may have more connections than the one with the fewest") {
    CHECK(same_matrix(path_lengths_from(three_parts(), 0), arma::vec{0, 10, 25, infinity, infinity, infinity, infinity}));
    CHECK(same_matrix(hops_from(three_parts(), 0), arma::vec{0, 1, 1, infinity, infinity, infinity, infinity}));
}

TEST_CASE("paths follow the direction of connections") {
    const Connectivity ring = builtin_connectome("ring_3");
    CHECK(same_matrix(path_lengths_from(ring, 1), arma::vec{60, 0, 20}));
    CHECK(same_matrix(hops_from(ring, 1), arma::vec{2, 0, 1}));
}
