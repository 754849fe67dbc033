#include <kation/simulator/tracts.hpp>

#include <algorithm>

namespace kation {

Tracts::Tracts(const Connectivity& connectivity, const StepMatrix& delays, const Blocks& blocks, Coupling::Kind kind)
    : begin_(blocks.slots() + 1, 0), own_(blocks.slots(), 0.0) {
    for (std::size_t slot = 0; slot < blocks.slots(); ++slot) {
        begin_[slot] = tracts_.size();
        const std::size_t to = blocks.region_of(slot);
        if (to == Blocks::none) continue;
        for (std::size_t from = 0; from < connectivity.regions(); ++from) {
            const double weight = connectivity.weight(to, from);
            if (weight == 0.0) continue;
            if (from == to && delays(to, from) == 0) {
                own_[slot] = weight;
                continue;
            }
            tracts_.push_back({static_cast<std::uint32_t>(blocks.slot_of(from)), static_cast<std::int32_t>(delays(to, from)), weight});
            longest_ = std::max(longest_, delays(to, from));
            instant_ += delays(to, from) == 0 ? 1 : 0;
        }
        const auto mine = tracts_.begin() + static_cast<std::ptrdiff_t>(begin_[slot]);
        std::stable_sort(mine, tracts_.end(), [](const Tract& a, const Tract& b) { return a.delay > b.delay; });
        if (kind == Coupling::Kind::difference) {
            // A zero-delay self-connection sends w (y - y) = 0.
            own_[slot] = 0.0;
            std::for_each(mine, tracts_.end(), [&](const Tract& tract) { own_[slot] -= tract.weight; });
        }
        has_own_ = has_own_ || own_[slot] != 0.0;
    }
    begin_[blocks.slots()] = tracts_.size();
}

std::span<const Tract> Tracts::into(std::size_t slot, std::int64_t least, std::int64_t below) const {
    const auto all = into(slot);
    const auto first = std::ranges::partition_point(all, [&](const Tract& tract) { return tract.delay >= below; });
    const auto last = std::ranges::partition_point(all, [&](const Tract& tract) { return tract.delay >= least; });
    return {first, last};
}

std::vector<std::span<const Tract>> Tracts::into_all(std::int64_t least, std::int64_t below) const {
    std::vector<std::span<const Tract>> spans;
    for (std::size_t slot = 0; slot + 1 < begin_.size(); ++slot) spans.push_back(into(slot, least, below));
    return spans;
}

std::int64_t Tracts::shortest_between(std::span<const Part> parts) const {
    std::int64_t shortest = std::int64_t{1} << 40;
    for (const Part& part : parts)
        for (std::size_t slot = part.begin; slot < part.end; ++slot)
            for (const Tract& tract : into(slot))
                if (tract.source < part.begin || tract.source >= part.end) shortest = std::min<std::int64_t>(shortest, tract.delay);
    return shortest;
}

}  // namespace kation
