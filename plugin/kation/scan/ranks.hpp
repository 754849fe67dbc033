#pragma once

#include <kation/scan/schedule.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace kation {

/// The processes that mpirun started together, numbered from 0, and how they talk. What is behind it, MPI, lies in a library of its own
/// that is loaded only where it is needed: the program starts at once without it, and on machines that have none.
class Ranks {
  public:
    struct Letter {
        int from, topic;
        std::string text;
    };

    virtual ~Ranks() = default;
    [[nodiscard]] virtual int rank() const = 0;
    [[nodiscard]] virtual int size() const = 0;
    /// May several threads of a rank send and receive at a time?
    [[nodiscard]] virtual bool threads_may_talk() const = 0;

    virtual void send(int to, int topic, const std::string& text) = 0;
    /// Waits for a letter.
    virtual std::string receive(int from, int topic) = 0;
    /// A letter of any rank and topic, if one has come.
    virtual std::optional<Letter> poll() = 0;
    /// Has a letter come?
    virtual bool has_come(int from, int topic) = 0;
    /// The lowest rank that is not well; the size if all are. Every rank has to ask.
    virtual int first_unwell(bool well) = 0;
};

/// The ranks that this process is one of; null if it was started by itself, or as the only one. ConfigurationError if several were started
/// and this build has no MPI.
std::unique_ptr<Ranks> ranks_of_this_program();

/// Rank 0 of a campaign: gives trials to all ranks' threads, its own included, as they ask for them, and takes their rows. `take` is called
/// by one thread at a time. @returns when all ranks have ended their work. What `take` throws stops all ranks and is thrown then, as
/// ConfigurationError is if a rank has another campaign in mind.
/// @param threads  of this rank
void lead(Ranks& ranks, const Campaign& campaign, const CampaignIdentity& identity, Shard shard, const std::vector<bool>& done,
          std::size_t threads, const std::function<bool()>& stop, const TakeRow& take);

/// Any other rank: asks rank 0 for trials, runs them, and sends it their rows, until there are none left or rank 0 says so.
void follow(Ranks& ranks, const Campaign& campaign, const CampaignIdentity& identity, std::size_t threads,
            const std::function<bool()>& stop);

}  // namespace kation
