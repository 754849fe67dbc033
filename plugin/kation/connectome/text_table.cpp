#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <boost/algorithm/string/replace.hpp>

#include <algorithm>
#include <cmath>
#include <istream>
#include <optional>
#include <ranges>
#include <string_view>

namespace kation {
namespace {

using Cells = std::vector<std::string_view>;

struct Line {
    std::size_t number;
    std::string text;
};

/// The lines that hold something.
class Lines {
  public:
    Lines(std::istream& stream, const std::string& place) : buffer_(*stream.rdbuf()), place_(place) {}

    std::optional<Line> next() {
        while (raw_line()) {
            if (number_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
            if (text_.ends_with('\r')) text_.pop_back();
            const std::string_view content = trimmed(text_);
            if (!content.empty() && content.front() != '#') return Line{number_, text_};
        }
        return std::nullopt;
    }

    /// The first lines, at most `count` of them.
    std::vector<Line> head(std::size_t count) {
        std::vector<Line> lines;
        while (lines.size() < count) {
            auto line = next();
            if (!line) break;
            lines.push_back(std::move(*line));
        }
        if (lines.empty()) throw InputError(place_ + ": is empty");
        return lines;
    }

  private:
    bool raw_line() {
        constexpr int end = std::char_traits<char>::eof();
        constexpr std::size_t longest_line = most_regions * 64;
        text_.clear();
        int character = next_character();
        if (character == end) return false;
        ++number_;
        for (; character != end && character != '\n'; character = next_character()) {
            text_.push_back(static_cast<char>(character));
            if (text_.size() > longest_line) {
                throw InputError(
                    fmt::format("{}:{}: is longer than the {} bytes that a row of a connectome can need", place_, number_, longest_line));
            }
        }
        return true;
    }

    int next_character() {
        if (++bytes_ > most_bytes) throw InputError(fmt::format("{}: is larger than the {} GiB allowed", place_, most_bytes >> 30));
        try {
            return buffer_.sbumpc();
        } catch (const std::ios_base::failure&) {
            throw InputError(fmt::format("{}: is truncated or damaged after line {}", place_, number_));
        }
    }

    std::streambuf& buffer_;
    const std::string& place_;
    std::string text_;
    std::size_t number_ = 0, bytes_ = 0;
};

constexpr std::string_view blanks = " \t";

/// Where the cell that begins at `begin` ends: at the next separator outside quotes.
std::size_t end_of_cell(std::string_view line, std::size_t begin, std::string_view separators) {
    bool quoted = false;
    std::size_t i = begin;
    for (; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (!quoted && separators.find(line[i]) != std::string_view::npos) break;
    }
    return i;
}

/// Cells without the blanks around them. Of separators other than blanks, one at the end of a line makes no cell.
Cells cells_of(std::string_view line, std::string_view separators) {
    Cells cells;
    line = line.substr(0, line.find_last_not_of(' ') + 1);
    std::size_t begin = 0;
    while (begin < line.size()) {
        const std::size_t end = end_of_cell(line, begin, separators);
        const std::string_view cell = trimmed(line.substr(begin, end - begin));
        if (separators != blanks || !cell.empty()) cells.push_back(cell);
        begin = end + 1;
    }
    return cells;
}

/// A cell's text; a doubled quote within quotes stands for one.
std::string unquoted(std::string_view cell) {
    if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return std::string(cell);
    return boost::replace_all_copy(std::string(cell.substr(1, cell.size() - 2)), "\"\"", "\"");
}

std::optional<double> number_in(std::string_view cell) { return cell.starts_with('"') ? number_from(unquoted(cell)) : number_from(cell); }

/// True for a cell that its writer meant as a number; programs quote names, also such as "1".
bool looks_like_number(std::string_view cell) { return number_from(cell).has_value(); }

/// What separates the cells of a table, by one of its lines: semicolons (then a comma may be a misplaced decimal sign), commas, tabs where
/// names are about (they may hold blanks), and blanks.
std::string_view separators_of(std::string_view line) {
    for (const std::string_view separator : {";", ","}) {
        if (end_of_cell(line, 0, separator) < line.size()) return separator;
    }
    const bool tabs = end_of_cell(line, 0, "\t") < line.size();
    return tabs && !std::ranges::all_of(cells_of(line, blanks), looks_like_number) ? "\t" : blanks;
}

/// "column 3 holds 'x'", at most the beginning of a long value.
std::string column_holds(std::size_t column, std::string_view cell) {
    constexpr std::size_t most = 40;
    return fmt::format("column {} holds '{}{}'", column + 1, cell.substr(0, most), cell.size() > most ? "..." : "");
}

double finite_number(std::string_view cell, std::size_t column, std::size_t line, const std::string& place) {
    const std::optional<double> number = number_in(cell);
    if (number && std::isfinite(*number)) return *number;
    throw InputError(fmt::format("{}:{}: {}, which is not a {}number", place, line, column_holds(column, cell), number ? "finite " : ""));
}

/// How a table is written, as its first lines tell.
struct Layout {
    std::string_view separators;
    bool header = false;      ///< the first line names the columns
    bool row_names = false;   ///< the first cell of each line names the row
    std::size_t columns = 0;  ///< numbers per line

    explicit Layout(const std::vector<Line>& head) : separators(separators_of(head.front().text)) {
        const Cells first = cells_of(head.front().text, separators);
        const bool no_corner = first.front().empty();
        header = no_corner || std::ranges::none_of(first, looks_like_number);
        const auto named = [&](const Line& line) {
            const Cells cells = cells_of(line.text, separators);
            return cells.size() > 1 && !looks_like_number(cells.front());
        };
        const auto rows = head | std::views::drop(header ? 1 : 0) | std::views::take(2);
        row_names = !rows.empty() && (no_corner || std::ranges::all_of(rows, named));
        columns = rows.empty() ? first.size() : cells_of(rows.front().text, separators).size() - (row_names ? 1 : 0);
    }
};

/// Collects a table line by line.
class Table {
  public:
    Table(Layout layout, const std::string& place) : layout_(layout), place_(place) {
        if (layout_.columns > most_regions) {
            throw InputError(fmt::format("{}: has {} columns; at most {} regions are allowed", place_, layout_.columns, most_regions));
        }
    }

    void add_header(const Line& line) {
        Cells cells = cells_of(line.text, layout_.separators);
        if (layout_.row_names && cells.size() == layout_.columns + 1) cells.erase(cells.begin());
        if (cells.size() != layout_.columns) wrong_count(line, cells.size(), "names");
        std::ranges::transform(cells, std::back_inserter(column_names_), unquoted);
    }

    void add(const Line& line) {
        const Cells cells = cells_of(line.text, layout_.separators);
        const std::size_t first = layout_.row_names ? 1 : 0;
        if (cells.size() != layout_.columns + first) wrong_count(line, cells.size() - std::min(first, cells.size()), "numbers");
        if (layout_.row_names) row_names_.push_back(unquoted(cells.front()));
        for (std::size_t i = first; i < cells.size(); ++i) numbers_.push_back(finite_number(cells[i], i, line.number, place_));
        if (++rows_ > most_regions) throw InputError(fmt::format("{}: has more than the {} rows allowed", place_, most_regions));
    }

    TextTable finished() {
        if (rows_ == 0) throw InputError(place_ + ": holds names but no numbers");
        if (!column_names_.empty() && !row_names_.empty() && column_names_ != row_names_) {
            const auto [column, row] = std::ranges::mismatch(column_names_, row_names_);
            throw InputError(fmt::format("{}: rows and columns must have the same names in the same order; column '{}' meets row '{}'",
                                         place_, column == column_names_.end() ? "" : *column, row == row_names_.end() ? "" : *row));
        }
        const arma::mat transposed(numbers_.data(), layout_.columns, rows_, false, true);
        return {transposed.t(), column_names_.empty() ? std::move(row_names_) : std::move(column_names_)};
    }

  private:
    [[noreturn]] void wrong_count(const Line& line, std::size_t count, std::string_view what) const {
        throw InputError(
            fmt::format("{}:{}: has {} {} where {} are expected, as in the first row", place_, line.number, count, what, layout_.columns));
    }

    Layout layout_;
    const std::string& place_;
    std::vector<double> numbers_;
    std::vector<std::string> column_names_, row_names_;
    std::size_t rows_ = 0;
};

/// Collects regions line by line; the first two lines tell how the list is written.
class RegionLines {
  public:
    RegionLines(const std::vector<Line>& head, const std::string& place)
        : separators_(separators_of(head.back().text)), with_centres_(has_centre(head.back())), place_(place) {}

    [[nodiscard]] bool is_header(const Line& line) const { return with_centres_ && !has_centre(line); }

    void add(const Line& line) {
        const Cells cells = cells_of(line.text, separators_);
        const bool only_a_name = !with_centres_ && separators_ == blanks;  // it may consist of several words
        labels_.push_back(unquoted(only_a_name ? trimmed(line.text) : cells.front()));
        if (labels_.size() > most_regions) throw InputError(fmt::format("{}: has more than the {} regions allowed", place_, most_regions));
        if (!with_centres_) return;
        if (cells.size() < 4) throw InputError(fmt::format("{}:{}: has no centre x y z, as other lines have", place_, line.number));
        for (std::size_t i = 1; i < 4; ++i) coordinates_.push_back(finite_number(cells[i], i, line.number, place_));
    }

    RegionList finished() {
        if (!with_centres_) return {std::move(labels_), {}};
        const arma::mat transposed(coordinates_.data(), 3, coordinates_.size() / 3, false, true);
        return {std::move(labels_), transposed.t()};
    }

  private:
    [[nodiscard]] bool has_centre(const Line& line) const {
        const Cells cells = cells_of(line.text, separators_);
        return cells.size() >= 4 && number_in(cells[1]);
    }

    std::string_view separators_;
    bool with_centres_;
    const std::string& place_;
    std::vector<std::string> labels_;
    std::vector<double> coordinates_;
};

}  // namespace

TextTable read_text_table(std::istream& stream, const std::string& place) {
    Lines lines(stream, place);
    const std::vector<Line> head = lines.head(3);
    const Layout layout(head);
    Table table(layout, place);
    if (layout.header) table.add_header(head.front());
    for (const Line& line : head | std::views::drop(layout.header ? 1 : 0)) table.add(line);
    while (const auto line = lines.next()) table.add(*line);
    return table.finished();
}

RegionList read_region_list(std::istream& stream, const std::string& place) {
    Lines lines(stream, place);
    const std::vector<Line> head = lines.head(2);
    RegionLines regions(head, place);
    for (const Line& line : head | std::views::drop(regions.is_header(head.front()) ? 1 : 0)) regions.add(line);
    while (const auto line = lines.next()) regions.add(*line);
    return regions.finished();
}

}  // namespace kation
