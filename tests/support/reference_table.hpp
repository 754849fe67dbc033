#pragma once

#include <kation/support/text.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// A table made by independent code: comment lines with '#', a header, comma-separated cells.
class ReferenceTable {
  public:
    using Row = std::map<std::string, std::string>;

    explicit ReferenceTable(const std::filesystem::path& file) {
        std::ifstream in(file);
        if (!in) throw std::runtime_error("no reference table " + file.string());
        std::vector<std::string> names;
        for (std::string line; std::getline(in, line);) {
            if (line.empty() || line[0] == '#') continue;
            const auto cells = cells_of(line);
            if (names.empty()) {
                names = cells;
                continue;
            }
            Row row;
            for (std::size_t k = 0; k < names.size(); ++k) row[names[k]] = cells.at(k);
            rows_.push_back(std::move(row));
        }
    }

    const std::vector<Row>& rows() const { return rows_; }
    static double number(const Row& row, const std::string& column) { return kation::number_from(row.at(column)).value(); }

  private:
    static std::vector<std::string> cells_of(const std::string& line) {
        std::vector<std::string> cells{""};
        for (const char c : line) {
            if (c == ',')
                cells.emplace_back();
            else if (c != '\r')
                cells.back() += c;
        }
        return cells;
    }

    std::vector<Row> rows_;
};
