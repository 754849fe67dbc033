#include <kation/cli/campaign_summary.hpp>
#include <kation/cli/commands.hpp>
#include <kation/scan/store.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

namespace {

using namespace kation;

struct MergeOptions {
    std::string folder;
    bool quiet = false;
};

/// "3, 7, 11, ..."
std::string some_of(const std::vector<std::size_t>& trials) {
    constexpr std::size_t most = 10;
    const std::vector<std::size_t> first(trials.begin(), trials.begin() + static_cast<std::ptrdiff_t>(std::min(trials.size(), most)));
    return fmt::format("{}{}", fmt::join(first, ", "), trials.size() > most ? ", ..." : "");
}

/// What lacks, shard by shard where the campaign was cut in one way.
std::string what_is_missing(const Records& records) {
    std::set<std::size_t> cuts, begun, at_work;
    for (const JournalContent& journal : records.journals()) {
        cuts.insert(journal.shard.of);
        begun.insert(journal.shard.number);
        if (in_use(journal.file)) at_work.insert(journal.shard.number);
    }
    const std::size_t all = records.identity().trials;
    if (cuts.size() > 1) return fmt::format("trials {}", some_of(records.missing({}, all)));
    std::vector<std::string> shards;
    for (Shard shard{1, *cuts.begin()}; shard.number <= shard.of; ++shard.number) {
        const auto missing = records.missing(shard, all);
        if (missing.empty()) continue;
        if (!begun.contains(shard.number))
            shards.push_back(fmt::format("shard {} ({} trials) was not run", shard.text(), missing.size()));
        else
            shards.push_back(fmt::format("shard {} {} {} (trials {})", shard.text(),
                                         at_work.contains(shard.number) ? "is still at work on" : "lacks", missing.size(),
                                         some_of(missing)));
    }
    return fmt::format("{}", fmt::join(shards, "; "));
}

void merge(const MergeOptions& options) {
    const std::filesystem::path folder = options.folder;
    if (!std::filesystem::is_directory(folder)) throw InputError(fmt::format("there is no folder {}", folder.string()));
    const Records records(folder);
    if (records.none()) {
        const auto finished = finished_campaign(folder);
        if (!finished) throw InputError(fmt::format("{} holds no trials of a campaign", folder.string()));
        if (!options.quiet) fmt::print("{}: all {} trials are in the table already\n", (folder / "trials.csv").string(), finished->trials);
        return;
    }
    const ScanTable table = write_table(folder, records);
    if (!table.whole())
        throw InputError(fmt::format("{} of {} trials are missing in {}: {}; kation scan --resume runs them (so far: {})",
                                     table.trials - table.done, table.trials, folder.string(), what_is_missing(records),
                                     table.file.string()));
    tell_of_table(table, options.quiet);
}

}  // namespace

void add_merge(CLI::App& program) {
    auto options = std::make_shared<MergeOptions>();
    CLI::App* command = program.add_subcommand("merge", "Make one table of the shards of a scan");
    command->add_option("DIR", options->folder, "folder in which the shards were run, or into whose journal/ theirs were copied")
        ->required();
    command->add_flag("--quiet", options->quiet, "no summary");
    command->footer("Example: kation scan scan.toml --shard 1/2 -o out && kation scan scan.toml --shard 2/2 -o out && kation merge out");
    command->callback([options] { merge(*options); });
}
