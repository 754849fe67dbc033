#include <kation/cli/campaign_summary.hpp>
#include <kation/io/plot.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

using namespace kation;

void tell_of_earlier(const std::filesystem::path& folder) {
    if (!folder.empty()) fmt::print(stderr, "kation: the results that were there before are in {}\n", folder.string());
}

void tell_of_table(const ScanTable& table, bool quiet) {
    if (!quiet)
        fmt::print("{}: {} of {} trials done, {} of them without a result\n", table.file.string(), table.done, table.trials,
                   table.without_result);
    tell_of_earlier(table.earlier);
    constexpr std::size_t drawn_by_itself = 20'000;  // a picture takes all trials into memory
    if (table.keys > 2 || table.trials > drawn_by_itself) return;
    const std::filesystem::path folder = table.file.parent_path();
    try {
        plot_scan(folder, folder / "scan.png");
        if (!quiet) fmt::print("picture  {}\n", (folder / "scan.png").string());
    } catch (const Error& problem) {
        fmt::print(stderr, "kation: no picture: {}\n", problem.what());
    }
}
