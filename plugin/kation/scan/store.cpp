#include <kation/scan/store.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <ostream>
#include <system_error>

namespace kation {
namespace {
namespace fs = std::filesystem;

/// Waits until a file and its name are on the disk.
void make_durable(const fs::path& file) {
    const FileHandle handle(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!handle.open() || fsync(handle.number()) != 0)
        throw OutputError(fmt::format("{}: cannot be written ({})", file.string(), std::generic_category().message(errno)));
    const FileHandle folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.open()) fsync(folder.number());
}

bool same_content(const fs::path& a, const fs::path& b) {
    std::error_code problem;
    if (fs::file_size(a, problem) != fs::file_size(b, problem) || problem) return false;
    std::ifstream in_a(a, std::ios::binary), in_b(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return std::equal(Bytes(in_a), Bytes(), Bytes(in_b), Bytes());
}

/// Files of single trials, whose names say their number only.
std::vector<fs::path> series_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (matches("trial-*.h5", entry.path().filename().string())) files.push_back(entry.path());
    return files;
}

/// Moves an earlier campaign's results into a folder of their own, DIR/earlier-1 or the next that is free.
fs::path put_aside(const fs::path& folder, std::vector<fs::path> files = {}) {
    fs::path earlier;
    for (int number = 1; earlier.empty() || fs::exists(earlier); ++number) earlier = folder / fmt::format("earlier-{}", number);
    std::error_code problem;
    fs::create_directory(earlier, problem);
    for (const char* name : {"trials.csv", "manifest.json", "scan.png"})
        if (fs::exists(folder / name)) files.push_back(folder / name);
    for (const fs::path& file : files) {
        if (!problem) fs::rename(file, earlier / file.filename(), problem);
        if (problem == std::errc::no_such_file_or_directory) problem.clear();  // another shard was quicker
    }
    if (problem) throw OutputError(fmt::format("cannot put the earlier campaign into {}: {}", earlier.string(), problem.message()));
    return earlier;
}

void print_head(const CampaignIdentity& identity, bool controls, std::ostream& out) {
    std::string head;
    for (const std::string& column : identity.columns) head += csv_cell(column) + ',';
    for (const std::string& column : identity.measures) head += csv_cell(column) + ',';
    if (controls)
        for (const std::string& column : identity.measures) head += csv_cell("control." + column) + ',';
    out << head << "status,message\n";
}

void print_row(const TrialRow& row, const CampaignIdentity& identity, bool controls, std::ostream& out) {
    out << row.cells;
    if (controls && !row.control.empty()) out << ',' << row.control;
    if (controls && row.control.empty())
        for (std::size_t k = 0; k < identity.measures.size(); ++k) out << ",nan";
    out << ',' << row.status << ',' << csv_cell(row.message) << '\n';
}

void print_table(const Records& records, std::ostream& out) {
    print_head(records.identity(), records.any_control(), out);
    for (std::size_t trial = 0; trial < records.identity().trials; ++trial)
        if (records.has(trial)) print_row(records.row(trial), records.identity(), records.any_control(), out);
}

void write_manifest(const fs::path& file, const Records& records) {
    const CampaignIdentity& identity = records.identity();
    const nlohmann::ordered_json manifest{{"version", KATION_VERSION},
                                          {"keys", identity.keys},
                                          {"columns", identity.columns},
                                          {"measures", identity.measures},
                                          {"trials", identity.trials},
                                          {"finished", records.done()},
                                          {"without_result", records.without_result()},
                                          {"seed", identity.seed},
                                          {"configuration", identity.configuration},
                                          {"settings", identity.settings}};
    write_text_file(
        file, [&](std::ostream& out) { out << manifest.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n'; });
}

}  // namespace

// ---- what is there --------------------------------------------------------------------------------------------------------------

Records::Records(const fs::path& folder) {
    files_ = journals_in(folder);
    for (const fs::path& file : files_) {
        bool known = false;
        journals_.push_back(read_journal(file, [&](const TrialRow& row, std::uint64_t offset, const JournalContent& content) {
            if (!std::exchange(known, true)) join(content);
            add(row, offset, content.file);
        }));
    }
}

/// The first journal with a trial says which campaign it is, the others have to agree.
void Records::join(const JournalContent& content) {
    if (none()) {
        identity_ = content.identity;
        places_.resize(identity_.trials);
        return;
    }
    const std::string change = difference(identity_, content.identity);
    if (!change.empty())
        throw InputError(fmt::format("{} is of another campaign than the journals beside it: {}", content.file.string(), change));
}

void Records::add(const TrialRow& row, std::uint64_t offset, const fs::path& file) {
    if (row.trial >= places_.size())
        throw InputError(fmt::format("{}: holds trial {}, but the campaign has {}", file.string(), row.trial, places_.size()));
    if (has(row.trial)) {
        if (this->row(row.trial) == row) return;
        throw InputError(fmt::format("trial {} was run twice with different results, in {} and in {}", row.trial,
                                     files_[places_[row.trial].journal - 1].string(), file.string()));
    }
    places_[row.trial].journal = (journals_.size() + 1) & 0xfffff;  // the one that is being read
    places_[row.trial].offset = offset & 0xfffffffffff;
    ++done_;
    without_result_ += row.status == "ok" ? 0 : 1;
    any_control_ = any_control_ || !row.control.empty();
}

TrialRow Records::row(std::size_t trial) const {
    constexpr std::size_t most_open = 256;  // of the files that a process may have open, often 1024
    const Place place = places_[trial];
    if (streams_.size() >= most_open && !streams_.contains(place.journal)) streams_.clear();
    std::ifstream& stream = streams_[place.journal];
    if (!stream.is_open()) stream.open(files_[place.journal - 1], std::ios::binary);
    std::string line;
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(place.offset));
    std::getline(stream, line);
    if (auto row = row_from(line)) return *std::move(row);
    throw InputError(fmt::format("{}: trial {} cannot be read any more", files_[place.journal - 1].string(), trial));
}

std::vector<std::size_t> Records::missing(Shard shard, std::size_t most) const {
    std::vector<std::size_t> trials;
    for (std::size_t trial = shard.number - 1; trial < identity_.trials && trials.size() < most; trial += shard.of)
        if (!has(trial)) trials.push_back(trial);
    return trials;
}

// ---- the table ------------------------------------------------------------------------------------------------------------------

ScanTable write_table(const fs::path& folder, const Records& records) {
    ScanTable table{folder / "trials.csv",    records.identity().trials,      records.done(),
                    records.without_result(), records.identity().keys.size(), {}};
    if (!table.whole()) {
        table.file += ".partial";
        write_text_file(table.file, [&](std::ostream& out) { print_table(records, out); });
        return table;
    }
    Draft draft(table.file);
    std::ofstream stream(draft.path(), std::ios::binary);
    print_table(records, stream);
    stream.close();
    if (!stream) throw OutputError(fmt::format("{}: cannot be written (is the disk full?)", table.file.string()));
    if (fs::exists(table.file) && !same_content(draft.path(), table.file)) table.earlier = put_aside(folder);
    draft.keep();
    make_durable(table.file);
    write_manifest(folder / "manifest.json", records);
    make_durable(folder / "manifest.json");
    std::error_code ignored;
    fs::remove(folder / "trials.csv.partial", ignored);
    for (const JournalContent& journal : records.journals()) remove_unused(journal.file);
    return table;
}

std::optional<CampaignIdentity> finished_campaign(const fs::path& folder) {
    if (!fs::exists(folder / "trials.csv")) return std::nullopt;
    std::ifstream stream(folder / "manifest.json", std::ios::binary);
    try {
        return identity_from({std::istreambuf_iterator<char>(stream), {}});
    } catch (const InputError&) {
        return std::nullopt;  // of an earlier version, or none
    }
}

// ---- what is added --------------------------------------------------------------------------------------------------------------

Store::Store(const fs::path& folder, Shard shard, const CampaignIdentity& identity, bool resume) : journal_(folder, shard) {
    const Records records(folder);
    done_.resize(identity.trials);
    if (records.none()) {
        const auto finished = finished_campaign(folder);
        const std::string change = finished ? difference(*finished, identity) : "";
        if (resume && !change.empty())
            throw ConfigurationError(fmt::format("cannot go on with the campaign in {}: {}; it is finished, choose another folder with -o",
                                                 folder.string(), change));
        finished_ = finished && change.empty();
        if (finished_) {
            done_.flip();
            return;
        }
        if (const auto series = series_in(folder); !change.empty() && !series.empty()) earlier_ = put_aside(folder, series);
    } else {
        refuse_what_differs(folder, records, identity, resume);
        for (std::size_t trial = 0; trial < identity.trials; ++trial) done_[trial] = records.has(trial);
        if (!resume) refuse_unfinished(folder, records, shard);
    }
    const auto own = std::ranges::find(records.journals(), journal_.file(), &JournalContent::file);
    const bool goes_on = own != records.journals().end() && own->begun && difference(own->identity, identity).empty();
    journal_.begin(goes_on ? own->whole : 0, identity);
}

void Store::refuse_what_differs(const fs::path& folder, const Records& records, const CampaignIdentity& identity, bool resume) {
    const std::string change = difference(records.identity(), identity);
    if (change.empty()) return;
    if (resume)
        throw ConfigurationError(fmt::format("cannot go on with the campaign in {}: {}; set it back, or choose another folder with -o",
                                             folder.string(), change));
    throw ConfigurationError(
        fmt::format("{} holds {} of {} trials of an unfinished campaign, in which {}; choose another folder with -o, or remove {} first",
                    folder.string(), records.done(), records.identity().trials, change, (folder / "journal").string()));
}

/// Shards of the same campaign may start one after the other; what one of them has begun is only gone on with if that is wanted.
void Store::refuse_unfinished(const fs::path& folder, const Records& records, Shard shard) {
    if (records.missing(shard, 1).empty()) return;
    const bool others = std::ranges::all_of(records.journals(), [&](const JournalContent& journal) {
        return journal.trials == 0 || (journal.shard.of == shard.of && journal.shard != shard);
    });
    if (others) return;
    throw ConfigurationError(
        fmt::format("{} holds {} of {} trials of this campaign: --resume goes on with the rest, or choose another folder with -o",
                    folder.string(), records.done(), records.identity().trials));
}

}  // namespace kation
