#include <kation/scan/condition.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace kation {
namespace {

using Comparison = Condition::Comparison;

constexpr std::array<std::string_view, 4> signs{">=", ">", "<=", "<"};  // in the order of Comparison

}  // namespace

Condition Condition::from(std::string_view text, std::string_view option) {
    const auto fail = [&](std::string_view why) -> void {
        throw ConfigurationError(
            fmt::format("{} \"{}\": {}; it is a measure, one of >= > <= <, and a number: \"recruited >= 1\"", option, text, why));
    };
    const std::size_t at = text.find_first_of("<>=");
    if (at == std::string_view::npos) fail("there is no comparison");
    const std::size_t after = std::min(text.find_first_not_of("<>=", at), text.size());
    const auto sign = std::ranges::find(signs, text.substr(at, after - at));
    if (sign == signs.end()) fail(fmt::format("there is no comparison '{}'", text.substr(at, after - at)));
    const std::string_view measure = trimmed(text.substr(0, at)), value = trimmed(text.substr(after));
    if (measure.empty()) fail("there is no measure");
    const auto number = number_from(value);
    if (!number || !std::isfinite(*number)) fail(fmt::format("'{}' is no finite number", value));
    return {std::string(measure), static_cast<Comparison>(sign - signs.begin()), *number};
}

std::string Condition::text() const {
    return fmt::format("{} {} {}", measure, signs[static_cast<std::size_t>(comparison)], shortest(number));
}

bool Condition::holds(double value) const {
    switch (comparison) {
        case Comparison::at_least:
            return value >= number;
        case Comparison::above:
            return value > number;
        case Comparison::at_most:
            return value <= number;
        case Comparison::below:
            break;
    }
    return value < number;
}

std::optional<bool> Condition::settled(double value) const {
    const bool upwards = comparison == Comparison::at_least || comparison == Comparison::above;
    if (std::isnan(value) || holds(value) != upwards) return std::nullopt;
    return upwards;
}

}  // namespace kation
