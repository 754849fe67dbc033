#include <kation/scan/schedule.hpp>

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace kation {

Schedule::Schedule(Shard shard, std::vector<bool> done, std::size_t workers, bool side_by_side)
    : shard_(shard), done_(std::move(done)), shares_(side_by_side ? workers : 4 * workers), at_(shard.number - 1) {
    for (std::size_t trial = at_; trial < done_.size(); trial += shard_.of) trials_ += done_[trial] ? 0 : 1;
}

std::vector<std::size_t> Schedule::next() {
    const std::scoped_lock lock(mutex_);
    const std::size_t count = std::clamp<std::size_t>((trials_ - given_) / shares_, 1, most_at_once);
    std::vector<std::size_t> batch;
    for (; at_ < done_.size() && batch.size() < count; at_ += shard_.of)
        if (!done_[at_]) batch.push_back(at_);
    given_ += batch.size();
    return batch;
}

void run_on_threads(const Campaign& campaign, std::size_t threads, const TrialWork& work) {
    std::atomic<bool> stopped{false};
    std::exception_ptr problem;
    const auto stop = [&] { return stopped || work.stop(); };
#pragma omp parallel num_threads(static_cast<int>(threads))
    {
        const auto thread = static_cast<std::size_t>(omp_get_thread_num());
        try {
            while (!stop()) {
                const auto batch = work.next(thread);
                if (batch.empty() || !campaign.run(batch, stop, [&](TrialRow row) { work.take(thread, std::move(row)); })) break;
            }
        } catch (...) {
            stopped = true;
#pragma omp critical(kation_first_problem)
            if (!problem) problem = std::current_exception();
        }
    }
    if (problem) std::rethrow_exception(problem);
}

void run_alone(const Campaign& campaign, Shard shard, const std::vector<bool>& done, std::size_t threads, const std::function<bool()>& stop,
               const TakeRow& take) {
    Schedule schedule(shard, done, threads, campaign.side_by_side());
    std::mutex taking;
    run_on_threads(campaign, threads,
                   {.next = [&](std::size_t) { return schedule.next(); },
                    .stop = stop,
                    .take =
                        [&](std::size_t, TrialRow row) {
                            const std::scoped_lock lock(taking);
                            take(std::move(row));
                        }});
}

std::size_t team_size(int threads_asked, std::size_t trials) {
    const auto wanted = static_cast<std::size_t>(threads_asked > 0 ? threads_asked : omp_get_max_threads());
    return std::max<std::size_t>(1, std::min(wanted, trials));
}

}  // namespace kation
