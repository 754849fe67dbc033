#include <kation/network/blocks.hpp>

#include <algorithm>
#include <array>
#include <numeric>

namespace kation {
namespace {

Group group_for(std::span<const Network* const> members, std::span<const std::size_t> order, const Entry& model, std::size_t first_slot) {
    const std::size_t regions = members.front()->regions();
    Group group{&model, {}, first_slot, {}, {}, {}, members.front()->options_of(model)};
    for (const std::size_t region : order)
        for (std::size_t member = 0; member < members.size(); ++member)
            if (members[member]->region(region).model == &model) group.nodes.push_back(member * regions + region);
    group.state = ColumnStore(model.state.size(), group.nodes.size());
    group.parameters = ColumnStore(model.parameters.size(), group.nodes.size());
    group.constants = ColumnStore(model.constants, group.nodes.size());
    for (std::size_t place = 0; place < group.slots(); ++place) {
        const std::size_t node = group.nodes[place < group.nodes.size() ? place : 0];
        const RegionModel& numbers = members[node / regions]->region(node % regions);
        const auto constants = model.constants_of(numbers.parameters);
        for (std::size_t k = 0; k < model.state.size(); ++k) group.state[k][place] = numbers.initial[k];
        for (std::size_t k = 0; k < model.parameters.size(); ++k) group.parameters[k][place] = numbers.parameters[k];
        for (std::size_t k = 0; k < model.constants; ++k) group.constants[k][place] = constants[k];
    }
    return group;
}

}  // namespace

Blocks::Blocks(const Network& network) : Blocks(std::array{&network}) {}

Blocks::Blocks(std::span<const Network* const> members, std::span<const std::size_t> order)
    : members_(members.size()), slot_of_node_(members.size() * members.front()->regions()) {
    std::vector<std::size_t> regions(order.begin(), order.end());
    if (regions.empty()) {
        regions.resize(members.front()->regions());
        std::iota(regions.begin(), regions.end(), std::size_t{0});
    }
    for (const Entry* model : members.front()->models()) {
        groups_.push_back(group_for(members, regions, *model, slots_));
        slots_ += groups_.back().slots();
        channels_ = std::max(channels_, model->outputs.size());
    }
    node_in_slot_.assign(slots_, none);
    for (const Group& group : groups_)
        for (std::size_t place = 0; place < group.nodes.size(); ++place) {
            slot_of_node_[group.nodes[place]] = group.first_slot + place;
            node_in_slot_[group.first_slot + place] = group.nodes[place];
        }
}

const Group& Blocks::group_of(std::size_t slot) const {
    const auto after = std::ranges::find_if(groups_, [&](const Group& group) { return group.first_slot > slot; });
    return *(after - 1);
}

std::vector<Part> partition(const Blocks& blocks, const std::vector<double>& cost, std::size_t parts) {
    const double total = std::accumulate(cost.begin(), cost.end(), 0.0);
    std::vector<Part> result;
    double spent = 0;
    std::size_t slot = 0;
    for (std::size_t p = 0; p < parts; ++p) {
        Part part{slot, slot, {}};
        const double share = total * static_cast<double>(p + 1) / static_cast<double>(parts);
        while (part.end < blocks.slots() && (p + 1 == parts || spent < share)) {
            for (std::size_t lane = 0; lane < lanes; ++lane) spent += cost[part.end + lane];
            part.end += lanes;
        }
        slot = part.end;
        for (std::size_t g = 0; g < blocks.groups().size(); ++g) {
            const Group& group = blocks.groups()[g];
            const std::size_t begin = std::max(part.begin, group.first_slot);
            const std::size_t end = std::min(part.end, group.first_slot + group.slots());
            if (begin < end) part.pieces.push_back({g, begin - group.first_slot, end - group.first_slot});
        }
        if (part.begin < part.end) result.push_back(std::move(part));
    }
    return result;
}

}  // namespace kation
