#pragma once

#include <kation/scan/campaign.hpp>
#include <kation/scan/shard.hpp>

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace kation {

/// Hands out the trials that are left to whoever has nothing to do: threads, and ranks through one of them. Trials differ in length, so
/// they are given a few at a time, and one by one near the end. Any thread may ask.
class Schedule {
  public:
    static constexpr std::size_t most_at_once = 8;

    /// @param done     of each trial of the campaign: not needed any more
    /// @param workers  that will ask
    /// @param side_by_side  trials are run together, so that few at a time would be a waste
    Schedule(Shard shard, std::vector<bool> done, std::size_t workers, bool side_by_side);

    /// The next trials, in rising order; none when all are given out.
    std::vector<std::size_t> next();
    /// Trials of the shard that were not done.
    [[nodiscard]] std::size_t trials() const { return trials_; }

  private:
    Shard shard_;
    std::vector<bool> done_;
    std::size_t shares_, trials_ = 0, given_ = 0, at_;
    std::mutex mutex_;
};

/// What threads need to work on a campaign.
struct TrialWork {
    std::function<std::vector<std::size_t>(std::size_t thread)> next;  ///< called by that thread
    std::function<bool()> stop;                                        ///< called often, by every thread
    std::function<void(std::size_t thread, TrialRow)> take;            ///< called by that thread
};

/// Runs trials with so many threads until `next` has none or `stop` is true. What `next` or `take` throws stops all of them, and is thrown
/// when they have ended.
void run_on_threads(const Campaign& campaign, std::size_t threads, const TrialWork& work);

/// Runs the trials of a shard that are not done, with so many threads of this process. `take` is called by one thread at a time.
void run_alone(const Campaign& campaign, Shard shard, const std::vector<bool>& done, std::size_t threads, const std::function<bool()>& stop,
               const TakeRow& take);

/// As many threads as asked for, else as OpenMP offers; no more than there are trials.
std::size_t team_size(int threads_asked, std::size_t trials);

}  // namespace kation
