#pragma once

#include <kation/io/result.hpp>
#include <kation/io/trials.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// The report: a page that opens offline in a browser. The page itself is made from plugin/kation/report when the program is built, where
/// npm is there; here it is filled with a result.
namespace kation {

/// How much of the page its parts may take [bytes]: what is longer is thinned, so that a report can be sent by mail.
struct ReportRoom {
    std::size_t series = 6'000'000;
    std::size_t matrix = 2'000'000;  ///< of weights; a larger network's are shown by blocks
};

/// What the page is filled with: JSON in ASCII without any "<", so that no label can end the element it stands in.
/// Series are thinned to the least and the greatest value of each stretch, so that no spike is lost. InputError as the result's members.
std::string report_data(const ResultFile& result, const ReportRoom& room = {});

/// The same of a scan's table; `folder` gives it its name.
std::string report_data(const Trials& trials, const std::filesystem::path& folder);

/// The page to fill, beside the running program or where it was installed; nothing if the program was built without npm.
std::optional<std::filesystem::path> report_page();

/// Writes the page filled with data. InputError if the page has no place for them, OutputError if the report cannot be written.
void write_report(std::string_view data, const std::filesystem::path& page, const std::filesystem::path& report);

}  // namespace kation
