#include <kation/scan/journal.hpp>
#include <kation/support/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fstream>
#include <system_error>
#include <utility>

namespace kation {
namespace {
namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_syncs{100};
constexpr std::string_view ending = ".journal";

std::string checked(const std::string& fields) {
    boost::crc_32_type checksum;
    checksum.process_bytes(fields.data(), fields.size());
    return fmt::format("{:08x}\t{}\n", checksum.checksum(), fields);
}

/// What stands behind the checksum of a line; nothing if it does not fit.
std::optional<std::string> fields_of(const std::string& line) {
    if (line.size() < 9 || line[8] != '\t') return std::nullopt;
    std::string fields = line.substr(9);
    if (checked(fields).compare(0, 8, line, 0, 8) != 0) return std::nullopt;
    return fields;
}

constexpr std::array<std::pair<char, char>, 3> escapes{{{'\\', '\\'}, {'\n', 'n'}, {'\t', 't'}}};

std::string escaped(const std::string& text) {
    std::string line;
    for (const char c : text) {
        const auto* escape = std::ranges::find(escapes, c, &std::pair<char, char>::first);
        if (escape == escapes.end())
            line += c;
        else
            line += {'\\', escape->second};
    }
    return line;
}

/// The fields between tabs, as they were before `escaped`.
std::vector<std::string> separated(const std::string& line) {
    std::vector<std::string> fields(1);
    for (std::size_t k = 0; k < line.size(); ++k) {
        if (line[k] == '\t')
            fields.emplace_back();
        else if (line[k] == '\\' && k + 1 < line.size())
            fields.back() += std::ranges::find(escapes, line[++k], &std::pair<char, char>::second)->first;
        else
            fields.back() += line[k];
    }
    return fields;
}

std::string reason_text(int reason) { return std::generic_category().message(reason); }

fs::path folder_of_journals(const fs::path& folder) { return folder / "journal"; }

/// "2-of-8.journal"
std::string name_of(Shard shard) { return fmt::format("{}-of-{}{}", shard.number, shard.of, ending); }

std::optional<Shard> shard_of(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::size_t middle = name.find("-of-");
    if (!name.ends_with(ending) || middle == std::string::npos) return std::nullopt;
    try {
        return Shard::from(name.substr(0, middle) + '/' + name.substr(middle + 4, name.size() - ending.size() - middle - 4));
    } catch (const ConfigurationError&) {
        return std::nullopt;
    }
}

/// Opens a journal and locks it. A file system without locks (some clusters have such) is trusted to have one writer.
FileHandle locked(const fs::path& file, Shard shard) {
    while (true) {
        FileHandle handle(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
        if (!handle.open()) throw OutputError(fmt::format("cannot write {}: {}", file.string(), reason_text(errno)));
        if (flock(handle.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            throw OutputError(fmt::format("cannot write {}: another process is at work on {} of this campaign; wait for it, or end it",
                                          file.string(), shard.everything() ? "all" : fmt::format("shard {}", shard.text())));
        struct stat status = {};
        if (fstat(handle.number(), &status) == 0 && status.st_nlink > 0) return handle;
        // It was removed between opening and locking, by a process that put the table together.
    }
}

}  // namespace

FileHandle::~FileHandle() {
    if (number_ >= 0) close(number_);
}

std::string line_of(const TrialRow& row) {
    return checked(
        fmt::format("{}\t{}\t{}\t{}\t{}", row.trial, escaped(row.cells), escaped(row.control), escaped(row.status), escaped(row.message)));
}

std::optional<TrialRow> row_from(const std::string& line) {
    const auto whole = fields_of(line);
    if (!whole) return std::nullopt;
    const auto fields = separated(*whole);
    TrialRow row;
    if (fields.size() != 5 || std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), row.trial).ec != std::errc{})
        return std::nullopt;
    row.cells = fields[1];
    row.control = fields[2];
    row.status = fields[3];
    row.message = fields[4];
    return row;
}

Journal::Journal(const fs::path& folder, Shard shard) : file_(folder_of_journals(folder) / name_of(shard)) {
    std::error_code problem;
    fs::create_directories(file_.parent_path(), problem);
    if (problem) throw OutputError(fmt::format("cannot write {}: {}", file_.string(), problem.message()));
    handle_ = locked(file_, shard);
    bytes_ = fs::file_size(file_);
}

Journal::~Journal() {
    if (syncer_.joinable()) {
        {
            const std::scoped_lock lock(mutex_);
            ending_ = true;
        }
        change_.notify_all();
        syncer_.join();
    }
    handle_ = FileHandle();
    if (bytes_ == 0) remove_unused(file_);
}

void Journal::fail(int reason) const {
    throw OutputError(fmt::format(
        "cannot write {}: {}; the trials that are done are kept in it, and --resume goes on with the rest once it can be written",
        file_.string(), reason_text(reason)));
}

void Journal::begin(std::uint64_t whole, const CampaignIdentity& identity) {
    if (ftruncate(handle_.number(), static_cast<off_t>(whole)) != 0) fail(errno);
    bytes_ = whole;
    if (bytes_ == 0) append(checked(escaped(text_of(identity))));
    if (fdatasync(handle_.number()) != 0) fail(errno);
    const FileHandle folder(::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    fsync(folder.number());  // the file's name; file systems that cannot do this keep it anyway
    unsynced_ = false;
    syncer_ = std::thread([this] { sync_now_and_then(); });
}

void Journal::append(const std::string& line) {
    std::size_t written = 0;
    while (written < line.size()) {
        const ssize_t count = write(handle_.number(), line.data() + written, line.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            const int reason = errno;
            // Half a line would be passed over by its checksum, but needs room that a full disk lacks.
            static_cast<void>(ftruncate(handle_.number(), static_cast<off_t>(bytes_)) == 0);
            fail(reason);
        }
        written += static_cast<std::size_t>(count);
    }
    bytes_ += line.size();
    const std::scoped_lock lock(mutex_);
    if (sync_problem_ != 0) fail(sync_problem_);
    unsynced_ = true;
    change_.notify_all();
}

void Journal::sync_now_and_then() {
    std::unique_lock lock(mutex_);
    while (true) {
        change_.wait(lock, [&] { return unsynced_ || ending_; });
        if (!unsynced_) return;
        unsynced_ = false;
        lock.unlock();
        const int reason = fdatasync(handle_.number()) == 0 ? 0 : errno;
        lock.lock();
        if (reason != 0) sync_problem_ = reason;
        change_.wait_for(lock, between_syncs, [&] { return ending_; });
    }
}

void Journal::sync() {
    if (fdatasync(handle_.number()) != 0) fail(errno);
    const std::scoped_lock lock(mutex_);
    if (sync_problem_ != 0) fail(sync_problem_);
}

JournalContent read_journal(const fs::path& file,
                            const std::function<void(const TrialRow&, std::uint64_t place, const JournalContent&)>& row) {
    JournalContent content{.file = file, .shard = shard_of(file).value_or(Shard{})};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw InputError(fmt::format("{}: cannot be read", file.string()));
    std::uint64_t place = 0;
    for (std::string line; std::getline(stream, line) && !stream.eof();
         place += line.size() + 1) {  // a line that ends with the file is torn
        if (place == 0) {
            const auto fields = fields_of(line);
            if (!fields) continue;
            try {
                content.identity = identity_from(separated(*fields).front());
            } catch (const InputError& problem) {
                throw InputError(fmt::format("{}: {}", file.string(), problem.what()));
            }
            content.begun = true;
        } else if (const auto found = row_from(line)) {
            if (!content.begun)
                throw InputError(fmt::format("{}: its first line is damaged, so that nobody knows what it belongs to", file.string()));
            row(*found, place, content);
            ++content.trials;
        } else {
            continue;
        }
        content.whole = place + line.size() + 1;
    }
    return content;
}

std::vector<fs::path> journals_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder_of_journals(folder), problem))
        if (shard_of(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

bool in_use(const fs::path& journal) {
    const FileHandle handle(::open(journal.c_str(), O_RDONLY | O_CLOEXEC));
    return handle.open() && flock(handle.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void remove_unused(const fs::path& journal) {
    const FileHandle handle(::open(journal.c_str(), O_RDONLY | O_CLOEXEC));
    if (handle.open() && flock(handle.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return;
    std::error_code ignored;
    fs::remove(journal, ignored);
    fs::remove(journal.parent_path(), ignored);  // not if it holds another
}

}  // namespace kation
