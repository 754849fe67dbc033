#pragma once

#include <kation/scan/journal.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// Everything in the journals of a campaign's folder. Of a trial only its place is kept in memory: 8 bytes.
class Records {
  public:
    /// InputError if journals belong to different campaigns, or say different things of a trial; a trial that several say the same of
    /// (a shard that was run twice) is as good as once.
    explicit Records(const std::filesystem::path& folder);

    [[nodiscard]] const std::vector<JournalContent>& journals() const { return journals_; }
    [[nodiscard]] bool none() const { return done_ == 0; }
    /// Of the campaign; there is one if there is a trial.
    [[nodiscard]] const CampaignIdentity& identity() const { return identity_; }
    [[nodiscard]] std::size_t done() const { return done_; }
    [[nodiscard]] std::size_t without_result() const { return without_result_; }
    [[nodiscard]] bool any_control() const { return any_control_; }
    [[nodiscard]] bool has(std::size_t trial) const { return trial < places_.size() && places_[trial].journal != 0; }
    [[nodiscard]] TrialRow row(std::size_t trial) const;
    /// The trials of a shard that are not there, in rising order, at most so many.
    [[nodiscard]] std::vector<std::size_t> missing(Shard shard, std::size_t most) const;

  private:
    struct Place {
        std::uint64_t journal : 20 = 0;  ///< counted from 1; 0: not there
        std::uint64_t offset : 44 = 0;
    };
    void join(const JournalContent& content);
    void add(const TrialRow& row, std::uint64_t offset, const std::filesystem::path& file);

    std::vector<JournalContent> journals_;
    std::vector<std::filesystem::path> files_;
    mutable std::map<std::size_t, std::ifstream> streams_;  ///< by journal
    CampaignIdentity identity_;
    std::vector<Place> places_;
    std::size_t done_ = 0, without_result_ = 0;
    bool any_control_ = false;
};

/// What was put together of a campaign.
struct ScanTable {
    std::filesystem::path file;
    std::size_t trials, done, without_result, keys;
    std::filesystem::path earlier;  ///< where another campaign's table, which was there before, lies now; empty if there was none
    [[nodiscard]] bool whole() const { return done == trials; }
};

/// Writes DIR/trials.csv and DIR/manifest.json and, when both are safe on the disk, removes the journals. Where trials are missing it
/// writes DIR/trials.csv.partial, and leaves all else. OutputError if it cannot.
ScanTable write_table(const std::filesystem::path& folder, const Records& records);

/// The campaign whose table is whole in this folder; nothing if there is none.
std::optional<CampaignIdentity> finished_campaign(const std::filesystem::path& folder);

/// Where the trials of a campaign, or of a shard of it, are noted as they end, so that none has to be run twice.
class Store {
  public:
    /// Finds out what is there. Without `resume` the shard must not have been begun. ConfigurationError if there is unfinished work, or
    /// work of another campaign: it says which key changed. OutputError if it cannot be written or another process is at work on it.
    Store(const std::filesystem::path& folder, Shard shard, const CampaignIdentity& identity, bool resume);

    /// The table is there already, whole.
    [[nodiscard]] bool finished() const { return finished_; }
    /// Of each trial of the whole campaign: is it done?
    [[nodiscard]] const std::vector<bool>& done() const { return done_; }
    /// Where an earlier campaign's results were moved to, since trials of this one would overwrite theirs; empty if there were none.
    [[nodiscard]] const std::filesystem::path& earlier() const { return earlier_; }
    /// Notes a trial. OutputError if that cannot be written: those before it are safe.
    void add(const TrialRow& row) { journal_.append(line_of(row)); }
    /// Waits until all that was noted is on the disk.
    void sync() { journal_.sync(); }

  private:
    static void refuse_what_differs(const std::filesystem::path& folder, const Records& records, const CampaignIdentity& identity,
                                    bool resume);
    static void refuse_unfinished(const std::filesystem::path& folder, const Records& records, Shard shard);

    Journal journal_;
    std::vector<bool> done_;
    bool finished_ = false;
    std::filesystem::path earlier_;
};

}  // namespace kation
