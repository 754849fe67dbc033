#pragma once

#include <kation/connectome/connectivity.hpp>

#include <boost/graph/compressed_sparse_row_graph.hpp>

#include <vector>

namespace kation {

struct TractAsEdge {
    double weight;
    double length;  // [mm]
};

/// A connectome for the algorithms of Boost.Graph: an edge from source to target for each weight that is not zero, self-connections
/// included; vertices are the regions' numbers.
using ConnectomeGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, TractAsEdge>;

ConnectomeGraph graph_of(const Connectivity& connectome);

/// The number of the component each region belongs to, whatever the direction of connections; numbered 0, 1, ... by their first regions.
std::vector<std::size_t> components(const Connectivity& connectome);

/// Regions without a connection to or from another region, in order.
std::vector<std::size_t> isolated_regions(const Connectivity& connectome);

/// Length [mm] of the shortest path along connections from one region to each; infinity where there is none.
arma::vec path_lengths_from(const Connectivity& connectome, std::size_t region);

/// Number of connections on the path with the fewest of them from one region to each; infinity where there is none.
arma::vec hops_from(const Connectivity& connectome, std::size_t region);

}  // namespace kation
