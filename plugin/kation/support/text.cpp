#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>

namespace kation {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Number of insertions, deletions, substitutions and exchanges of neighbours that make one text of the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1), above(b.size() + 1), two_above(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::swap(two_above, above);
        std::swap(above, row);
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            row[j + 1] = std::min({row[j] + 1, above[j + 1] + 1, above[j] + (a[i] == b[j] ? 0 : 1)});
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) row[j + 1] = std::min(row[j + 1], two_above[j - 1] + 1);
        }
    }
    return row.back();
}

}  // namespace

std::optional<double> number_from(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string shortest(double value) { return fmt::format("{}", value); }

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
            ++p, ++t;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++, resume = t;
        } else if (star != std::string_view::npos) {
            p = star + 1, t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string joined(std::span<const std::string> names, std::string_view separator) {
    return fmt::format("{}", fmt::join(names, separator));
}

std::vector<std::string> nearest(std::string_view misspelt, std::span<const std::string> known, std::size_t most) {
    const std::string wanted = lower(misspelt);
    std::vector<std::pair<std::size_t, std::string>> scored;
    for (const std::string& name : known) {
        const std::string candidate = lower(name);
        std::size_t edits = edits_between(wanted, candidate);
        const std::size_t shorter = std::min(wanted.size(), candidate.size()), longer = std::max(wanted.size(), candidate.size());
        const bool part = shorter >= 3 && (candidate.find(wanted) != std::string::npos || wanted.find(candidate) != std::string::npos);
        if (part) edits = std::min<std::size_t>(edits, 2);
        if (part || (edits <= std::max<std::size_t>(1, longer / 3) && edits < longer)) scored.emplace_back(edits, name);
    }
    std::ranges::stable_sort(scored, {}, &std::pair<std::size_t, std::string>::first);
    std::vector<std::string> names;
    for (const auto& [edits, name] : scored)
        if (names.size() < most) names.push_back(name);
    return names;
}

std::string suggestion(std::string_view misspelt, std::span<const std::string> known) {
    const auto near = nearest(misspelt, known);
    if (!near.empty()) return fmt::format(" (did you mean '{}'?)", fmt::join(near, "' or '"));
    constexpr std::size_t short_list = 40;
    if (!known.empty() && known.size() <= short_list) return fmt::format("; known: {}", joined(known));
    return {};
}

}  // namespace kation
