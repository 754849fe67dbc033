#include <kation/scan/plan.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace kation {
namespace {

std::vector<std::string> listed(Section& range) {
    const toml::array* array = range.node("values")->as_array();
    if (array == nullptr || array->empty()) range.fail("values", "is not a list with at least one value");
    std::vector<std::string> values;
    for (const toml::node& each : *array) {
        if (const auto* number = each.as_floating_point()) {
            // toml++ writes 0.2 with 17 digits.
            const std::string digits = shortest(number->get());
            values.push_back(digits.find_first_of(".eni") == std::string::npos ? digits + ".0" : digits);
            continue;
        }
        std::ostringstream text;
        each.visit([&](const auto& value) { text << value; });
        values.push_back(text.str());
    }
    return values;
}

void read_range(Section& range, SweptKey& key, bool grid) {
    const auto from = range.number("from"), to = range.number("to");
    if (!from || !to) range.fail("", fmt::format("needs either values = [...] or from, to{}", grid ? " and steps" : ""));
    if (!std::isfinite(*from) || !std::isfinite(*to)) range.fail("", "needs from and to that are finite numbers");
    key.from = *from;
    key.to = *to;
    const std::string scale = range.text("scale", "linear");
    if (scale != "linear" && scale != "log")
        range.fail("scale", fmt::format("= \"{}\" is not known{}", scale, suggestion(scale, std::vector<std::string>{"linear", "log"})));
    key.logarithmic = scale == "log";
    if (key.logarithmic && !(*from > 0 && *to > 0))
        range.fail("scale", fmt::format("= \"log\" needs a range above 0, not {} to {}", shortest(*from), shortest(*to)));
    if (grid) {
        const std::int64_t steps = range.integer("steps", 11);
        if (steps < 1) range.fail("steps", fmt::format("= {} is below 1", steps));
        key.steps = static_cast<std::size_t>(steps);
        if (range.has("whole")) range.fail("whole", "is for mode = \"random\" and \"latin\"; a grid's values follow from its steps");
        return;
    }
    if (range.has("steps")) range.fail("steps", "are for mode = \"grid\"; random and latin plans have scan.n trials");
    if (!(*from <= *to)) range.fail("from", fmt::format("= {} is above to = {}", shortest(*from), shortest(*to)));
    key.whole = range.truth("whole", false);
    constexpr double largest = 0x1p52;
    if (key.whole && (std::trunc(*from) != *from || std::trunc(*to) != *to || !(*to - *from < largest) || key.logarithmic))
        range.fail("whole", "= true needs whole numbers from and to, on a linear scale");
}

std::vector<SweptKey> read_keys(Section& section, bool grid) {
    Section keys = section.section("keys");
    std::vector<SweptKey> swept;
    for (const std::string& name : keys.keys()) {
        Section range = keys.section(name);
        SweptKey key{.key = name};
        if (range.has("values"))
            key.values = listed(range);
        else
            read_range(range, key, grid);
        range.finish({"values", "from", "to"});
        swept.push_back(std::move(key));
    }
    if (swept.empty()) section.fail("", "needs keys = { \"coupling.G\" = { from = 0, to = 100, steps = 11 } }");
    return swept;
}

Plan read_list(Section& section, const Document& document) {
    const auto file = section.text("file");
    if (!file) section.fail("", "needs file = \"trials.csv\" for mode = \"list\": a header of keys, and a row for each trial");
    if (section.has("keys")) section.fail("keys", "are for the other modes; a list names its keys in the header of its file");
    return Plan::list(read_trial_list(document.folder() / *file));
}

Plan read_plan(Section& section, const Document& document) {
    const std::vector<std::string> modes{"grid", "list", "random", "latin"};
    const std::string mode = section.text("mode", "grid");
    if (std::ranges::find(modes, mode) == modes.end())
        section.fail("mode", fmt::format("= \"{}\" is not known{}", mode, suggestion(mode, modes)));
    const bool drawn = mode == "random" || mode == "latin";
    for (const char* key : {"n", "seed"})
        if (!drawn && section.has(key)) section.fail(key, fmt::format("is for mode = \"random\" and \"latin\", not \"{}\"", mode));
    if (mode != "list" && section.has("file")) section.fail("file", fmt::format("is for mode = \"list\", not \"{}\"", mode));
    if (mode == "list") return read_list(section, document);
    std::vector<SweptKey> keys = read_keys(section, !drawn);
    if (!drawn) return Plan::grid(std::move(keys));
    if (!section.has("n")) section.fail("", fmt::format("needs n = ..., the number of trials, for mode = \"{}\"", mode));
    const std::int64_t n = section.integer("n", 0), seed = section.integer("seed", 42);
    if (n < 1) section.fail("n", fmt::format("= {} is below 1", n));
    if (seed < 0) section.fail("seed", fmt::format("= {} is below 0", seed));
    const auto trials = static_cast<std::size_t>(n);
    const auto number = static_cast<std::uint64_t>(seed);
    return mode == "random" ? Plan::random(std::move(keys), trials, number) : Plan::latin(std::move(keys), trials, number);
}

/// Keys that a scan cannot sweep.
void check_keys(const Plan& plan, Section& section) {
    for (const SweptKey& key : plan.keys())
        if (trimmed(key.key) == "scan" || trimmed(key.key).starts_with("scan."))
            section.fail("", fmt::format("sweeps '{}', which is about the scan itself", key.key));
}

void read_noise_seeds(Section& section, const Document& document, Plan& plan) {
    if (section.truth("same_noise", true)) return;
    for (const SweptKey& key : plan.keys())
        if (key.key == "integrator.seed") section.fail("same_noise", "= false draws a seed for each trial, but integrator.seed is swept");
    const auto seed = document.table()["integrator"]["seed"].value<std::int64_t>().value_or(42);
    plan.draw_noise_seeds(static_cast<std::uint64_t>(std::max<std::int64_t>(0, seed)));  // a negative one is refused with its place later
}

MeasureSettings read_measures(Section& section) {
    MeasureSettings measures{section.texts("measures")};
    if (measures.names.empty()) measures.names = {"recruited", "first_onset"};
    if (section.has("window")) {
        const auto window = section.numbers("window");
        if (window.size() != 2 || !(window[0] < window[1])) section.fail("window", "is not [from, to] in ms");
        measures.from = window[0];
        measures.to = window[1];
    }
    measures.sampling = section.number("sampling");
    if (measures.sampling && !(*measures.sampling > 0 && std::isfinite(*measures.sampling)))
        section.fail("sampling", fmt::format("= {} ms is not above 0", shortest(*measures.sampling)));
    return measures;
}

KeepSettings read_keep(Section& section, const Plan& plan) {
    KeepSettings settings;
    const std::string keep = section.text("keep", "summary");
    if (keep != "summary" && keep != "series")
        section.fail("keep", fmt::format("= \"{}\" is not known{}", keep, suggestion(keep, std::vector<std::string>{"summary", "series"})));
    settings.series = keep == "series";
    if (!section.has("keep_trials")) return settings;
    if (!settings.series) section.fail("keep_trials", "needs keep = \"series\"");
    for (const double trial : section.numbers("keep_trials")) {
        if (!(trial >= 0 && trial < static_cast<double>(plan.trials())) || std::trunc(trial) != trial)
            section.fail("keep_trials", fmt::format("holds {}; trials are numbered from 0 to {}", shortest(trial), plan.trials() - 1));
        settings.trials.push_back(static_cast<std::size_t>(trial));
    }
    if (settings.trials.empty()) section.fail("keep_trials", "is an empty list; leave it out to keep the series of all trials");
    return settings;
}

}  // namespace

bool KeepSettings::keeps(std::size_t trial) const { return series && (trials.empty() || std::ranges::find(trials, trial) != trials.end()); }

ScanSettings read_scan(const Document& document) {
    toml::table used;
    Section root(document.table(), used, "");
    if (!root.has("scan")) throw ConfigurationError(fmt::format("{} has no table [scan]", document.file().string()));
    Section section = root.section("scan");
    ScanSettings settings{read_plan(section, document), {}};
    check_keys(settings.plan, section);
    read_noise_seeds(section, document, settings.plan);
    settings.measures = read_measures(section);
    settings.keep = read_keep(section, settings.plan);
    if (section.has("stop")) settings.stop = read_stop(section.section("stop"));
    section.finish({"window", "stop", "file", "n", "seed", "keep_trials", "keys"});
    return settings;
}

}  // namespace kation
