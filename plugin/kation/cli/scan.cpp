#include <kation/cli/commands.hpp>
#include <kation/cli/progress.hpp>
#include <kation/io/plot.hpp>
#include <kation/io/recorder.hpp>
#include <kation/scan/campaign.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <memory>

namespace {

using namespace kation;

struct ScanOptions {
    std::string configuration, output;
    std::vector<std::string> settings, plugins;
    int threads = 0;
    bool dry_run = false, quiet = false;
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

void print_dry_run(const Campaign& campaign, const ScanSettings& settings, const Document& document, const Catalogue& catalogue,
                   const std::filesystem::path& folder, int asked_threads) {
    const Plan& plan = campaign.plan();
    fmt::print("{} trials over", plan.trials());
    for (const SweptKey& key : plan.keys())
        key.count() > 0 ? fmt::print(" {} ({} values)", key.key, key.count())
                        : fmt::print(" {} ({} to {})", key.key, shortest(key.from), shortest(key.to));
    fmt::print(", results in {}\n", folder.string());
    constexpr std::size_t first_few = 3;
    const std::size_t shown = std::min(plan.trials(), first_few);
    for (std::size_t trial = 0; trial < shown; ++trial) print_values(plan, trial);
    if (plan.trials() > first_few + 1) fmt::print("     ...\n");
    if (plan.trials() > first_few) print_values(plan, plan.trials() - 1);
    fmt::print("measured of each: {}\n", fmt::join(campaign.columns(), ", "));
    if (settings.keep.series)
        fmt::print("time series of {} trials: {}\n", settings.keep.trials.empty() ? plan.trials() : settings.keep.trials.size(),
                   (folder / "trial-<number>.h5").string());
    const TrialCost cost = cost_of_trials(settings, document, catalogue);
    const auto threads = static_cast<double>(asked_threads > 0 ? asked_threads : omp_get_max_threads());
    const double together = std::min(threads, static_cast<double>(plan.trials()));
    fmt::print(
        "estimated from {:.4g} of {:.4g} ms of trial {}: {} for a trial{}, {} for all on {} threads, {:.2g} MB of memory beside the "
        "program\n",
        cost.measured, cost.duration, cost.trial, time_text(cost.seconds), cost.control ? " with its control" : "",
        time_text(cost.seconds * static_cast<double>(plan.trials()) / together), together,
        1e-6 * together * static_cast<double>(cost.bytes));
    if (settings.stop.any()) fmt::print("trials that end early by [scan.stop] take less\n");
}

void scan(const ScanOptions& options) {
    Document document = Document::from_file(options.configuration);
    for (const std::string& setting : options.settings) document.set(setting);
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    const std::filesystem::path folder =
        options.output.empty() ? std::filesystem::path(options.configuration).stem() : std::filesystem::path(options.output);
    ScanSettings settings = read_scan(document);
    settings.keep.folder = folder;
    const Campaign campaign(document, settings, catalogue);
    if (options.dry_run) {
        print_dry_run(campaign, settings, document, catalogue, folder, options.threads);
        return;
    }
    for (const std::string& warning : campaign.warnings()) fmt::print(stderr, "kation: warning: {}\n", warning);
    require_writable(folder / "trials.csv");
    listen_for_interrupts();
    std::vector<TrialOutcome> outcomes;
    {
        Progress progress(static_cast<double>(campaign.plan().trials()), "trials", options.quiet);
        outcomes = campaign.run(options.threads, {.progress = [&](std::size_t done) { progress.show(static_cast<double>(done)); },
                                                  .stop = [] { return interrupted(); }});
    }
    const std::filesystem::path table = campaign.write(folder, outcomes);
    const auto failures =
        std::ranges::count_if(outcomes, [](const TrialOutcome& outcome) { return outcome.status != TrialOutcome::Status::ok; });
    if (!options.quiet)
        fmt::print("{}: {} of {} trials done, {} of them without a result\n", table.string(), outcomes.size(), campaign.plan().trials(),
                   failures);
    if (outcomes.size() < campaign.plan().trials())
        throw Interrupted(
            fmt::format("interrupted after {} of {} trials; they are in {}", outcomes.size(), campaign.plan().trials(), table.string()));
    if (campaign.plan().keys().size() > 2) return;
    try {
        plot_scan(folder, folder / "scan.png");
        if (!options.quiet) fmt::print("picture  {}\n", (folder / "scan.png").string());
    } catch (const Error& problem) {
        fmt::print(stderr, "kation: no picture: {}\n", problem.what());
    }
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
    command->add_flag("--dry-run", options->dry_run, "say what would be done");
    command->add_flag("--quiet", options->quiet, "no progress and no summary");
    command->footer("Example: kation scan examples/coupling_scan/scan.toml -o coupling && column -s, -t coupling/trials.csv");
    command->callback([options] { scan(*options); });
}
