#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// The whole text as a number ("inf", "-inf" and "nan" included), independent of the locale; nothing if any character is left over.
std::optional<double> number_from(std::string_view text);

/// The shortest text that reads back as the same double: "0.1", "inf".
std::string shortest(double value);

/// Text without white space at its ends.
std::string_view trimmed(std::string_view text);

/// A text as a cell of a table with commas: in double quotes if it holds what would end the cell (RFC 4180).
std::string csv_cell(std::string_view text);

/// True if `text` fits a shell pattern with * and ?.
bool matches(std::string_view pattern, std::string_view text);

/// "a, b, c"
std::string joined(std::span<const std::string> names, std::string_view separator = ", ");

/// Known names most like a misspelt one, best first; empty if none is near. Two neighbours exchanged count as one slip.
std::vector<std::string> nearest(std::string_view misspelt, std::span<const std::string> known, std::size_t most = 3);

/// " (did you mean 'K_bath'?)", or "; known: a, b, c" if no known name is near and the list is short.
std::string suggestion(std::string_view misspelt, std::span<const std::string> known);

}  // namespace kation
