#include <bench/sparse.hpp>

#include <kation/simulator/delayed_input.hpp>
#include <kation/support/instruction_set.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace kation;

namespace {

constexpr std::int64_t block = static_cast<std::int64_t>(block_steps);
constexpr int shortest = 25, longest = 375;   // [steps]
constexpr double millimetres_per_step = 0.4;  // 4 mm/ms and 0.1 ms
constexpr std::int64_t rows = 2 * block;      // of a ring, as in InputRows

}  // namespace

std::vector<std::vector<plain::Connection>> random_connections(std::size_t regions, std::size_t degree) {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::uint32_t> any(0, static_cast<std::uint32_t>(regions - 1));
    std::uniform_int_distribution<std::int32_t> delay(shortest, longest);
    std::uniform_real_distribution<double> weight(0.0, 1.0 / static_cast<double>(degree));
    std::vector<std::vector<plain::Connection>> all(regions);
    for (auto& into : all) {
        std::set<std::uint32_t> sources;
        while (sources.size() < degree) sources.insert(any(random));
        for (const std::uint32_t from : sources) into.push_back({from, delay(random), weight(random)});
    }
    return all;
}

Connectivity random_connectome(std::size_t regions, std::size_t degree) {
    const auto connections = random_connections(regions, degree);
    ConnectomeParts parts;
    parts.source = "random";
    parts.weights.zeros(regions, regions);
    parts.tract_lengths.zeros(regions, regions);
    for (std::size_t to = 0; to < regions; ++to)
        for (const plain::Connection& connection : connections[to]) {
            parts.weights(to, connection.from) = connection.weight;
            parts.tract_lengths(to, connection.from) = connection.delay * millimetres_per_step;
        }
    return Connectivity(std::move(parts));
}

FarSums::FarSums(const std::vector<std::vector<plain::Connection>>& connections, Coupling::Order order)
    : history_(1, connections.size(), longest, block),
      sums_(static_cast<std::size_t>(rows) * connections.size(), 0.0),
      sent_(static_cast<std::size_t>(rows) * connections.size(), 0.5) {
    std::vector<std::size_t> begin{0};
    for (const auto& into : connections) {
        for (const plain::Connection& connection : into) tracts_.push_back({connection.from, connection.delay, connection.weight});
        std::stable_sort(tracts_.begin() + static_cast<std::ptrdiff_t>(begin.back()), tracts_.end(),
                         [](const Tract& a, const Tract& b) { return a.delay > b.delay; });
        begin.push_back(tracts_.size());
    }
    for (std::size_t to = 0; to < connections.size(); ++to) into_.emplace_back(tracts_.data() + begin[to], tracts_.data() + begin[to + 1]);
    for (std::size_t region = 0; region < connections.size(); ++region)
        for (std::int64_t step = -longest; step <= 0; ++step) history_.store(0, region, step, 0.5);
    if (order == Coupling::Order::target) return;
    out_of_.resize(connections.size());
    for (std::size_t to = 0; to < connections.size(); ++to)
        for (const Tract& tract : into_[to]) out_of_[tract.source].push_back({static_cast<std::uint32_t>(to), tract.delay, tract.weight});
    sums_by_source_.assign(connections.size() * block_steps, 0.0);
}

void FarSums::advance() {
    const std::size_t regions = into_.size();
    if (!out_of_.empty())
        run_loop<SourceSum<double>>(out_of_.data(), regions, history_.channel(0), history_.stride(), history_.mask(), step_,
                                    sums_by_source_.data(), sums_.data(), regions, rows - 1, std::size_t{0}, regions);
    else
        run_loop<BlockSum<double>>(into_.data(), history_.channel(0), history_.stride(), history_.mask(), step_, sums_.data(), regions,
                                   rows - 1, std::size_t{0}, regions);
    for (std::size_t tile = 0; tile < regions; tile += lanes)
        for (std::int64_t step = step_ + 1; step <= step_ + block; ++step)
            for (std::size_t region = tile; region < tile + lanes; ++region)
                history_.store(0, region, step, sent_[static_cast<std::size_t>(step & (rows - 1)) * regions + region]);
    step_ += block;
}
