#include <kation/simulator/recent_sums.hpp>

namespace kation {

RecentSums::RecentSums(const Tracts& tracts, const Blocks& blocks, std::int64_t least, std::int64_t below, Coupling::History history)
    : history_(history) {
    if (blocks.members() > 1)
        tracts_ = LaneTracts(tracts, blocks, least, below);
    else
        tracts_ = tracts.listeners(least, below);
}

void RecentSums::add(const Part& part, const ConstRowRing& sent, std::int64_t step, double* sums) const {
    if (const auto* lane_tracts = std::get_if<LaneTracts>(&tracts_)) {
        if (!lane_tracts->listeners().empty())
            run_loop<LaneStepSum>(lane_tracts->listeners(), lane_tracts->weights(), sent, step, sums, part.begin, part.end);
        return;
    }
    const std::span<const Listener> listeners(std::get<std::vector<Listener>>(tracts_));
    if (listeners.empty()) return;
    if (history_ == Coupling::History::float32)
        run_loop<StepSum<float>>(listeners, sent, step, sums, part.begin, part.end);
    else
        run_loop<StepSum<double>>(listeners, sent, step, sums, part.begin, part.end);
}

}  // namespace kation
