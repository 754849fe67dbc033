#include <kation/network/blocks.hpp>

#include <algorithm>
#include <numeric>

namespace kation {
namespace {

Group group_for(const Network& network, const Entry& model, std::size_t first_slot) {
    Group group{&model, {}, first_slot, {}, {}, {}, network.options_of(model)};
    for (std::size_t region = 0; region < network.regions(); ++region)
        if (network.region(region).model == &model) group.regions.push_back(region);
    group.state = ColumnStore(model.state.size(), group.regions.size());
    group.parameters = ColumnStore(model.parameters.size(), group.regions.size());
    group.constants = ColumnStore(model.constants, group.regions.size());
    for (std::size_t node = 0; node < group.slots(); ++node) {
        const RegionModel& numbers = network.region(group.regions[node < group.regions.size() ? node : 0]);
        const auto constants = model.constants_of(numbers.parameters);
        for (std::size_t k = 0; k < model.state.size(); ++k) group.state[k][node] = numbers.initial[k];
        for (std::size_t k = 0; k < model.parameters.size(); ++k) group.parameters[k][node] = numbers.parameters[k];
        for (std::size_t k = 0; k < model.constants; ++k) group.constants[k][node] = constants[k];
    }
    return group;
}

}  // namespace

Blocks::Blocks(const Network& network) : slot_of_region_(network.regions()) {
    for (const Entry* model : network.models()) {
        groups_.push_back(group_for(network, *model, slots_));
        slots_ += groups_.back().slots();
        channels_ = std::max(channels_, model->outputs.size());
    }
    region_of_slot_.assign(slots_, none);
    for (const Group& group : groups_)
        for (std::size_t node = 0; node < group.regions.size(); ++node) {
            slot_of_region_[group.regions[node]] = group.first_slot + node;
            region_of_slot_[group.first_slot + node] = group.regions[node];
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
