#include <kation/cli/commands.hpp>
#include <kation/cli/progress.hpp>
#include <kation/io/configuration.hpp>
#include <kation/io/export_csv.hpp>
#include <kation/io/plot.hpp>
#include <kation/io/recorder.hpp>
#include <kation/io/run.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

namespace {

using namespace kation;
using nlohmann::ordered_json;

struct RunOptions {
    std::string configuration, output;
    std::vector<std::string> settings, plugins;
    int threads = 0;
    bool json = false, quiet = false;
};

std::string model_names(const Network& network) {
    std::string names;
    for (const Entry* model : network.models()) names += fmt::format("{}{}", names.empty() ? "" : " + ", model->info.name);
    return names;
}

ordered_json or_null(double value) { return std::isnan(value) ? ordered_json(nullptr) : ordered_json(value); }

ordered_json regions_json(const Recruitment& r, const RunConfiguration& run, double simulated_ms) {
    ordered_json regions = ordered_json::array();
    for (std::size_t k = 0; k < run.zone.size(); ++k)
        regions.push_back({{"label", run.network.label(k)},
                           {"in_zone", static_cast<bool>(run.zone[k])},
                           {"recruited", static_cast<bool>(r.recruited[k])},
                           {"onset_ms", or_null(r.onset_ms[k])},
                           {"events", r.events[k]},
                           {"rate_hz", simulated_ms > 0 ? 1000.0 * static_cast<double>(r.events[k]) / simulated_ms : 0.0}});
    return regions;
}

ordered_json report_json(const RunConfiguration& run, const RunResult& result, const std::filesystem::path& file, double wall_s,
                         const std::vector<std::string>& warnings) {
    ordered_json report{{"file", file.string()},
                        {"model", model_names(run.network)},
                        {"status", result.whole ? "complete" : "interrupted"},
                        {"steps", result.steps},
                        {"evaluations", result.evaluations},
                        {"simulated_ms", result.simulated},
                        {"wall_s", wall_s},
                        {"threads", result.threads},
                        {"threads_reason", result.reason_for_threads},
                        {"recruited", result.recruitment.count_outside(run.zone)},
                        {"regions", regions_json(result.recruitment, run, result.simulated)},
                        {"control", nullptr},
                        {"warnings", warnings}};
    if (result.control) {
        std::vector<std::string> labels;
        for (std::size_t k = 0; k < run.zone.size(); ++k)
            if (result.control->recruited[k]) labels.push_back(run.network.label(k));
        report["control"] = {{"recruited", labels}, {"regions", regions_json(*result.control, run, result.simulated)}};
    }
    return report;
}

void print_report(const ordered_json& report) { fmt::print("{}\n", report.dump(2, ' ', false, ordered_json::error_handler_t::replace)); }

/// "rV1 7.24 s, rM1 8.9 s, ..." of the recruited regions inside or outside the zone, or of both, in the order of their onsets.
std::string onsets_text(const Recruitment& r, const RunConfiguration& run, std::optional<bool> in_zone) {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < run.zone.size(); ++k)
        if (r.recruited[k] && run.zone[k] == in_zone.value_or(run.zone[k])) order.push_back(k);
    std::ranges::sort(order, {}, [&](std::size_t k) { return r.order[k]; });
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t k = 0; k < std::min(order.size(), most); ++k)
        text += fmt::format("{}{} {:.4g} s", k == 0 ? "" : ", ", run.network.label(order[k]), r.onset_ms[order[k]] / 1000);
    if (order.size() > most) text += fmt::format(", and {} more", order.size() - most);
    return text.empty() ? "none" : text;
}

void print_summary(const RunConfiguration& run, const RunResult& result, double wall_s) {
    const auto zone_size = std::ranges::count(run.zone, true);
    fmt::print("{}: {} regions of {}, {:g} s simulated in {:.1f} s\n", run.output.string(), run.network.regions(), model_names(run.network),
               result.simulated / 1000, wall_s);
    if (zone_size > 0) fmt::print("zone     {}\n", onsets_text(result.recruitment, run, true));
    fmt::print("recruited {} of {}: {}\n", result.recruitment.count_outside(run.zone),
               static_cast<std::ptrdiff_t>(run.zone.size()) - zone_size, onsets_text(result.recruitment, run, false));
    if (result.control) {
        const auto active = std::ranges::count(result.control->recruited, true);
        fmt::print("control  {}\n", active == 0 ? "silent"
                                                : fmt::format("{} of {} active without the zone: {}", active, run.zone.size(),
                                                              onsets_text(*result.control, run, std::nullopt)));
    }
}

void draw_picture(const RunConfiguration& run, bool quiet) {
    std::filesystem::path picture = run.output;
    picture.replace_extension(".png");
    try {
        plot_summary(ResultFile(run.output), {}, picture);
        if (!quiet) fmt::print(stderr, "picture  {}\n", picture.string());
    } catch (const Error& problem) {
        fmt::print(stderr, "kation: no picture: {}\n", problem.what());
    }
}

/// Where an interrupted run stands.
std::string how_far(const RunConfiguration& run, const RunResult& result) {
    if (result.simulated < run.duration) return fmt::format("interrupted at {:.10g} ms of {:.10g} ms", result.simulated, run.duration);
    return "interrupted in the control run";
}

void run(const RunOptions& options) {
    Document document = Document::from_file(options.configuration);
    for (const std::string& setting : options.settings) document.set(setting);
    if (!options.output.empty())
        document.set("output.file=" + ordered_json(options.output).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    Catalogue catalogue;
    for (const std::string& plugin : options.plugins) catalogue.load(plugin);
    RunConfiguration run = read_configuration(document, catalogue);
    if (!options.output.empty()) run.output = options.output;
    run.settings.threads = options.threads;

    Simulator simulator(run.network, run.settings);
    std::size_t told = 0;
    const auto tell_warnings = [&] {
        for (; told < simulator.warnings().size(); ++told) fmt::print(stderr, "kation: warning: {}\n", simulator.warnings()[told]);
    };
    tell_warnings();
    Recorder recorder(run.output,
                      {model_names(run.network), run.effective, run.settings.integrator.seed, run.settings.integrator.dt, run.duration},
                      run.network.connectivity(), run.zone);
    listen_for_interrupts();
    const auto start = std::chrono::steady_clock::now();
    RunResult result;
    try {
        Progress progress(run.duration, "simulated ms", options.quiet);
        result = run_with_control(run, simulator, recorder,
                                  {.progress = [&](double done) { progress.show(done); }, .stop = [] { return interrupted(); }});
    } catch (const InvalidState& problem) {
        tell_warnings();
        recorder.write_recruitment(simulator.recruitment());
        recorder.abandon(problem.what());
        throw InvalidState(fmt::format("{} (what was recorded is in {})", problem.what(), recorder.partial().string()));
    } catch (const OutputError& problem) {
        recorder.abandon(problem.what());
        throw OutputError(fmt::format("{} (what was recorded is in {})", problem.what(), recorder.partial().string()));
    }
    tell_warnings();
    recorder.write_recruitment(result.recruitment);
    if (result.control) recorder.write_control(*result.control);
    const double wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!result.whole) {
        recorder.abandon(how_far(run, result));
        if (options.json) print_report(report_json(run, result, recorder.partial(), wall_s, simulator.warnings()));
        throw Interrupted(fmt::format("{}; what is done is in {}", how_far(run, result), recorder.partial().string()));
    }
    recorder.finish();
    if (run.csv) export_csv(run.output);
    if (options.json)
        print_report(report_json(run, result, run.output, wall_s, simulator.warnings()));
    else if (!options.quiet)
        print_summary(run, result, wall_s);
    if (run.picture) draw_picture(run, options.quiet);
}

}  // namespace

void add_run(CLI::App& program) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = program.add_subcommand("run", "Simulate what a configuration describes, with the control beside it");
    command->add_option("CONFIG", options->configuration, "configuration, TOML")->required();
    command
        ->add_option("--set", options->settings,
                     "KEY=VALUE: change a setting, as coupling.G=48 or regions.\"rHC\".K_bath=15.5; may be repeated")
        ->allow_extra_args(false);
    command->add_option("-o,--output", options->output, "result, HDF5; default: [output] file of the configuration");
    command->add_option("--threads", options->threads, "number of threads; default: as many as pay")->check(CLI::Range(1, 1024));
    command->add_option("--plugin", options->plugins, "shared library with models of one's own; may be repeated")->allow_extra_args(false);
    command->add_flag("--json", options->json, "print the outcome as one JSON object");
    command->add_flag("--quiet", options->quiet, "no progress and no summary");
    command->footer("Example: kation run examples/six_node/six_node.toml --set coupling.G=100 -o strong.h5");
    command->callback([options] { run(*options); });
}
