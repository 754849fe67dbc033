#include <kation/cli/commands.hpp>
#include <kation/io/report.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace kation {
namespace {
namespace fs = std::filesystem;

struct ReportSettings {
    fs::path input, report;
};

/// The input with the ending .html; a folder's report lies beside it.
fs::path default_report(const fs::path& input) {
    const fs::path name = input.has_filename() ? input : input.parent_path();
    return fs::is_directory(name) ? fs::path(name.string() + ".html") : fs::path(name).replace_extension(".html");
}

fs::path page_to_fill() {
    if (const auto page = report_page()) return *page;
    throw OutputError(
        "the page of a report is made while the program is built, and npm was missing or could not reach its registry then: install it "
        "(cmake/packages report), configure and build again (cmake --preset release && cmake --build --preset release); pictures need "
        "none of it: kation plot");
}

void report(const ReportSettings& settings) {
    const fs::path page = page_to_fill();
    const fs::path report = settings.report.empty() ? default_report(settings.input) : settings.report;
    if (report.extension() != ".html" && report.extension() != ".htm")
        throw ConfigurationError(fmt::format("{}: a report ends in .html", report.string()));
    const std::string data = fs::is_directory(settings.input) ? report_data(read_trials(settings.input), settings.input)
                                                              : report_data(ResultFile(settings.input));
    write_report(data, page, report);
    std::cout << "wrote " << report.string() << '\n';
}

}  // namespace
}  // namespace kation

void add_report(CLI::App& program) {
    CLI::App* command = program.add_subcommand("report", "Make a page of a result or a scan that any browser opens, offline");
    const auto settings = std::make_shared<kation::ReportSettings>();
    command->add_option("result", settings->input, "Result (.h5, also .partial) or folder of a scan")->required();
    command->add_option("-o,--output", settings->report, "Page, ending in .html; default: RESULT with the ending .html");
    command->footer("Example:\n  kation report seizure.h5 -o report.html");
    command->callback([settings] { kation::report(*settings); });
}
