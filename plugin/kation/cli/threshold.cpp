#include <kation/cli/commands.hpp>
#include <kation/cli/progress.hpp>
#include <kation/io/plot.hpp>
#include <kation/scan/schedule.hpp>
#include <kation/scan/threshold.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <ostream>

namespace {

using namespace kation;
using nlohmann::ordered_json;
using Kind = Crossing::Kind;

struct ThresholdOptions {
    std::string configuration, output;
    std::vector<std::string> settings, plugins;
    ThresholdSettings wanted;
    int threads = 0;
    bool json = false, quiet = false;
};

// ---- as JSON --------------------------------------------------------------------------------------------------------------------

ordered_json or_null(double value) { return std::isnan(value) ? ordered_json() : ordered_json(value); }

ordered_json json_of(const std::optional<Reached>& reached) {
    return reached ? ordered_json{{"region", reached->region}, {"onset_ms", reached->onset_ms}} : ordered_json();
}

const char* word_for(Kind kind) {
    switch (kind) {
        case Kind::rises:
            return "found";
        case Kind::falls:
            return "falls";
        case Kind::always_true:
            return "always true";
        case Kind::always_false:
            break;
    }
    return "always false";
}

/// The last value where the condition is false and the first where it is true; null where that is unknown.
ordered_json json_of(const Crossing& crossing) {
    const bool found = crossing.kind == Kind::rises || crossing.kind == Kind::falls, rises = crossing.kind == Kind::rises;
    return {{"status", word_for(crossing.kind)},
            {"false_at", found ? ordered_json(rises ? crossing.low : crossing.high) : ordered_json()},
            {"true_at", found ? ordered_json(rises ? crossing.high : crossing.low) : ordered_json()},
            {"first", json_of(crossing.reached)}};
}

ordered_json json_of(const ThresholdTrial& trial, const ThresholdReport& report) {
    ordered_json onsets = ordered_json::array(), events = ordered_json::array();
    for (std::size_t region = 0; region < report.regions.size(); ++region) {
        onsets.push_back(or_null(trial.recruitment.onset_ms[region]));
        events.push_back(trial.recruitment.events[region]);
    }
    ordered_json connection;
    if (trial.connection) connection = *trial.connection;
    return {{"value", trial.value},
            {"connection", connection},
            {"control", trial.control},
            {"whole", trial.whole},
            {"simulated_ms", trial.simulated},
            {"evaluations", trial.evaluations},
            {"onset_ms", onsets},
            {"events", events}};
}

ordered_json json_of(const ThresholdReport& report, const ThresholdOptions& options) {
    const ThresholdSettings& wanted = options.wanted;
    ordered_json by_region = ordered_json::array(), connections = ordered_json::array(), trials = ordered_json::array(), window;
    for (const RegionCrossing& each : report.by_region) {
        by_region.push_back({{"region", each.region}});
        by_region.back().update(json_of(each.crossing));
    }
    for (const RaisedConnection& each : report.connections)
        connections.push_back({{"to", each.to},
                               {"from", each.from},
                               {"weight", each.weight},
                               {"factor", each.factor ? ordered_json(*each.factor) : ordered_json()},
                               {"first", json_of(each.reached)}});
    for (const ThresholdTrial& each : report.trials) trials.push_back(json_of(each, report));
    if (const auto found = report.window()) window = {{"from", found->from}, {"to", found->to}, {"open", found->open}};
    return {{"key", wanted.key},
            {"from", wanted.from},
            {"to", wanted.to},
            {"resolution", (wanted.to - wanted.from) / static_cast<double>(wanted.intervals())},
            {"condition", report.condition},
            {"threshold", json_of(report.trial)},
            {"control_condition", report.control_condition},
            {"control", report.control ? json_of(*report.control) : ordered_json()},
            {"window", window},
            {"per_region", by_region},
            {"connections", connections},
            {"regions", report.regions},
            {"zone", report.zone},
            {"duration_ms", report.duration},
            {"evaluations", report.evaluations},
            {"grid",
             {{"trials", report.grid_trials},
              {"evaluations", report.grid_evaluations},
              {"evaluations_with_early_stop_at_least", report.grid_evaluations_at_least}}},
            {"trials", trials},
            {"warnings", report.warnings}};
}

// ---- for people -----------------------------------------------------------------------------------------------------------------

std::string text_of(const std::optional<Reached>& reached) {
    return reached ? fmt::format("; first {}, at {:.5g} ms", reached->region, reached->onset_ms) : "";
}

std::string text_of(const Crossing& crossing) {
    const std::string low = shortest(crossing.low), high = shortest(crossing.high);
    switch (crossing.kind) {
        case Kind::rises:
            return fmt::format("false at {}, true at {}{}", low, high, text_of(crossing.reached));
        case Kind::falls:
            return fmt::format("true at {}, false at {}", low, high);
        case Kind::always_true:
            return fmt::format("true wherever it was tried, at {} already: the threshold, if there is one, is below (--from)", low);
        case Kind::always_false:
            break;
    }
    return fmt::format("false wherever it was tried, up to {}: the threshold, if there is one, is above (--to) or between (--coarse)",
                       high);
}

void print_window(const ThresholdReport& report, const std::string& key) {
    if (!report.control) return;
    if (const auto window = report.window())
        fmt::print("window    {} from {} to {}{}: the condition is true and the control silent\n", key, shortest(window->from),
                   shortest(window->to), window->open ? " at least" : "");
    else if (report.trial.kind == Kind::rises && report.control->kind == Kind::rises)
        fmt::print("window    none: the control ignites first\n");
}

void print_connections(const ThresholdReport& report, const ThresholdSettings& wanted) {
    if (wanted.limiting == 0) return;
    if (report.connections.empty()) {
        fmt::print("limiting  no connection leads from an active region to one that is not reached, or no threshold was found\n");
        return;
    }
    fmt::print("limiting  at {} = {}, one connection raised alone (to, from):\n", wanted.key, shortest(report.trial.low));
    for (const RaisedConnection& each : report.connections) {
        const std::string place = fmt::format("{}, {}", each.to, each.from);
        each.factor
            ? fmt::print("  {:<24} enough if raised by {:.3g} % from {:.4g}{}\n", place, 100 * (*each.factor - 1), each.weight,
                         text_of(each.reached))
            : fmt::print("  {:<24} not enough, even raised by {:.3g} % from {:.4g}\n", place, 100 * (wanted.raise - 1), each.weight);
    }
}

void print_report(const ThresholdReport& report, const ThresholdSettings& wanted) {
    fmt::print("{}    {}: {}\n", "trial ", report.condition, text_of(report.trial));
    if (report.control)
        fmt::print("control   {}: {}\n", report.control_condition, text_of(*report.control));
    else
        fmt::print("control   none: no zone is set apart, or recruitment.control = false\n");
    print_window(report, wanted.key);
    if (!report.by_region.empty()) fmt::print("regions   recruited:\n");
    for (const RegionCrossing& each : report.by_region) {
        const Crossing& crossing = each.crossing;
        const std::string onset = crossing.reached ? fmt::format("; onset {:.5g} ms", crossing.reached->onset_ms) : "";
        std::string found = text_of({crossing.kind, crossing.low, crossing.high}) + onset;
        if (crossing.kind == Kind::always_false) found = fmt::format("not recruited, up to {}", shortest(crossing.high));
        if (crossing.kind == Kind::always_true) found = fmt::format("recruited at {} already", shortest(crossing.low));
        fmt::print("  {:<24} {}\n", each.region, found);
    }
    print_connections(report, wanted);
    const auto searched = std::ranges::count_if(report.trials, [](const ThresholdTrial& trial) { return !trial.connection; });
    fmt::print("cost      {} trials, {:.3g} right-hand sides; a scan over all {} values would take {} trials, {:.3g} right-hand sides\n",
               searched, static_cast<double>(report.evaluations), wanted.intervals() + 1, report.grid_trials,
               static_cast<double>(report.grid_evaluations));
}

void find(const ThresholdOptions& options) {
    Document document = Document::from_file(options.configuration);
    for (const std::string& setting : options.settings) document.set(setting);
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    if (!options.output.empty()) static_cast<void>(Draft(options.output));  // refuses what cannot be written, before hours of work
    listen_for_interrupts();
    const bool quiet = options.quiet || options.json;
    const auto tell = [&](std::size_t trials, const std::string& known) {
        if (!quiet) fmt::print(stderr, "{} trials: {}\n", trials, known);
    };
    const std::size_t most_threads = team_size(options.threads, 1024);
    const ThresholdReport report = find_threshold(options.wanted, document, catalogue, most_threads, {.tell = tell, .stop = interrupted});
    if (!quiet)
        for (const std::string& warning : report.warnings) fmt::print(stderr, "kation: warning: {}\n", warning);
    const std::string json = json_of(report, options).dump(2);
    if (!options.output.empty()) write_text_file(options.output, [&](std::ostream& out) { out << json << '\n'; });
    if (options.json)
        fmt::print("{}\n", json);
    else if (!options.quiet)
        print_report(report, options.wanted);
    if (!options.output.empty() && !quiet) fmt::print("result    {}; kation plot {} draws it\n", options.output, options.output);
}

}  // namespace

void add_threshold(CLI::App& program) {
    auto options = std::make_shared<ThresholdOptions>();
    ThresholdSettings& wanted = options->wanted;
    CLI::App* command =
        program.add_subcommand("threshold", "Find the value of a key from which on a seizure spreads, or the control ignites");
    command->add_option("CONFIG", options->configuration, "configuration, TOML")->required();
    command->add_option("--key", wanted.key, "the key whose value is looked for, as for --set: coupling.G")->required();
    command->add_option("--from", wanted.from, "begin of the range")->required();
    command->add_option("--to", wanted.to, "end of the range")->required();
    command->add_option("--until", wanted.until, "condition on a measure of scans; default: \"recruited >= 1\"");
    command->add_option("--control-until", wanted.control_until,
                        "when the control is not silent any more; default: \"recruited >= 1\", of all its regions");
    command->add_option("--tolerance", wanted.tolerance, "width of the bracket that is left; default: 1 % of the range");
    command->add_option("--coarse", wanted.coarse,
                        "equal parts of the range to look at first, for the first of several crossings; default: 1");
    command->add_flag("--per-region", wanted.per_region, "also the value from which on each region is recruited");
    command->add_option("--limiting", wanted.limiting,
                        "N: just below the threshold, raise the N most active connections to regions not reached, one at a time");
    command->add_option("--raise", wanted.raise, "factor up to which --limiting raises a connection; default: 2");
    command->add_option("--set", options->settings, "KEY=VALUE: change a setting; may be repeated")->allow_extra_args(false);
    command->add_option("-o,--output", options->output, "all that was found, as JSON, which kation plot draws");
    command->add_option("--threads", options->threads, "number of trials at a time; default: one per core")->check(CLI::Range(1, 1024));
    command->add_option("--plugin", options->plugins, "shared library with models of one's own; may be repeated")->allow_extra_args(false);
    command->add_flag("--json", options->json, "print all that was found as one JSON object");
    command->add_flag("--quiet", options->quiet, "no progress and no summary");
    command->footer(
        "Example: kation threshold examples/six_node/six_node.toml --key coupling.G --from 0 --to 100 --until \"recruited >= 1\"");
    command->callback([options] { find(*options); });
}
