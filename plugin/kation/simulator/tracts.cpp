#include <kation/simulator/tracts.hpp>

#include <algorithm>

namespace kation {

std::vector<std::vector<Outgoing>> by_source(std::span<const std::span<const Tract>> into) {
    std::vector<std::vector<Outgoing>> lists(into.size());
    for (std::size_t target = 0; target < into.size(); ++target)
        for (const Tract& tract : into[target])
            lists[tract.source].push_back({static_cast<std::uint32_t>(target), tract.delay, tract.weight});
    return lists;
}

Tracts::Tracts(std::span<const Member> members, const StepMatrix& delays, const Blocks& blocks)
    : begin_(blocks.slots() + 1, 0), own_(blocks.slots(), 0.0) {
    std::vector<Gains> gains;
    for (const Member& member : members) gains.emplace_back(*member.coupling);
    for (std::size_t slot = 0; slot < blocks.slots(); ++slot) {
        begin_[slot] = tracts_.size();
        if (blocks.node_in(slot) == Blocks::none) continue;
        const std::size_t m = blocks.member_of(blocks.node_in(slot)), to = blocks.region_of(blocks.node_in(slot));
        const Network& network = *members[m].network;
        const bool difference = members[m].coupling->kind == Coupling::Kind::difference;
        for (std::size_t from = 0; from < blocks.regions(); ++from) {
            const double weight = network.connectivity().weight(to, from);
            if (weight == 0.0) continue;
            const Gains::Factor factor = gains[m].between(network, to, from);
            if (from == to && delays(to, from) == 0) {
                own_[slot] += difference ? 0.0 : weight * factor.sent;  // w (y - y) = 0
                continue;
            }
            if (difference) own_[slot] -= weight * factor.own;
            tracts_.push_back({static_cast<std::uint32_t>(blocks.slot_of(blocks.node(m, from))),
                               static_cast<std::int32_t>(delays(to, from)), weight * factor.sent});
            longest_ = std::max(longest_, delays(to, from));
            instant_ += delays(to, from) == 0 ? 1 : 0;
        }
        const auto mine = tracts_.begin() + static_cast<std::ptrdiff_t>(begin_[slot]);
        std::stable_sort(mine, tracts_.end(), [](const Tract& a, const Tract& b) { return a.delay > b.delay; });
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

std::vector<Listener> Tracts::listeners(std::int64_t least, std::int64_t below) const {
    std::vector<Listener> all;
    for (std::size_t slot = 0; slot + 1 < begin_.size(); ++slot)
        if (const auto tracts = into(slot, least, below); !tracts.empty()) all.push_back({slot, tracts});
    return all;
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
