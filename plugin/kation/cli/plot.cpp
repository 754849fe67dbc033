#include <kation/cli/commands.hpp>
#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/io/plot.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace kation {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kinds{"summary", "traces", "raster", "connectome", "scan", "threshold"};

struct PlotSettings {
    std::string input;
    std::string beside;  ///< a second result, or empty
    fs::path picture;
    std::string kind;  ///< empty: what suits the input
    SeriesChoice series;
    bool series_chosen = false;
};

bool is_builtin(const std::string& name) { return !fs::exists(name) && std::ranges::count(builtin_names(), name) > 0; }

std::string kind_of(const std::string& input) {
    if (is_builtin(input)) return "connectome";
    if (!fs::exists(input))
        throw InputError(fmt::format("{}: there is no such result, scan folder, threshold, connectome file or builtin connectome{}", input,
                                     suggestion(input, builtin_names())));
    if (fs::exists(fs::path(input) / "trials.csv")) return "scan";
    if (is_threshold(input)) return "threshold";
    return ResultFile::is_result(input) ? "summary" : "connectome";
}

/// The input with the ending .png; a folder's picture lies beside it, a builtin connectome's in the working directory.
fs::path default_picture(const fs::path& input) {
    const fs::path name = input.has_filename() ? input : input.parent_path();
    return fs::is_directory(name) ? fs::path(name.string() + ".png") : fs::path(name).replace_extension(".png");
}

Connectivity connectome_in(const std::string& input) {
    if (is_builtin(input)) return builtin_connectome(input);
    return ResultFile::is_result(input) ? ResultFile(input).connectivity() : read_connectome(input);
}

void plot(const PlotSettings& settings) {
    const std::string kind = settings.kind.empty() ? kind_of(settings.input) : settings.kind;
    const fs::path picture = settings.picture.empty() ? default_picture(settings.input) : settings.picture;
    if (std::ranges::count(kinds, kind) == 0)
        throw ConfigurationError(fmt::format("--kind: there is no '{}'{}", kind, suggestion(kind, kinds)));
    if (settings.series_chosen && (kind == "connectome" || kind == "scan" || kind == "threshold"))
        throw ConfigurationError(
            fmt::format("--variable, --monitor, --from and --to choose time series, of which a picture of a {} has none", kind));
    if (!settings.beside.empty() && kind != "summary" && kind != "raster")
        throw ConfigurationError(fmt::format("--beside compares the rasters of two results, and a picture of a {} has none", kind));
    if (!settings.beside.empty())
        plot_beside(ResultFile(settings.input), ResultFile(settings.beside), settings.series, picture);
    else if (kind == "connectome")
        plot_connectome(connectome_in(settings.input), picture);
    else if (kind == "scan")
        plot_scan(settings.input, picture);
    else if (kind == "threshold")
        plot_threshold(settings.input, picture);
    else if (kind == "traces")
        plot_traces(ResultFile(settings.input), settings.series, picture);
    else if (kind == "raster")
        plot_raster(ResultFile(settings.input), settings.series, picture);
    else
        plot_summary(ResultFile(settings.input), settings.series, picture);
    std::cout << "wrote " << picture.string() << '\n';
}

}  // namespace
}  // namespace kation

void add_plot(CLI::App& program) {
    CLI::App* command = program.add_subcommand("plot", "Draw a result, a scan, a threshold or a connectome");
    const auto settings = std::make_shared<kation::PlotSettings>();
    command
        ->add_option("result", settings->input,
                     "Result (.h5), folder of a scan, threshold (.json), connectome file, or the name of a builtin connectome")
        ->required();
    command->add_option("--beside", settings->beside, "A second result of the same regions: the rasters of both, side by side");
    command->add_option("-o,--output", settings->picture, "Picture, ending in .png or .svg; default: RESULT with the ending .png");
    command->add_option("--kind", settings->kind, "summary, traces, raster, connectome, scan or threshold; default: what suits RESULT");
    const auto add = [&](const char* name, auto& value, const char* what) {
        command->add_option(name, value, what)->each([settings](const std::string&) { settings->series_chosen = true; });
    };
    add("--variable", settings->series.variable, "Variable of the traces; default: V, or the first that was recorded");
    add("--monitor", settings->series.monitor, "Monitor that recorded it; default: the first that did");
    add("--from", settings->series.from, "Start of the time shown (ms)");
    add("--to", settings->series.to, "End of the time shown (ms)");
    command->footer("Example:\n  kation plot seizure.h5 --kind traces --variable K_ext --from 20000 --to 30000 -o potassium.svg");
    command->callback([settings] { kation::plot(*settings); });
}
