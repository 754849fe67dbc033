#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace kation {

/// The table of a scan's trials, and which of its columns were swept.
struct Trials {
    std::vector<std::string> columns, keys;
    std::vector<std::vector<std::string>> rows;
    std::string manifest;  ///< manifest.json as it is: how the scan was made
    bool grid = true;      ///< every combination of the keys' values; else a list or draws

    [[nodiscard]] bool has(const std::string& column) const { return std::ranges::count(columns, column) > 0; }

    /// Columns that were measured, the control's among them as "control.<measure>".
    [[nodiscard]] std::vector<std::string> measures() const;

    /// A column that the table has, one entry per trial.
    [[nodiscard]] std::vector<std::string> texts(const std::string& column) const;
    /// A column as numbers; NaN where there is none or the trial did not end well.
    [[nodiscard]] std::vector<double> numbers(const std::string& column) const;
    [[nodiscard]] std::vector<bool> failed() const;
};

/// Reads trials.csv and manifest.json of a scan's folder. InputError if they are missing or do not fit each other.
Trials read_trials(const std::filesystem::path& folder);

}  // namespace kation
