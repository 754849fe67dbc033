// Before the sparse graph, whose own boost::detail::get() would hide the one that disjoint sets mean.
#include <boost/pending/disjoint_sets.hpp>

#include <kation/connectome/graph.hpp>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/range/iterator_range.hpp>

#include <limits>
#include <map>
#include <utility>

namespace kation {
namespace {

constexpr double unreachable = std::numeric_limits<double>::infinity();

}  // namespace

ConnectomeGraph graph_of(const Connectivity& connectome) {
    std::vector<std::pair<std::size_t, std::size_t>> edges;
    std::vector<TractAsEdge> tracts;
    for (std::size_t from = 0; from < connectome.regions(); ++from) {
        for (std::size_t to = 0; to < connectome.regions(); ++to) {
            if (connectome.weight(to, from) == 0) continue;
            edges.emplace_back(from, to);
            tracts.push_back({connectome.weight(to, from), connectome.length(to, from)});
        }
    }
    return {boost::edges_are_sorted, edges.begin(), edges.end(), tracts.begin(), connectome.regions()};
}

std::vector<std::size_t> components(const Connectivity& connectome) {
    const ConnectomeGraph graph = graph_of(connectome);
    boost::disjoint_sets_with_storage<> sets(connectome.regions());
    for (const auto edge : boost::make_iterator_range(boost::edges(graph))) sets.union_set(source(edge, graph), target(edge, graph));
    std::map<std::size_t, std::size_t> number;
    std::vector<std::size_t> component(connectome.regions());
    for (std::size_t i = 0; i < component.size(); ++i) component[i] = number.try_emplace(sets.find_set(i), number.size()).first->second;
    return component;
}

std::vector<std::size_t> isolated_regions(const Connectivity& connectome) {
    const ConnectomeGraph graph = graph_of(connectome);
    std::vector<bool> connected(connectome.regions(), false);
    for (const auto edge : boost::make_iterator_range(boost::edges(graph))) {
        if (source(edge, graph) != target(edge, graph)) connected[source(edge, graph)] = connected[target(edge, graph)] = true;
    }
    std::vector<std::size_t> isolated;
    for (std::size_t i = 0; i < connectome.regions(); ++i) {
        if (!connected[i]) isolated.push_back(i);
    }
    return isolated;
}

arma::vec path_lengths_from(const Connectivity& connectome, std::size_t region) {
    const ConnectomeGraph graph = graph_of(connectome);
    arma::vec lengths(connectome.regions());
    boost::dijkstra_shortest_paths(
        graph, region,
        boost::weight_map(boost::get(&TractAsEdge::length, graph))
            .distance_map(boost::make_iterator_property_map(lengths.memptr(), boost::get(boost::vertex_index, graph)))
            .distance_inf(unreachable));
    return lengths;
}

arma::vec hops_from(const Connectivity& connectome, std::size_t region) {
    const ConnectomeGraph graph = graph_of(connectome);
    arma::vec hops(connectome.regions(), arma::fill::value(unreachable));
    hops[region] = 0;
    const auto record = boost::record_distances(hops.memptr(), boost::on_tree_edge());
    boost::breadth_first_search(graph, region, boost::visitor(boost::make_bfs_visitor(record)));
    return hops;
}

}  // namespace kation
