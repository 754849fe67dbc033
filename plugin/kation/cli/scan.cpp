#include <kation/cli/campaign_summary.hpp>
#include <kation/cli/commands.hpp>
#include <kation/cli/progress.hpp>
#include <kation/io/recorder.hpp>
#include <kation/scan/ranks.hpp>
#include <kation/scan/store.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

namespace {

using namespace kation;

struct ScanOptions {
    std::string configuration, output, shard = "1/1";
    std::vector<std::string> settings, plugins;
    int threads = 0;
    bool dry_run = false, resume = false, quiet = false;

    [[nodiscard]] std::filesystem::path folder() const {
        return output.empty() ? std::filesystem::path(configuration).stem() : std::filesystem::path(output);
    }
};

Document document_of(const ScanOptions& options) {
    Document document = Document::from_file(options.configuration);
    for (const std::string& setting : options.settings) document.set(setting);
    return document;
}

Catalogue catalogue_of(const ScanOptions& options) {
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    return catalogue;
}

ScanSettings settings_of(const Document& document, const ScanOptions& options) {
    ScanSettings settings = read_scan(document);
    settings.keep.folder = options.folder();
    return settings;
}

/// A campaign that is understood, and what it needs to live.
struct Prepared {
    Shard shard;
    Document document;
    Catalogue catalogue;
    ScanSettings settings;
    Campaign campaign;
    CampaignIdentity identity;

    explicit Prepared(const ScanOptions& options)
        : shard(Shard::from(options.shard)),
          document(document_of(options)),
          catalogue(catalogue_of(options)),
          settings(settings_of(document, options)),
          campaign(document, settings, catalogue),
          identity(campaign.identity({options.plugins.begin(), options.plugins.end()})) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
};

/// "2 days", "3.4 h", "12 min", "5.1 s", "20 ms"
std::string time_text(double seconds) {
    if (seconds >= 2 * 86400.0) return fmt::format("{:.2g} days", seconds / 86400);
    if (seconds >= 2 * 3600.0) return fmt::format("{:.2g} h", seconds / 3600);
    if (seconds >= 2 * 60.0) return fmt::format("{:.2g} min", seconds / 60);
    return seconds >= 1.0 ? fmt::format("{:.2g} s", seconds) : fmt::format("{:.2g} ms", 1000 * seconds);
}

void print_values(const Plan& plan, std::size_t trial) {
    const auto values = plan.values(trial);
    fmt::print("  {:>6} ", trial);
    for (std::size_t k = 0; k < values.size(); ++k) fmt::print(" {} = {}", plan.keys()[k].key, values[k]);
    if (const auto seed = plan.noise_seed(trial)) fmt::print(" integrator.seed = {}", *seed);
    fmt::print("\n");
}

void print_dry_run(const ScanOptions& options, const Prepared& prepared) {
    const ScanSettings& settings = prepared.settings;
    const Plan& plan = settings.plan;
    fmt::print("{} trials over", plan.trials());
    for (const SweptKey& key : plan.keys())
        key.count() > 0 ? fmt::print(" {} ({} values)", key.key, key.count())
                        : fmt::print(" {} ({} to {})", key.key, shortest(key.from), shortest(key.to));
    fmt::print(", results in {}\n", options.folder().string());
    constexpr std::size_t first_few = 3;
    const std::size_t shown = std::min(plan.trials(), first_few);
    for (std::size_t trial = 0; trial < shown; ++trial) print_values(plan, trial);
    if (plan.trials() > first_few + 1) fmt::print("     ...\n");
    if (plan.trials() > first_few) print_values(plan, plan.trials() - 1);
    fmt::print("measured of each: {}\n", fmt::join(prepared.identity.measures, ", "));
    if (settings.keep.series)
        fmt::print("time series of {} trials: {}\n", settings.keep.trials.empty() ? plan.trials() : settings.keep.trials.size(),
                   (options.folder() / "trial-<number>.h5").string());
    const TrialCost cost = cost_of_trials(settings, prepared.document, prepared.catalogue);
    const auto together = static_cast<double>(team_size(options.threads, plan.trials()));
    fmt::print(
        "estimated from {:.4g} of {:.4g} ms of trial {}: {} for a trial{}, {} for all with {} at a time, {:.2g} MB of memory beside the "
        "program\n",
        cost.measured, cost.duration, cost.trial, time_text(cost.seconds), cost.control ? " with its control" : "",
        time_text(cost.seconds * static_cast<double>(plan.trials()) / together), together,
        1e-6 * together * static_cast<double>(cost.bytes));
    if (settings.stop.any()) fmt::print("trials that end early by [scan.stop] take less\n");
}

/// Ranks are what work is shared by under mpirun: each has one thread then, unless more are asked for.
std::size_t threads_of_rank(const ScanOptions& options, std::size_t trials) {
    return options.threads > 0 || std::getenv("OMP_NUM_THREADS") != nullptr ? team_size(options.threads, trials) : 1;
}

/// Runs what is left of a campaign, with the other ranks if there are any. @returns false if it was stopped
bool run_trials(const ScanOptions& options, const Prepared& prepared, Store& store, Ranks* ranks) {
    const std::size_t trials = Schedule(prepared.shard, store.done(), 1, false).trials();
    Progress progress(static_cast<double>(trials), "trials", options.quiet);
    std::size_t done = 0, without_result = 0;
    const auto take = [&](const TrialRow& row) {
        store.add(row);
        ++done;
        without_result += row.status == "ok" ? 0 : 1;
        progress.show(static_cast<double>(done), without_result == 0 ? "" : fmt::format("{} without a result", without_result));
    };
    if (ranks != nullptr)
        lead(*ranks, prepared.campaign, prepared.identity, prepared.shard, store.done(), threads_of_rank(options, trials), interrupted,
             take);
    else
        run_alone(prepared.campaign, prepared.shard, store.done(), team_size(options.threads, trials), interrupted, take);
    store.sync();
    return done == trials;
}

/// Keeps the memory of a trial for the next one: given back and fetched again, a trial of a few ms would take half a ms longer.
void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 1 << 25);  // [bytes], the most that is allowed
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

/// Puts the table together, as far as there is one.
void finish(const ScanOptions& options, const Prepared& prepared, bool whole) {
    const std::filesystem::path folder = options.folder();
    const Records records(folder);
    const auto done = [&] { return fmt::format("{} of {} trials", records.done(), prepared.identity.trials); };
    if (!whole && records.none()) throw Interrupted("interrupted before the first trial was done");
    if (!whole)
        throw Interrupted(fmt::format("interrupted after {}; --resume goes on with the rest (so far: {})", done(),
                                      write_table(folder, records).file.string()));
    if (!prepared.shard.everything()) {
        if (!options.quiet)
            fmt::print("{}: shard {} is done, and with it {}; when all are, kation merge {} makes the table\n", folder.string(),
                       prepared.shard.text(), done(), folder.string());
        return;
    }
    tell_of_table(write_table(folder, records), options.quiet);
}

/// The process that a user talks to: the only one, or rank 0.
void scan_here(const ScanOptions& options, Ranks* ranks) {
    std::optional<Prepared> prepared;
    std::optional<Store> store;
    std::exception_ptr problem;
    try {
        prepared.emplace(options);
        if (!options.dry_run) {
            require_writable(options.folder() / "trials.csv");
            store.emplace(options.folder(), prepared->shard, prepared->identity, options.resume);
        }
    } catch (...) {
        problem = std::current_exception();
    }
    const bool goes_on = store && !store->finished();
    const bool all_go_on = goes_on && (ranks == nullptr || ranks->first_unwell(true) == ranks->size());
    if (!goes_on && ranks != nullptr) ranks->first_unwell(false);
    if (problem) std::rethrow_exception(problem);
    if (options.dry_run) return print_dry_run(options, *prepared);
    if (store->finished()) {
        if (!options.quiet)
            fmt::print("{}: all {} trials were done already\n", (options.folder() / "trials.csv").string(), prepared->identity.trials);
        return;
    }
    if (!all_go_on) return;  // another rank says why
    for (const std::string& warning : prepared->campaign.warnings()) fmt::print(stderr, "kation: warning: {}\n", warning);
    tell_of_earlier(store->earlier());
    listen_for_interrupts();
    const bool whole = run_trials(options, *prepared, *store, ranks);
    store.reset();
    finish(options, *prepared, whole);
}

/// Any other rank. It says only what rank 0 does not know.
void scan_beside(const ScanOptions& options, Ranks& ranks) {
    std::optional<Prepared> prepared;
    std::exception_ptr problem;
    try {
        prepared.emplace(options);
    } catch (...) {
        problem = std::current_exception();
    }
    const int unwell = ranks.first_unwell(prepared.has_value());
    if (problem && unwell == ranks.rank()) std::rethrow_exception(problem);
    if (unwell != ranks.size()) return;
    listen_for_interrupts();
    follow(ranks, prepared->campaign, prepared->identity, threads_of_rank(options, prepared->identity.trials), interrupted);
}

void scan(const ScanOptions& options) {
    keep_freed_memory();
    const std::unique_ptr<Ranks> ranks = ranks_of_this_program();
    if (ranks && ranks->rank() > 0) return scan_beside(options, *ranks);
    scan_here(options, ranks.get());
}

}  // namespace

void add_scan(CLI::App& program) {
    auto options = std::make_shared<ScanOptions>();
    CLI::App* command = program.add_subcommand("scan", "Run a configuration over all values of the keys in its table [scan]");
    command->add_option("CONFIG", options->configuration, "configuration with a table [scan], TOML")->required();
    command->add_option("--set", options->settings, "KEY=VALUE: change a setting; may be repeated")->allow_extra_args(false);
    command->add_option("-o,--output", options->output, "folder of the results; default: the configuration's name without its ending");
    command->add_option("--threads", options->threads, "number of trials at a time; default: one per core")->check(CLI::Range(1, 1024));
    command->add_option("--plugin", options->plugins, "shared library with models of one's own; may be repeated")->allow_extra_args(false);
    command->add_option("--shard", options->shard,
                        "I/N: only part I of N, counted from 1, as one job of an array does; then kation merge DIR");
    command->add_flag("--resume", options->resume, "go on with what is not done yet; begins where nothing is there");
    command->add_flag("--dry-run", options->dry_run, "say what would be done");
    command->add_flag("--quiet", options->quiet, "no progress and no summary");
    command->footer("Example: kation scan examples/coupling_scan/scan.toml -o coupling && column -s, -t coupling/trials.csv");
    command->callback([options] { scan(*options); });
}
