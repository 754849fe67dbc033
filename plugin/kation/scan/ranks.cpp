#include <kation/scan/ranks.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <new>
#include <sstream>
#include <thread>

namespace kation {
namespace {

/// What letters are about.
enum Topic : int {
    hello,        ///< to rank 0, once: the number of threads, and the settings of the campaign
    finished,     ///< to rank 0: the row of a trial
    left,         ///< to rank 0, from each thread at its end: "" if all is well, or an exit code and what is to be said
    enough,       ///< to the others, once: begin nothing more, and stop what is running
    first_thread  ///< and above: a thread asks for trials, rank 0 answers under the same number
};

/// True if this process is one of several, or may be: some launchers do not say how many there are.
bool started_as_rank() {
    for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
        if (const char* size = std::getenv(name)) return number_from(size).value_or(1) > 1;
    return std::getenv("PMIX_RANK") != nullptr;
}

std::string text_of_batch(const std::vector<std::size_t>& batch) { return fmt::format("{}", fmt::join(batch, " ")); }

std::vector<std::size_t> batch_from(const std::string& text) {
    std::istringstream words(text);
    return {std::istream_iterator<std::size_t>(words), {}};
}

std::string text_of_problem(ExitCode code, const std::string& sentence) { return fmt::format("{} {}", static_cast<int>(code), sentence); }

/// An interruption carries no sentence: rank 0 knows better how far the campaign is, and stops as if it had been interrupted itself.
std::exception_ptr problem_from(const std::string& text) {
    const std::size_t space = text.find(' ');
    const auto code = static_cast<ExitCode>(static_cast<int>(number_from(text.substr(0, space)).value_or(0)));
    return code == ExitCode::interrupted ? nullptr : std::make_exception_ptr(Error(code, text.substr(space + 1)));
}

/// Looks after the other ranks while the threads of rank 0 are at work.
class Leader {
  public:
    Leader(Ranks& ranks, const std::function<bool()>& stop, const TakeRow& take) : ranks_(&ranks), stop_(&stop), take_(&take) {}

    /// @returns the number of their threads
    std::size_t greet(const CampaignIdentity& identity) {
        std::string change;
        for (int rank = 1; rank < ranks_->size(); ++rank) {
            const std::string text = ranks_->receive(rank, hello);
            const std::size_t space = text.find(' ');
            others_ += static_cast<std::size_t>(number_from(text.substr(0, space)).value_or(0));
            if (change.empty()) change = difference(identity, identity_from(text.substr(space + 1)));
        }
        if (!change.empty())
            fail(std::make_exception_ptr(
                ConfigurationError(fmt::format("the ranks do not read the same campaign: between rank 0 and another, {}", change))));
        return others_;
    }

    /// Answers until all threads of other ranks have left.
    void serve(Schedule& schedule) {
        using namespace std::chrono_literals;
        for (auto pause = 20us; others_ > 0; pause = std::min<std::chrono::microseconds>(2 * pause, 1ms)) {
            if (stopped()) say_enough();
            if (answer(schedule))
                pause = 10us;
            else
                std::this_thread::sleep_for(pause);
        }
        say_enough();  // each of them waits for it once
    }

    bool stopped() { return stopped_ || (stopped_ = (*stop_)()); }
    /// Also what ends after something went wrong elsewhere is taken, unless that is what went wrong.
    void take(TrialRow row) {
        const std::scoped_lock lock(taking_);
        if (cannot_take_) return;
        cannot_take_ = true;
        (*take_)(std::move(row));
        cannot_take_ = false;
    }
    void fail(std::exception_ptr problem) {
        const std::scoped_lock lock(mutex_);
        if (!problem_) problem_ = std::move(problem);
        stopped_ = true;
    }
    void rethrow() const {
        if (problem_) std::rethrow_exception(problem_);
    }

  private:
    bool answer(Schedule& schedule) {
        const auto letter = ranks_->poll();
        if (!letter) return false;
        if (letter->topic >= first_thread) {
            ranks_->send(letter->from, letter->topic, text_of_batch(stopped() ? std::vector<std::size_t>{} : schedule.next()));
        } else if (letter->topic == left) {
            --others_;
            if (!letter->text.empty()) fail(problem_from(letter->text));
        } else if (auto row = row_from(letter->text)) {
            try {
                take(*std::move(row));
            } catch (...) {
                fail(std::current_exception());
            }
        }
        return true;
    }

    void say_enough() {
        if (std::exchange(said_enough_, true)) return;
        for (int rank = 1; rank < ranks_->size(); ++rank) ranks_->send(rank, enough, "");
    }

    Ranks* ranks_;
    const std::function<bool()>* stop_;
    const TakeRow* take_;
    std::size_t others_ = 0;
    std::atomic<bool> stopped_{false};
    bool said_enough_ = false, cannot_take_ = false;
    std::mutex mutex_, taking_;
    std::exception_ptr problem_;
};

}  // namespace

std::unique_ptr<Ranks> ranks_of_this_program() {
    if (!started_as_rank()) return nullptr;
    static boost::dll::shared_library library;  // stays loaded until the program ends
    const auto folder = boost::dll::this_line_location().parent_path();
    boost::dll::fs::error_code problem;
    for (const auto& place : {folder, folder / ".." / KATION_LIBRARY_FOLDER})
        if (!library.is_loaded()) library.load(place / "libkation_ranks.so", problem);
    if (!library.is_loaded()) {
        if (std::getenv("PMIX_RANK") != nullptr && std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) return nullptr;
        throw ConfigurationError(
            "this process is one of several that mpirun started, but this build has no MPI: `cmake/packages mpi` installs it, then build "
            "again; or use --shard I/N");
    }
    std::unique_ptr<Ranks> ranks(library.get<Ranks*()>("kation_open_ranks")());
    if (ranks->size() == 1) return nullptr;
    return ranks;
}

void lead(Ranks& ranks, const Campaign& campaign, const CampaignIdentity& identity, Shard shard, const std::vector<bool>& done,
          std::size_t threads, const std::function<bool()>& stop, const TakeRow& take) {
    Leader leader(ranks, stop, take);
    const std::size_t others = leader.greet(identity);
    Schedule schedule(shard, done, threads + others, campaign.side_by_side());
    std::thread own([&] {
        try {
            run_on_threads(campaign, threads,
                           {.next = [&](std::size_t) { return schedule.next(); },
                            .stop = [&] { return leader.stopped(); },
                            .take = [&](std::size_t, TrialRow row) { leader.take(std::move(row)); }});
        } catch (...) {
            leader.fail(std::current_exception());
        }
    });
    leader.serve(schedule);
    own.join();
    leader.rethrow();
}

void follow(Ranks& ranks, const Campaign& campaign, const CampaignIdentity& identity, std::size_t threads,
            const std::function<bool()>& stop) {
    if (!ranks.threads_may_talk()) threads = 1;
    ranks.send(0, hello, fmt::format("{} {}", threads, text_of(identity)));
    std::atomic<bool> told{false}, asked_from_outside{false};
    const auto has_to_stop = [&] {
        if (told || asked_from_outside) return true;
        if (stop()) asked_from_outside = true;
        thread_local auto next_look = std::chrono::steady_clock::now();
        if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {  // the question goes through MPI
            next_look = now + std::chrono::milliseconds(20);
            if (ranks.has_come(0, enough)) told = true;
        }
        return told || asked_from_outside;
    };
    const TrialWork work{.next =
                             [&](std::size_t thread) {
                                 const int topic = first_thread + static_cast<int>(thread);
                                 ranks.send(0, topic, "");
                                 return batch_from(ranks.receive(0, topic));
                             },
                         .stop = has_to_stop,
                         .take =
                             [&](std::size_t, const TrialRow& row) {
                                 std::string line = line_of(row);
                                 line.pop_back();
                                 ranks.send(0, finished, line);
                             }};
    std::string problem;
    try {
        run_on_threads(campaign, threads, work);
        if (asked_from_outside) problem = text_of_problem(ExitCode::interrupted, "");
    } catch (const Error& error) {
        problem = text_of_problem(error.code(), error.what());
    } catch (const std::bad_alloc&) {
        problem = text_of_problem(ExitCode::configuration, fmt::format("rank {} has not enough memory for this", ranks.rank()));
    }
    for (std::size_t thread = 0; thread < threads; ++thread) ranks.send(0, left, problem);
    static_cast<void>(ranks.receive(0, enough));
}

}  // namespace kation
