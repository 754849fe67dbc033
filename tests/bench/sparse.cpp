#include <bench/sparse.hpp>

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

SparseSums::SparseSums(const std::vector<std::vector<plain::Connection>>& connections, Coupling::Order order)
    : sums_(static_cast<std::size_t>(rows) * connections.size(), 0.0),
      sent_(static_cast<std::size_t>(rows) * connections.size(), 0.5),
      all_{0, connections.size(), {}} {
    std::vector<std::size_t> begin{0};
    for (const auto& into : connections) {
        for (const plain::Connection& connection : into) tracts_.push_back({connection.from, connection.delay, connection.weight});
        std::stable_sort(tracts_.begin() + static_cast<std::ptrdiff_t>(begin.back()), tracts_.end(),
                         [](const Tract& a, const Tract& b) { return a.delay > b.delay; });
        begin.push_back(tracts_.size());
    }
    std::vector<std::span<const Tract>> into;
    for (std::size_t to = 0; to < connections.size(); ++to) into.emplace_back(tracts_.data() + begin[to], tracts_.data() + begin[to + 1]);
    far_ = std::make_unique<FarSums<double>>(std::move(into), 1, 0, order);
    far_->touch(all_);
    for (std::size_t region = 0; region < connections.size(); ++region)
        for (std::int64_t step = -longest; step <= 0; ++step) far_->store(0, region, step, 0.5);
}

void SparseSums::advance() {
    const auto ring = [&](AlignedNumbers& numbers) { return RowRing{numbers.data(), all_.end, rows - 1}; };
    far_->begin_block(step_);
    far_->sum(all_, 0, step_, ring(sums_));
    far_->remember(all_, 0, ring(sent_), step_ + 1, step_ + block);
    step_ += block;
}
