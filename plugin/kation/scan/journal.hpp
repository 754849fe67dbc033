#pragma once

#include <kation/scan/identity.hpp>
#include <kation/scan/shard.hpp>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace kation {

/// A finished trial as it will stand in the table.
struct TrialRow {
    std::size_t trial = 0;
    std::string cells;    ///< trial, swept values and measures, with commas between them
    std::string control;  ///< the control's measures; empty if there was none
    std::string status;
    std::string message;
    friend bool operator==(const TrialRow&, const TrialRow&) = default;
};

/// A row as a line of a journal: fields between tabs, the first one a checksum of the rest; it ends with the line's only '\n'.
std::string line_of(const TrialRow& row);
/// @param line  without its '\n'; nothing if it is no row or was damaged
std::optional<TrialRow> row_from(const std::string& line);

/// An open file.
class FileHandle {
  public:
    FileHandle() = default;
    explicit FileHandle(int number) : number_(number) {}
    FileHandle(FileHandle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileHandle& operator=(FileHandle&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~FileHandle();
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// The file in which one process notes the trials of a shard as they end: DIR/journal/2-of-8.journal. Its first line is the campaign's
/// identity. Whole lines are appended, each by one write, so that nothing that was noted is lost if the process is killed; they are forced
/// to the disk at once, but no more often than every 0.1 s, since that takes milliseconds: after a loss of power the last of them may lack.
class Journal {
  public:
    /// Opens it and keeps every other process from it, until this one ends. OutputError if it cannot be written or another process has it.
    Journal(const std::filesystem::path& folder, Shard shard);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// Makes it ready: what stands behind the first `whole` bytes was torn by a crash and is cut off; an empty one gets its first line.
    void begin(std::uint64_t whole, const CampaignIdentity& identity);
    void append(const std::string& line);
    /// Waits until everything is on the disk.
    void sync();

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  private:
    [[noreturn]] void fail(int reason) const;
    void sync_now_and_then();

    std::filesystem::path file_;
    FileHandle handle_;
    std::uint64_t bytes_ = 0;
    std::mutex mutex_;
    std::condition_variable change_;
    bool unsynced_ = false, ending_ = false;
    int sync_problem_ = 0;  ///< errno
    std::thread syncer_;
};

/// What can be read in a journal, also while another process appends to it.
struct JournalContent {
    std::filesystem::path file;
    Shard shard{};
    CampaignIdentity identity{};
    std::uint64_t whole = 0;  ///< bytes up to the end of the last line that is whole
    bool begun = false;       ///< there is a first line
    std::size_t trials = 0;   ///< rows
};

/// Reads a journal; `row` gets every row with the place in the file at which its line begins. Damaged lines are passed over: their trials
/// are missing. InputError if there are rows but no identity.
JournalContent read_journal(const std::filesystem::path& file,
                            const std::function<void(const TrialRow&, std::uint64_t place, const JournalContent&)>& row);

/// The journals in DIR, in the order of their names.
std::vector<std::filesystem::path> journals_in(const std::filesystem::path& folder);

/// True while a process has the journal open for writing.
bool in_use(const std::filesystem::path& journal);

/// Removes a journal, and the folder with the last one, unless a process is at work on it.
void remove_unused(const std::filesystem::path& journal);

}  // namespace kation
