#include <kation/simulator/delayed_input.hpp>
#include <kation/simulator/parts_order.hpp>

#include <algorithm>
#include <numeric>

namespace kation {
namespace {

/// Regions that stay together.
class Clusters {
  public:
    explicit Clusters(std::size_t regions) : root_(regions), size_(regions, 1) { std::iota(root_.begin(), root_.end(), std::size_t{0}); }

    std::size_t root(std::size_t region) {
        while (root_[region] != region) region = root_[region] = root_[root_[region]];
        return region;
    }
    void join(std::size_t a, std::size_t b, std::size_t most) {
        a = root(a), b = root(b);
        if (a == b || size_[a] + size_[b] > most) return;
        root_[std::max(a, b)] = std::min(a, b);
        size_[std::min(a, b)] += size_[std::max(a, b)];
    }
    /// Each with its regions, largest first.
    std::vector<std::vector<std::size_t>> all() {
        std::vector<std::vector<std::size_t>> by_root(root_.size());
        for (std::size_t region = 0; region < root_.size(); ++region) by_root[root(region)].push_back(region);
        std::erase_if(by_root, [](const auto& cluster) { return cluster.empty(); });
        std::ranges::stable_sort(by_root, std::greater<>(), &std::vector<std::size_t>::size);
        return by_root;
    }

  private:
    std::vector<std::size_t> root_, size_;
};

struct Link {
    std::int64_t delay;  ///< [steps]
    std::size_t a, b;
};

/// Connections short enough to make threads wait within a block, shortest first.
std::vector<Link> short_links(const Connectivity& connectivity, const StepMatrix& delays) {
    std::vector<Link> links;
    for (std::size_t from = 0; from < connectivity.regions(); ++from)
        for (std::size_t to = 0; to < connectivity.regions(); ++to)
            if (to != from && connectivity.weight(to, from) != 0.0 && delays(to, from) < 2 * static_cast<std::int64_t>(block_steps))
                links.push_back({delays(to, from), to, from});
    std::ranges::stable_sort(links, {}, &Link::delay);
    return links;
}

}  // namespace

std::vector<std::size_t> order_for_parts(const Connectivity& connectivity, const StepMatrix& delays, std::size_t parts) {
    const std::size_t regions = connectivity.regions(), vectors = padded(regions) / lanes;
    parts = std::min(parts, vectors);
    if (parts < 2) return {};
    // Parts are whole vectors.
    std::vector<std::size_t> room(parts);
    for (std::size_t p = 0; p < parts; ++p) room[p] = lanes * ((vectors * (p + 1) + parts - 1) / parts - (vectors * p + parts - 1) / parts);
    room.back() -= padded(regions) - regions;
    Clusters clusters(regions);
    for (const Link& link : short_links(connectivity, delays)) clusters.join(link.a, link.b, *std::ranges::min_element(room));
    std::vector<std::vector<std::size_t>> content(parts);
    for (const auto& cluster : clusters.all()) {
        const auto widest = static_cast<std::size_t>(std::ranges::max_element(room) - room.begin());
        for (const std::size_t region : cluster) {
            // One that fits nowhere as a whole is cut.
            const std::size_t p = room[widest] > 0 ? widest : static_cast<std::size_t>(std::ranges::max_element(room) - room.begin());
            content[p].push_back(region);
            --room[p];
        }
    }
    std::vector<std::size_t> order;
    for (auto& part : content) {
        std::ranges::sort(part);
        order.insert(order.end(), part.begin(), part.end());
    }
    return order;
}

}  // namespace kation
