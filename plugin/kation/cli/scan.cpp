#include <kation/cli/commands.hpp>
#include <kation/cli/progress.hpp>
#include <kation/io/plot.hpp>
#include <kation/io/recorder.hpp>
#include <kation/scan/campaign.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <memory>

namespace {

using namespace kation;

struct ScanOptions {
    std::string configuration, output;
    std::vector<std::string> settings, plugins;
    int threads = 0;
    bool dry_run = false, quiet = false;
};

void scan(const ScanOptions& options) {
    Document document = Document::from_file(options.configuration);
    for (const std::string& setting : options.settings) document.set(setting);
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    const Campaign campaign(document, read_scan(document), catalogue);
    const std::filesystem::path folder =
        options.output.empty() ? std::filesystem::path(options.configuration).stem() : std::filesystem::path(options.output);
    if (options.dry_run) {
        fmt::print("{} trials over", campaign.plan().trials());
        for (const SweptKey& key : campaign.plan().keys()) fmt::print(" {} ({} values)", key.key, key.values.size());
        fmt::print(", results in {}\n", folder.string());
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
