#include <kation/scan/shard.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <charconv>

namespace kation {
namespace {

/// The whole text as a count above 0; 0 if it is none.
std::size_t count_from(std::string_view text) {
    std::size_t count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    return problem == std::errc{} && end == text.data() + text.size() ? count : 0;
}

}  // namespace

Shard Shard::from(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        const Shard shard{count_from(text.substr(0, slash)), count_from(text.substr(slash + 1))};
        if (shard.number >= 1 && shard.number <= shard.of) return shard;
    }
    throw ConfigurationError(
        fmt::format("--shard '{}' is no part I/N of a campaign: 1/8 is the first of eight, 8/8 the last; I lies between 1 and N", text));
}

std::string Shard::text() const { return fmt::format("{}/{}", number, of); }

}  // namespace kation
