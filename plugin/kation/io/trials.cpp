#include <kation/io/trials.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>

namespace kation {
namespace {

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError(fmt::format("{}: cannot be read; a scan's folder holds trials.csv and manifest.json", path.string()));
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Rows of comma-separated values; fields in double quotes may hold commas, line ends and doubled quotes (RFC 4180).
std::vector<std::vector<std::string>> rows_of_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    bool in_quotes = false, at_start = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (std::exchange(at_start, false)) rows.emplace_back(1);
        std::string& field = rows.back().back();
        if (in_quotes) {
            if (text[i] != '"')
                field += text[i];
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field += text[i++];  // a doubled quote is one
            else
                in_quotes = false;
        } else if (text[i] == '"') {
            in_quotes = true;
        } else if (text[i] == ',') {
            rows.back().emplace_back();
        } else if (text[i] == '\n') {
            at_start = true;
        } else if (text[i] != '\r') {
            field += text[i];
        }
    }
    return rows;
}

/// The keys that were swept, and how: trials without a row yet.
Trials plan_in(const std::filesystem::path& file, const std::string& manifest) {
    try {
        const nlohmann::json plan = nlohmann::json::parse(manifest);
        const std::string mode = plan.value("settings", nlohmann::json::object()).value("scan.mode", "'grid'");
        return {.columns = {},
                .keys = plan.at("keys").get<std::vector<std::string>>(),
                .rows = {},
                .manifest = manifest,
                .grid = mode == "'grid'"};
    } catch (const nlohmann::json::exception& problem) {
        throw InputError(fmt::format("{}: names no swept keys ({})", file.string(), problem.what()));
    }
}

}  // namespace

std::vector<std::string> Trials::measures() const {
    static constexpr std::array<std::string_view, 4> about_the_trial{"trial", "seed", "status", "message"};
    std::vector<std::string> names;
    for (const std::string& column : columns)
        if (std::ranges::count(about_the_trial, column) == 0 && std::ranges::count(keys, column) == 0) names.push_back(column);
    return names;
}

std::vector<std::string> Trials::texts(const std::string& column) const {
    const auto place = static_cast<std::size_t>(std::ranges::find(columns, column) - columns.begin());
    std::vector<std::string> cells;
    for (const auto& row : rows) cells.push_back(row[place]);
    return cells;
}

std::vector<double> Trials::numbers(const std::string& column) const {
    std::vector<double> values;
    for (const std::string& cell : texts(column)) values.push_back(number_from(cell).value_or(std::numeric_limits<double>::quiet_NaN()));
    return values;
}

std::vector<bool> Trials::failed() const {
    std::vector<bool> flags(rows.size(), false);
    if (!has("status")) return flags;
    const std::vector<std::string> status = texts("status");
    for (std::size_t i = 0; i < rows.size(); ++i) flags[i] = status[i] != "ok";
    return flags;
}

Trials read_trials(const std::filesystem::path& folder) {
    const std::filesystem::path table = folder / "trials.csv";
    Trials trials = plan_in(folder / "manifest.json", content_of(folder / "manifest.json"));
    trials.rows = rows_of_csv(content_of(table));
    if (trials.rows.size() < 2) throw InputError(fmt::format("{}: holds no trial", table.string()));
    trials.columns = trials.rows.front();
    trials.rows.erase(trials.rows.begin());
    for (std::size_t i = 0; i < trials.rows.size(); ++i)
        if (trials.rows[i].size() != trials.columns.size())
            throw InputError(fmt::format("{}:{}: has {} fields, the header has {}", table.string(), i + 2, trials.rows[i].size(),
                                         trials.columns.size()));
    for (const std::string& key : trials.keys)
        if (!trials.has(key)) throw InputError(fmt::format("{}: has no column for the swept key '{}'", table.string(), key));
    return trials;
}

}  // namespace kation
