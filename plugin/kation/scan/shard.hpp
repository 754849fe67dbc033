#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kation {

/// A part of a campaign that one process does by itself, "2/8": every eighth trial from the second on, so that long trials, which often
/// lie together in a plan, are spread over the shards.
struct Shard {
    std::size_t number = 1, of = 1;  ///< counted from 1

    /// ConfigurationError if the text is no I/N with 1 <= I <= N.
    static Shard from(std::string_view text);

    [[nodiscard]] bool has(std::size_t trial) const { return trial % of == number - 1; }
    [[nodiscard]] bool everything() const { return of == 1; }
    [[nodiscard]] std::string text() const;  ///< "2/8"
    friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace kation
