#include <kation/scan/plan.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <sstream>

namespace kation {
namespace {

/// Evenly spaced values, both ends included, each computed from its number so that errors do not add up.
std::vector<std::string> spaced(Section& range) {
    const auto from = range.number("from"), to = range.number("to");
    if (!from || !to) range.fail("", "needs either values = [...] or from, to and steps");
    if (!std::isfinite(*from) || !std::isfinite(*to)) range.fail("", "needs from and to that are finite numbers");
    const std::int64_t steps = range.integer("steps", 11);
    if (steps < 1) range.fail("steps", fmt::format("= {} is below 1", steps));
    std::vector<std::string> values;
    for (std::int64_t k = 0; k < steps; ++k) {
        const double part = steps == 1 ? 0.0 : static_cast<double>(k) / static_cast<double>(steps - 1);
        values.push_back(fmt::format("{:.12g}", *from + (*to - *from) * part));
    }
    return values;
}

std::vector<std::string> listed(Section& range) {
    const toml::array* array = range.node("values")->as_array();
    if (array == nullptr || array->empty()) range.fail("values", "is not a list with at least one value");
    std::vector<std::string> values;
    for (const toml::node& each : *array) {
        std::ostringstream text;
        each.visit([&](const auto& value) { text << value; });
        values.push_back(text.str());
    }
    return values;
}

}  // namespace

Plan::Plan(std::vector<SweptKey> keys) : keys_(std::move(keys)) {}

std::size_t Plan::trials() const {
    std::size_t count = 1;
    for (const SweptKey& key : keys_) count *= key.values.size();
    return count;
}

std::vector<std::string> Plan::values(std::size_t trial) const {
    std::vector<std::string> values(keys_.size());
    for (std::size_t k = keys_.size(); k-- > 0;) {
        values[k] = keys_[k].values[trial % keys_[k].values.size()];
        trial /= keys_[k].values.size();
    }
    return values;
}

Document Plan::document(const Document& base, std::size_t trial) const {
    Document document = base;
    const auto chosen = values(trial);
    for (std::size_t k = 0; k < keys_.size(); ++k) document.set(fmt::format("{}={}", keys_[k].key, chosen[k]));
    return document;
}

ScanSettings read_scan(const Document& document) {
    toml::table used;
    Section root(document.table(), used, "");
    if (!root.has("scan")) throw ConfigurationError(fmt::format("{} has no table [scan]", document.file().string()));
    Section section = root.section("scan");
    if (const std::string mode = section.text("mode", "grid"); mode != "grid")
        section.fail("mode", fmt::format("= \"{}\" is not known; this version knows \"grid\"", mode));
    if (const std::string keep = section.text("keep", "summary"); keep != "summary")
        section.fail("keep", fmt::format("= \"{}\" is not known; this version knows \"summary\"", keep));
    if (!section.truth("same_noise", true)) section.fail("same_noise", "= false is not known; in this version all trials share the seed");
    Section keys = section.section("keys");
    std::vector<SweptKey> swept;
    for (const std::string& key : keys.keys()) {
        Section range = keys.section(key);
        swept.push_back({key, range.has("values") ? listed(range) : spaced(range)});
        range.finish();
    }
    if (swept.empty()) section.fail("", "needs keys = { \"coupling.G\" = { from = 0, to = 100, steps = 11 } }");
    ScanSettings settings{Plan(std::move(swept)), section.texts("measures"), 0.0, std::numeric_limits<double>::infinity()};
    if (settings.measures.empty()) settings.measures = {"recruited", "first_onset"};
    if (section.has("window")) {
        const auto window = section.numbers("window");
        if (window.size() != 2 || !(window[0] < window[1])) section.fail("window", "is not [from, to] in ms");
        settings.from = window[0];
        settings.to = window[1];
    }
    section.finish({"window"});
    return settings;
}

}  // namespace kation
