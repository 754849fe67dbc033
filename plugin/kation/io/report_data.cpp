#include <kation/io/panels.hpp>
#include <kation/io/report.hpp>
#include <kation/io/report_columns.hpp>
#include <kation/support/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kation {
namespace {
using nlohmann::json;

/// JSON that may stand in a page: "<" occurs in strings only, where it can be escaped; bytes that are no UTF-8 become U+FFFD.
std::string text_for_page(const json& data) {
    const std::string plain = data.dump(-1, ' ', true, json::error_handler_t::replace);
    std::string text;
    text.reserve(plain.size());
    for (const char c : plain) c == '<' ? text += "\\u003c" : text += c;
    return text;
}

// ---- in words -------------------------------------------------------------------------------------------------------------------

std::string regions_text(std::size_t count) { return fmt::format("{} region{}", count, count == 1 ? "" : "s"); }

/// "A, B, C and 12 more"
std::string list_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 8;
    if (names.size() <= most + 1) return joined(names);
    return fmt::format("{} and {} more", joined(std::span(names).first(most)), names.size() - most);
}

std::vector<std::string> labels_where(const ResultFile& result, const std::vector<bool>& chosen) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < chosen.size(); ++i)
        if (chosen[i]) names.push_back(result.labels()[i]);
    return names;
}

std::string what_ran(const ResultFile& result) {
    std::string text = fmt::format("{} in {}", result.model().empty() ? "A model" : result.model(), regions_text(result.regions()));
    if (result.duration() > 0) text += " for " + duration_text(result.duration());
    if (result.dt() > 0) text += fmt::format(", dt {} ms, seed {}", shortest(result.dt()), result.seed());
    return text + ".";
}

std::string what_was_recruited(const ResultFile& result) {
    const Recruitment& recruitment = *result.recruitment();
    const std::vector<bool>& zone = result.in_zone();
    const std::size_t outside = result.regions() - static_cast<std::size_t>(std::ranges::count(zone, true));
    std::vector<std::size_t> spread;
    for (const std::size_t region : rows_by_onset(recruitment, zone))
        if (!zone[region] && active(recruitment, region)) spread.push_back(region);
    const std::string beyond = outside == result.regions() ? "" : " outside it";
    if (spread.empty()) return fmt::format("None of the {}{} was recruited.", regions_text(outside), beyond);
    const auto at = [&](std::size_t region) {
        return fmt::format("{} at {}", result.labels()[region], duration_text(recruitment.onset_ms[region]));
    };
    std::string text = fmt::format("{} of {}{} {} recruited: {}", spread.size(), regions_text(outside), beyond,
                                   spread.size() == 1 ? "was" : "were", at(spread.front()));
    if (spread.size() > 1) text = fmt::format("{} first, {} last", text, at(spread.back()));
    return text + ".";
}

std::string against_control(const ResultFile& result) {
    const auto recruited = static_cast<std::size_t>(std::ranges::count(result.control()->recruited, true));
    const std::string lead = "In the control, the same network with the zone's parameters set back, ";
    if (recruited == 0 && result.recruitment() && result.recruitment()->count_outside(result.in_zone()) > 0)
        return lead + "no region was recruited: what is seen here spread from the zone.";
    if (recruited == 0) return lead + "no region was recruited.";
    return fmt::format(
        "{}{} {} recruited ({}): the network ignites without the zone, so that recruitment alone does not show that anything spread.", lead,
        regions_text(recruited), recruited == 1 ? "was" : "were", list_of(labels_where(result, result.control()->recruited)));
}

std::vector<std::string> summary_of(const ResultFile& result) {
    std::vector<std::string> sentences{what_ran(result)};
    if (result.status() != "complete")
        sentences.push_back(
            fmt::format("The run is not complete: {}.", result.status().empty() ? "its state is unknown" : result.status()));
    const std::vector<std::string> zone = labels_where(result, result.in_zone());
    if (!zone.empty()) sentences.push_back(fmt::format("The epileptogenic zone is {}.", list_of(zone)));
    if (result.recruitment()) sentences.push_back(what_was_recruited(result));
    if (result.control()) sentences.push_back(against_control(result));
    if (!result.recruitment()) sentences.emplace_back("Recruitment was not recorded.");
    if (result.recruitment() && !result.control()) sentences.emplace_back("There was no control run to compare with.");
    return sentences;
}

// ---- numbers --------------------------------------------------------------------------------------------------------------------

json json_of(const arma::mat& rows) {
    json table = json::array();
    for (arma::uword row = 0; row < rows.n_rows; ++row) table.push_back(arma::conv_to<std::vector<double>>::from(rows.row(row)));
    return table;
}

json json_of(const std::optional<Recruitment>& recruitment) {
    if (!recruitment) return nullptr;
    return {{"recruited", recruitment->recruited},
            {"onset", recruitment->onset_ms},
            {"offset", recruitment->offset_ms},
            {"events", recruitment->events},
            {"bursts", recruitment->bursts}};
}

json json_of(const ThinSeries& series, std::size_t regions) {
    const std::size_t points = series.time.size();
    json rows = json::array();
    for (std::size_t region = 0; region < regions; ++region) {
        const Codes column = coded(std::span(series.values).subspan(region * points, points));
        rows.push_back({{"low", column.low}, {"high", column.high}, {"codes", base64(column.codes)}});
    }
    return rows;
}

/// Every recorded variable, each with the same share of the room.
json series_of(const ResultFile& result, std::size_t room) {
    std::size_t count = 0;
    for (const std::string& monitor : result.monitors()) count += result.variables(monitor).size();
    // A point is its time in 64 bits and 16 bits for each region, and base64 makes 4 bytes of 3.
    const double bytes_per_point = static_cast<double>(8 + 2 * result.regions()) * 4 / 3;
    const double share = static_cast<double>(room) / bytes_per_point / static_cast<double>(std::max<std::size_t>(1, count));
    const auto most = static_cast<std::size_t>(std::clamp(share, 300.0, 20'000.0));

    json all = json::array();
    for (const std::string& monitor : result.monitors())
        for (const std::string& variable : result.variables(monitor)) {
            const ThinSeries series = thinned(result, monitor, variable, most);
            if (series.time.empty()) continue;  // stopped before the first sample
            all.push_back({{"monitor", monitor},
                           {"variable", variable},
                           {"unit", result.unit(monitor, variable)},
                           {"points", series.time.size()},
                           {"stretch", series.stretch},
                           {"time", base64(series.time)},
                           {"rows", json_of(series, result.regions())}});
        }
    return all;
}

/// (to, from) of the strongest connections between different regions, five for each region at most.
json strongest_connections(const arma::mat& weights) {
    const arma::mat strength = arma::abs(weights - arma::diagmat(weights.diag()));
    std::vector<arma::uword> places;
    for (arma::uword i = 0; i < strength.n_elem; ++i)
        if (strength[i] > 0) places.push_back(i);
    const std::size_t count = std::min<std::size_t>({places.size(), 5 * weights.n_rows, 4000});
    std::ranges::partial_sort(places, places.begin() + static_cast<std::ptrdiff_t>(count), std::greater{},
                              [&](arma::uword place) { return strength[place]; });
    json lines = json::array();
    for (std::size_t i = 0; i < count; ++i) lines.push_back({places[i] % weights.n_rows, places[i] / weights.n_rows});
    return lines;
}

/// The entry of largest magnitude of every block of the matrix.
arma::mat by_blocks(const arma::mat& matrix, arma::uword block) {
    const arma::uword size = (matrix.n_rows + block - 1) / block;
    arma::mat pooled(size, size, arma::fill::zeros);
    for (arma::uword column = 0; column < matrix.n_cols; ++column)
        for (arma::uword row = 0; row < matrix.n_rows; ++row)
            if (double& entry = pooled(row / block, column / block); std::abs(matrix(row, column)) > std::abs(entry))
                entry = matrix(row, column);
    return pooled;
}

json matrix_of(const Connectivity& network, std::size_t room) {
    constexpr double bytes_per_entry = 4 * 4 / 3.0;
    const auto largest = static_cast<arma::uword>(std::sqrt(static_cast<double>(room) / bytes_per_entry));
    const arma::uword block = (network.weights().n_rows + largest - 1) / largest;
    const arma::mat weights = by_blocks(network.weights(), block);
    const auto row_major = [](const arma::mat& matrix) { return arma::conv_to<std::vector<float>>::from(arma::vectorise(matrix, 1)); };
    json matrix{{"size", weights.n_rows},
                {"block", block},
                {"weights", base64(row_major(weights))},
                {"strongest", strongest_connections(network.weights())}};
    if (block == 1 && !network.parts().tract_lengths.is_empty()) {
        const Codes lengths = coded(row_major(network.parts().tract_lengths));
        matrix["lengths"] = {{"low", lengths.low}, {"high", lengths.high}, {"codes", base64(lengths.codes)}};
    }
    return matrix;
}

/// A column of a scan: numbers, or names where it has none.
json column_of(const Trials& trials, const std::string& name) {
    const std::vector<double> numbers = trials.numbers(name);
    if (std::ranges::any_of(numbers, [](double x) { return std::isfinite(x); })) return {{"name", name}, {"numbers", base64(numbers)}};
    return {{"name", name}, {"names", trials.texts(name)}};
}

json columns_of(const Trials& trials, const std::vector<std::string>& names) {
    json columns = json::array();
    for (const std::string& name : names) columns.push_back(column_of(trials, name));
    return columns;
}

}  // namespace

std::string report_data(const ResultFile& result, const ReportRoom& room) {
    std::vector<std::size_t> order(result.regions());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (result.recruitment()) order = rows_by_onset(*result.recruitment(), result.in_zone());
    return text_for_page({{"kind", "run"},
                          {"file", result.path().filename().string()},
                          {"version", result.version()},
                          {"created", result.created()},
                          {"model", result.model()},
                          {"duration", result.duration()},
                          {"summary", summary_of(result)},
                          {"labels", result.labels()},
                          {"in_zone", result.in_zone()},
                          {"centres", json_of(result.centres())},
                          {"order", order},
                          {"recruitment", json_of(result.recruitment())},
                          {"control", json_of(result.control())},
                          {"series", series_of(result, room.series)},
                          {"matrix", matrix_of(result.connectivity(), room.matrix)},
                          {"configuration", result.configuration()}});
}

std::string report_data(const Trials& trials, const std::filesystem::path& folder) {
    const auto failed = static_cast<std::size_t>(std::ranges::count(trials.failed(), true));
    const std::string done = failed == 0 ? "All of them ran to their end." : fmt::format("{} of them became invalid or failed.", failed);
    const std::filesystem::path name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
    return text_for_page({{"kind", "scan"},
                          {"file", name.string()},
                          {"summary", {fmt::format("{} trials over {}.", trials.rows.size(), joined(trials.keys, ", ")), done}},
                          {"trials", trials.rows.size()},
                          {"failed", trials.failed()},
                          {"keys", columns_of(trials, trials.keys)},
                          {"measures", columns_of(trials, trials.measures())},
                          {"manifest", trials.manifest}});
}

}  // namespace kation
