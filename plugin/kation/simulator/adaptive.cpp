#include <kation/simulator/adaptive.hpp>
#include <kation/support/units.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace kation {
namespace {

/// The slots of regions in sets that connections without delay join, directly or through others.
std::vector<std::vector<std::size_t>> joined(const Blocks& blocks, const Tracts& tracts) {
    std::vector<std::size_t> root(blocks.slots());
    std::iota(root.begin(), root.end(), std::size_t{0});
    const auto root_of = [&](std::size_t slot) {
        while (root[slot] != slot) slot = root[slot] = root[root[slot]];
        return slot;
    };
    for (std::size_t slot = 0; slot < blocks.slots(); ++slot)
        for (const Tract& tract : tracts.into(slot, 0, 1)) {
            const std::size_t a = root_of(slot), b = root_of(tract.source);
            root[std::max(a, b)] = std::min(a, b);
        }
    std::vector<std::vector<std::size_t>> sets, by_root(blocks.slots());
    for (std::size_t slot = 0; slot < blocks.slots(); ++slot)
        if (blocks.node_in(slot) != Blocks::none) by_root[root_of(slot)].push_back(slot);
    for (auto& set : by_root)
        if (!set.empty()) sets.push_back(std::move(set));
    return sets;
}

}  // namespace

Adaptive::Adaptive(const Blocks& blocks, const Tracts& tracts, const Coupling& coupling, const Integrator& integrator,
                   const std::vector<bool>& heard, std::span<const StimulusOnGrid> stimuli,
                   std::span<const std::vector<std::size_t>> stimulated)
    : dt_(integrator.dt), channels_(blocks.channels()), heard_(heard), island_of_slot_(blocks.slots()), number_of_slot_(blocks.slots()) {
    for (const auto& slots : joined(blocks, tracts)) {
        for (std::size_t number = 0; number < slots.size(); ++number) {
            island_of_slot_[slots[number]] = islands_.size();
            number_of_slot_[slots[number]] = number;
        }
        islands_.push_back(std::make_unique<Island>(blocks, slots, coupling, integrator, heard));
    }
    sources_.resize(islands_.size());
    longest_.assign(islands_.size(), 0);
    for (std::size_t island = 0; island < islands_.size(); ++island) connect(island, tracts);
    for (std::size_t k = 0; k < stimuli.size(); ++k) {
        std::vector<std::vector<std::size_t>> places(islands_.size());
        for (const std::size_t slot : stimulated[k])
            places[island_of_slot_[slot]].push_back(islands_[island_of_slot_[slot]]->place_of(number_of_slot_[slot]));
        for (std::size_t island = 0; island < islands_.size(); ++island)
            if (!places[island].empty()) islands_[island]->stimulate({&stimuli[k], std::move(places[island])});
    }
}

void Adaptive::connect(std::size_t island, const Tracts& tracts) {
    Island& to = *islands_[island];
    for (std::size_t number = 0; number < to.slots().size(); ++number) {
        const std::size_t slot = to.slots()[number];
        Island::Heard heard;
        heard.own = tracts.own()[slot];
        for (const Tract& tract : tracts.into(slot, 1, any_delay)) {
            const std::size_t source = island_of_slot_[tract.source];
            Island& from = *islands_[source];
            const double delay = time_of(tract.delay, dt_);
            from.keep_trace();
            to.add_edge(delay);  // the past meets what came after it
            longest_[source] = std::max<std::int64_t>(longest_[source], tract.delay);
            heard.delayed.push_back({&from.trace(), from.place_of(number_of_slot_[tract.source]), delay, tract.weight});
            const auto known = std::ranges::find(sources_[island], source, &Source::island);
            if (known == sources_[island].end())
                sources_[island].push_back({source, delay});
            else
                known->delay = std::min(known->delay, delay);
        }
        for (const Tract& tract : tracts.into(slot, 0, 1))
            heard.instant.push_back({to.place_of(number_of_slot_[tract.source]), tract.weight});
        to.hears(number, std::move(heard));
    }
}

void Adaptive::prime(const InputRows::SentInPast& past, bool constant) {
    std::vector<double> sent(channels_);
    for (std::size_t island = 0; island < islands_.size(); ++island) {
        Island& from = *islands_[island];
        const std::int64_t longest = longest_[island];
        if (longest == 0) continue;
        const auto add = [&](std::int64_t first, std::int64_t count) {
            std::vector<double> samples;
            for (std::int64_t step = first; step < first + count; ++step) {
                const std::size_t begin = samples.size(), places = from.places();
                samples.resize(begin + static_cast<std::size_t>(std::ranges::count(heard_, true)) * places);
                for (std::size_t number = 0; number < from.slots().size(); ++number) {
                    past(from.slots()[number], constant ? 0 : step, sent.data());
                    for (std::size_t c = 0, h = 0; c < channels_; ++c)
                        if (heard_[c]) samples[begin + h++ * places + from.place_of(number)] = sent[c];
                }
            }
            from.trace().add(time_of(first, dt_), time_of(first + count - 1, dt_) - time_of(first, dt_), samples);
        };
        constexpr std::int64_t most = Trace::most_samples - 1;  // steps in a piece
        if (constant) {
            add(-longest, 1);
        } else if (longest < most) {
            add(-longest, longest + 1);
        } else {
            // Of full degree each; the oldest piece overlaps the next one, so that no older past is asked for.
            if (longest % most != 0) add(-longest, most + 1);
            for (std::int64_t first = -(longest / most) * most; first < 0; first += most) add(first, most + 1);
        }
    }
}

double Adaptive::horizon(std::size_t island) const {
    double until = inf;
    for (const Source& source : sources_[island]) until = std::min(until, islands_[source.island]->time() + source.delay);
    return until;
}

void Adaptive::reach(std::int64_t step, Blocks& blocks) {
    const double time = time_of(step, dt_);
    const auto furthest_behind = [&] { return std::ranges::min_element(islands_, {}, [](const auto& island) { return island->time(); }); };
    for (auto next = furthest_behind(); (*next)->time() < time; next = furthest_behind())
        (*next)->advance(horizon(static_cast<std::size_t>(next - islands_.begin())));
    for (const auto& island : islands_) island->state_at(time, blocks);
    if (step % static_cast<std::int64_t>(block_steps) != 0) return;
    for (std::size_t island = 0; island < islands_.size(); ++island)
        islands_[island]->trace().forget_before(time - time_of(longest_[island], dt_));
}

std::int64_t Adaptive::evaluations() const {
    std::int64_t sum = 0;
    for (const auto& island : islands_) sum += island->evaluations();
    return sum;
}

}  // namespace kation
