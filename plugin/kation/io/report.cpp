#include <kation/io/report.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <boost/dll/runtime_symbol_info.hpp>

#include <fstream>
#include <iterator>
#include <ostream>

namespace kation {
namespace fs = std::filesystem;

std::optional<fs::path> report_page() {
    const fs::path folder = boost::dll::program_location().parent_path().string();
    for (const fs::path& place : {folder, folder / ".."})
        if (const fs::path page = place / KATION_DATA_FOLDER / "kation" / "report.html"; fs::is_regular_file(page)) return page;
    return {};
}

void write_report(std::string_view data, const fs::path& page, const fs::path& report) {
    static constexpr std::string_view place_of_data = "KATION_RESULT";
    std::ifstream file(page, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t place = text.find(place_of_data);
    if (place == std::string::npos) throw InputError(fmt::format("{}: is no page of this program's reports", page.string()));
    write_text_file(report, [&](std::ostream& stream) {
        stream << std::string_view(text).substr(0, place) << data << std::string_view(text).substr(place + place_of_data.size());
    });
}

}  // namespace kation
