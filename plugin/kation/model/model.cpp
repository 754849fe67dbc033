#include <kation/model/model.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kation {
namespace {

std::size_t index_in(std::span<const Field> fields, std::string_view name, std::string_view model, std::string_view kind) {
    const auto found = std::ranges::find(fields, name, [](const Field& field) { return field.name.view(); });
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
    const auto known = names_of(fields);
    if (known.empty()) throw ConfigurationError(fmt::format("{}: no {} '{}'; the model has none", model, kind, name));
    throw ConfigurationError(fmt::format("{}: no {} '{}'{}", model, kind, name, suggestion(name, known)));
}

}  // namespace

std::vector<std::string> names_of(std::span<const Field> fields) {
    std::vector<std::string> names;
    for (const Field& field : fields) names.emplace_back(field.name.view());
    return names;
}

std::string text_of(const Range& range) {
    const bool low_open = range.ends == Ends::open || range.ends == Ends::open_low || range.low == -inf;
    const bool high_open = range.ends == Ends::open || range.ends == Ends::open_high || range.high == inf;
    return fmt::format("{}{}, {}{}", low_open ? '(' : '[', shortest(range.low), shortest(range.high), high_open ? ')' : ']');
}

std::size_t Entry::parameter_index(std::string_view name) const { return index_in(parameters, name, info.name, "parameter"); }
std::size_t Entry::state_index(std::string_view name) const { return index_in(state, name, info.name, "state variable"); }
std::size_t Entry::option_index(std::string_view name) const { return index_in(options, name, info.name, "option"); }

const PresetValues& Entry::preset(std::string_view name) const {
    const auto found = std::ranges::find(presets, name, &PresetValues::name);
    if (found != presets.end()) return *found;
    std::vector<std::string> known;
    for (const auto& each : presets) known.emplace_back(each.name);
    throw ConfigurationError(fmt::format("{}: no preset '{}'{}", info.name, name, suggestion(name, known)));
}

}  // namespace kation
