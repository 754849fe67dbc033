#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kation {

/// A question to a trial that is true or false: "recruited >= 1", "V.max[D] > -20".
struct Condition {
    enum class Comparison : std::uint8_t { at_least, above, at_most, below };
    std::string measure;  ///< as scan.measures has it
    Comparison comparison;
    double number;

    /// @param option  where it was said, for messages. ConfigurationError if it is no MEASURE, >= > <= or <, and a number
    static Condition from(std::string_view text, std::string_view option);

    [[nodiscard]] std::string text() const;
    /// False for NaN: what was not measured is neither above nor below.
    [[nodiscard]] bool holds(double value) const;
    /// The answer that a measure which never falls gives now and will give at the end; nothing if that is open.
    [[nodiscard]] std::optional<bool> settled(double value) const;
};

}  // namespace kation
