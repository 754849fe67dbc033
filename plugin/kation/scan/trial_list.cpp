#include <kation/scan/plan.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace kation {
namespace {

/// One record of a table with commas, and the line of the file where it begins.
struct Record {
    std::size_t line;
    std::vector<std::string> cells;
};

/// Cuts a text into records; a cell in double quotes may hold commas, line ends and doubled quotes (RFC 4180). Empty lines are passed over.
class RecordReader {
  public:
    RecordReader(std::string_view text, std::string file) : rest_(text), file_(std::move(file)) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
    }

    std::optional<Record> next() {
        while (!rest_.empty() && (rest_.front() == '\n' || rest_.starts_with("\r\n"))) end_line();
        if (rest_.empty()) return std::nullopt;
        Record record{line_, {}};
        for (;;) {
            record.cells.push_back(trimmed(rest_).starts_with('"') && before_comma_blank() ? quoted(record) : bare());
            if (!rest_.starts_with(',')) break;
            rest_.remove_prefix(1);
        }
        if (!rest_.empty()) end_line();
        return record;
    }

  private:
    void end_line() {
        rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
        ++line_;
    }

    /// Whether what stands before the quote is white space within the line.
    [[nodiscard]] bool before_comma_blank() const { return rest_.find('"') < rest_.find_first_of(",\n"); }

    std::string bare() {
        const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
        std::string cell(trimmed(rest_.substr(0, end)));
        rest_.remove_prefix(end > 0 && end < rest_.size() && rest_[end] == '\n' && rest_[end - 1] == '\r' ? end - 1 : end);
        return cell;
    }

    std::string quoted(const Record& record) {
        const std::size_t begin_line = line_;
        rest_.remove_prefix(rest_.find('"') + 1);
        std::string cell;
        for (;;) {
            const std::size_t quote = rest_.find('"');
            if (quote == std::string_view::npos)
                throw InputError(
                    fmt::format("{}:{}: the quote that opens cell {} is not closed", file_, begin_line, record.cells.size() + 1));
            cell += rest_.substr(0, quote);
            rest_.remove_prefix(quote + 1);
            if (!rest_.starts_with('"')) break;
            cell += '"';  // a doubled quote is one
            rest_.remove_prefix(1);
        }
        line_ += static_cast<std::size_t>(std::ranges::count(cell, '\n'));
        const std::string after = bare();
        if (!after.empty())
            throw InputError(
                fmt::format("{}:{}: '{}' stands behind the closing quote of cell {}", file_, line_, after, record.cells.size() + 1));
        return cell;
    }

    std::string_view rest_;
    std::string file_;
    std::size_t line_ = 1;
};

bool is_whole_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.size() < 19 && (text.size() == 1 || text.front() != '0') &&
           std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// The cell as a TOML value. Numbers in other spellings than TOML's (".5", "1.", "007") are numbers too.
std::string toml_value(const std::string& cell, const std::string& place) {
    if (is_whole_number(cell)) return cell;
    if (const auto number = number_from(cell)) return shortest(*number);
    if (cell.empty()) throw InputError(fmt::format("{}: the cell is empty", place));
    try {
        if (toml::parse(fmt::format("value = {}", cell)).size() == 1) return cell;
    } catch (const toml::parse_error& problem) {
        // A bare word is a text; what begins as a text, a list or a table has to be one.
        if (std::string_view("\"'[{").find(cell.front()) == std::string_view::npos && cell.find_first_of("\"'\n\\") == std::string::npos)
            return fmt::format("\"{}\"", cell);
        throw InputError(fmt::format("{}: '{}' is no value of TOML: {}", place, cell, problem.description()));
    }
    throw InputError(fmt::format("{}: '{}' is more than one value", place, cell));
}

std::vector<SweptKey> header_of(const Record& record, const std::string& file) {
    std::vector<SweptKey> keys;
    for (const std::string& cell : record.cells) {
        const std::string place = fmt::format("{}:{}: column {}", file, record.line, keys.size() + 1);
        if (cell.empty()) throw InputError(fmt::format("{} has no name; the first line names the keys", place));
        if (number_from(cell))
            throw InputError(
                fmt::format("{} is named '{}', a number; the first line names the keys: coupling.G,integrator.seed", place, cell));
        if (std::ranges::find(keys, cell, &SweptKey::key) != keys.end())
            throw InputError(fmt::format("{} repeats the key '{}'", place, cell));
        keys.push_back({.key = cell});
    }
    return keys;
}

}  // namespace

std::vector<SweptKey> read_trial_list(const std::filesystem::path& path) {
    const std::string file = path.string();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) throw InputError(fmt::format("there is no list of trials {}", file));
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw InputError(fmt::format("the list of trials {} cannot be read", file));
    RecordReader reader(text, file);
    const auto header = reader.next();
    if (!header) throw InputError(fmt::format("{} is empty; its first line names the keys: coupling.G,integrator.seed", file));
    std::vector<SweptKey> keys = header_of(*header, file);
    while (const auto record = reader.next()) {
        if (record->cells.size() != keys.size())
            throw InputError(fmt::format("{}:{}: has {} cells, the header has {}", file, record->line, record->cells.size(), keys.size()));
        for (std::size_t k = 0; k < keys.size(); ++k)
            keys[k].values.push_back(
                toml_value(record->cells[k], fmt::format("{}:{}: column {} ({})", file, record->line, k + 1, keys[k].key)));
    }
    if (keys.front().values.empty()) throw InputError(fmt::format("{} names keys but has no trial below them", file));
    return keys;
}

}  // namespace kation
