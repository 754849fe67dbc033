#include <kation/io/export_csv.hpp>
#include <kation/io/result.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <ostream>

namespace kation {
namespace {

void write_series(const ResultFile& result, const std::string& monitor, const std::string& variable, std::ostream& out) {
    out << "time_ms";
    for (const std::string& label : result.labels()) out << ',' << csv_cell(label);
    out << '\n';
    const arma::vec time = result.time(monitor);
    constexpr std::size_t at_once = 4096;
    for (std::size_t first = 0; first < time.n_elem; first += at_once) {
        const arma::mat values = result.samples(monitor, variable, first, std::min<std::size_t>(at_once, time.n_elem - first));
        for (std::size_t row = 0; row < values.n_cols; ++row) {
            out << shortest(time(first + row));
            for (std::size_t region = 0; region < values.n_rows; ++region) out << ',' << shortest(values(region, row));
            out << '\n';
        }
    }
}

void write_recruitment(const ResultFile& result, std::ostream& out) {
    out << "label,in_zone,recruited,order,onset_ms,offset_ms,events,bursts,control_recruited\n";
    const Recruitment& r = *result.recruitment();
    for (std::size_t k = 0; k < result.regions(); ++k)
        out << fmt::format("{},{},{},{},{},{},{},{},{}\n", csv_cell(result.labels()[k]), result.in_zone()[k] ? 1 : 0,
                           r.recruited[k] ? 1 : 0, r.order[k], shortest(r.onset_ms[k]), shortest(r.offset_ms[k]), r.events[k], r.bursts[k],
                           result.control() ? (result.control()->recruited[k] ? "1" : "0") : "");
}

}  // namespace

std::vector<std::filesystem::path> export_csv(const std::filesystem::path& path) {
    const ResultFile result(path);
    std::vector<std::filesystem::path> files;
    const auto named = [&](const std::string& ending) {
        files.push_back(path.parent_path() / fmt::format("{}_{}.csv", path.stem().string(), ending));
        return files.back();
    };
    for (const std::string& monitor : result.monitors())
        for (const std::string& variable : result.variables(monitor))
            write_text_file(named(monitor + "_" + variable), [&](std::ostream& out) { write_series(result, monitor, variable, out); });
    if (result.recruitment()) write_text_file(named("recruitment"), [&](std::ostream& out) { write_recruitment(result, out); });
    return files;
}

}  // namespace kation
