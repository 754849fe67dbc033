#include <kation/scan/measures.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kation {

// Generated from the headers in measures/.
std::vector<const MeasureKind*> builtin_measures();

namespace {

using Rows = MeasureKind::Rows;

/// "V.power(8, 12)[D]" in its parts.
struct MeasureName {
    std::string stem;                  ///< "V.power(8, 12)"
    std::string variable;              ///< "V"; empty for what is not of a variable
    std::string kind;                  ///< "power"
    std::vector<std::string> numbers;  ///< "8", "12"
    std::string where;                 ///< "D", "*", or nothing
};

[[noreturn]] void bad_measure(const std::string& name, std::string_view why) {
    throw ConfigurationError(fmt::format("scan.measures: '{}' {}", name, why));
}

/// Takes what stands in brackets off the end of the first part, which is cut before them.
std::string taken_from_brackets(std::string& rest, char open, char close, const std::string& name) {
    const std::size_t begin = rest.find(open);
    if (begin == std::string::npos) return {};
    if (rest.back() != close) bad_measure(name, "lacks a closing bracket");
    std::string inside = rest.substr(begin + 1, rest.size() - begin - 2);
    rest.resize(begin);
    if (inside.empty()) bad_measure(name, "has brackets with nothing in them");
    return inside;
}

MeasureName parsed(const std::string& name) {
    MeasureName parts{name, {}, name, {}, {}};
    parts.where = taken_from_brackets(parts.kind, '[', ']', name);
    parts.stem = parts.kind;
    const std::string numbers = taken_from_brackets(parts.kind, '(', ')', name);
    for (std::size_t at = 0; at < numbers.size();) {
        const std::size_t comma = std::min(numbers.find(',', at), numbers.size());
        parts.numbers.emplace_back(trimmed(std::string_view(numbers).substr(at, comma - at)));
        at = comma + 1;
    }
    if (const std::size_t dot = parts.kind.rfind('.'); dot != std::string::npos) {
        parts.variable = parts.kind.substr(0, dot);
        parts.kind = parts.kind.substr(dot + 1);
    }
    return parts;
}

const MeasureKind& find_kind(const MeasureName& parts, const std::string& name, std::span<const MeasureKind* const> kinds) {
    const bool of_variable = !parts.variable.empty();
    std::vector<std::string> alike, others;
    for (const MeasureKind* kind : kinds) {
        if (kind->of_variable() == of_variable && kind->name == parts.kind) return *kind;
        (kind->of_variable() == of_variable ? alike : others).emplace_back(kind->name);
    }
    if (std::ranges::find(others, parts.kind) != others.end())
        bad_measure(name, of_variable ? fmt::format("is not of a variable: ask for '{}'", parts.kind)
                                      : fmt::format("is of a variable: ask for 'V.{}', say", parts.kind));
    if (of_variable)
        throw ConfigurationError(
            fmt::format("scan.measures: '{}' is no statistic of a series{}", parts.kind, suggestion(parts.kind, alike)));
    bad_measure(name, fmt::format("is not known{}; a series is measured as V.mean, V.max or V.power(8, 12), say. kation models --measures "
                                  "lists all",
                                  suggestion(parts.kind, alike)));
}

std::vector<double> numbers_of(const MeasureName& parts, const MeasureKind& kind, const std::string& name) {
    if (parts.numbers.size() != kind.arguments.size())
        bad_measure(name, fmt::format("has {} numbers in parentheses, not {}: ask for '{}'", parts.numbers.size(), kind.arguments.size(),
                                      form_of(kind)));
    std::vector<double> numbers;
    for (const std::string& text : parts.numbers) {
        const auto number = number_from(text);
        if (!number || !std::isfinite(*number)) bad_measure(name, fmt::format("holds '{}', which is not a finite number", text));
        numbers.push_back(*number);
    }
    return numbers;
}

bool knows(const Network& network, const std::string& variable) {
    return std::ranges::any_of(network.models(), [&](const Entry* model) {
        return std::ranges::count(names_of(model->state), variable) + std::ranges::count(names_of(model->observed), variable) > 0;
    });
}

void require_variables(const Measure& measure, const Network& network, const std::string& name) {
    std::vector<std::string> known;
    for (const Entry* model : network.models())
        for (const auto fields : {model->state, model->observed})
            for (const std::string& field : names_of(fields))
                if (std::ranges::find(known, field) == known.end()) known.push_back(field);
    for (const std::string& variable : measure.variables)
        if (!knows(network, variable))
            throw ConfigurationError(fmt::format("scan.measures: '{}': no model of this network has a variable '{}'{}", name, variable,
                                                 suggestion(variable, known)));
}

}  // namespace

std::string form_of(const MeasureKind& kind) {
    std::string form = fmt::format("{}{}", kind.of_variable() ? "V." : "", kind.name);
    if (!kind.arguments.empty()) form += fmt::format("({})", fmt::join(kind.arguments, ", "));
    return form + (kind.of_one_region ? "[label]" : "");
}

std::vector<const MeasureKind*> known_measures(const Catalogue& catalogue) {
    std::vector<const MeasureKind*> kinds = builtin_measures();
    for (const MeasureKind* own : catalogue.own_measures()) {
        for (const MeasureKind* known : kinds)
            if (known->name == own->name && known->of_variable() == own->of_variable())
                throw InputError(fmt::format("a plug-in brings a measure '{}', but one of that name is there already", own->name));
        kinds.push_back(own);
    }
    return kinds;
}

std::vector<Measure> measures_from(std::span<const std::string> names, const RunConfiguration& run,
                                   std::span<const MeasureKind* const> kinds) {
    std::vector<Measure> measures;
    for (const std::string& name : names) {
        const MeasureName parts = parsed(name);
        const MeasureKind& kind = find_kind(parts, name, kinds);
        Measure measure{name, &kind, {kind.variables.begin(), kind.variables.end()}, numbers_of(parts, kind, name), {}};
        if (kind.of_variable()) measure.variables = {parts.variable};
        require_variables(measure, run.network, name);
        if (parts.where == "*") {
            for (std::size_t region = 0; region < run.zone.size(); ++region) {
                measure.column = fmt::format("{}[{}]", parts.stem, run.network.label(region));
                measure.regions = {region};
                measures.push_back(measure);
            }
            continue;
        }
        if (!parts.where.empty()) {
            try {
                measure.regions = {run.network.connectivity().index_of(parts.where)};
            } catch (const ConfigurationError& problem) {
                throw ConfigurationError(fmt::format("scan.measures: '{}': {}", name, problem.what()));
            }
        } else if (kind.of_one_region) {
            bad_measure(name, fmt::format("is of one region: ask for '{0}[{1}]', or '{0}[*]' for a column of each", parts.stem,
                                          run.network.label(0)));
        } else {
            for (std::size_t region = 0; region < run.zone.size(); ++region)
                if (!run.zone[region]) measure.regions.push_back(region);
        }
        measures.push_back(measure);
    }
    return measures;
}

TrialMeasures::TrialMeasures(std::span<const Measure> measures, const MeasureSettings& settings, const Network& network,
                             const std::vector<bool>& zone, double dt, double duration)
    : measures_(measures), from_(settings.from), to_(settings.to), regions_(network.regions()) {
    const double period = settings.sampling.value_or(std::max(1.0, std::nearbyint(1.0 / dt)) * dt);
    static_cast<void>(whole_steps("scan.sampling", period, dt));
    const double end = std::min(duration, to_);
    for (const Measure& measure : measures_) {
        const MeasureKind& kind = *measure.kind;
        auto found =
            std::ranges::find_if(fed_, [&](const Fed& fed) { return fed.maker == kind.gauge && *fed.variables == measure.variables; });
        if (found == fed_.end()) {
            const MeasuredTrial trial{network, zone, std::min(from_, end), end, kind.rows == Rows::averages ? period : dt};
            fed_.push_back({kind.gauge, &measure.variables, kind.gauge(trial), 0, {}});
            found = fed_.end() - 1;
            if (kind.rows != Rows::none) listen(*found, kind, network, period);
        }
        try {
            found->gauge->check(measure.question());
        } catch (const ConfigurationError& problem) {
            throw ConfigurationError(fmt::format("scan.measures: '{}': {}", measure.column, problem.what()));
        }
        gauge_of_.push_back(static_cast<std::size_t>(found - fed_.begin()));
    }
}

/// A monitor of its kind of rows, with its variables: nothing where the network lacks one, as a control may lack what only the zone knows.
void TrialMeasures::listen(Fed& fed, const MeasureKind& kind, const Network& network, double period) {
    if (!std::ranges::all_of(*fed.variables, [&](const std::string& variable) { return knows(network, variable); })) return;
    const bool steps = kind.rows == Rows::steps;
    const std::string name = steps ? "measures/steps" : "measures/averages";
    auto monitor = std::ranges::find(monitors_, name, &MonitorSettings::name);
    if (monitor == monitors_.end()) {
        monitors_.push_back(steps ? MonitorSettings::raw() : MonitorSettings::average(period));
        monitors_.back().name = name;
        monitor = monitors_.end() - 1;
    }
    fed.monitor = static_cast<std::size_t>(monitor - monitors_.begin());
    for (const std::string& variable : *fed.variables) {
        auto place = std::ranges::find(monitor->variables, variable);
        if (place == monitor->variables.end()) place = monitor->variables.insert(place, variable);
        fed.columns.push_back(static_cast<std::size_t>(place - monitor->variables.begin()));
    }
}

void TrialMeasures::begin(std::span<const std::string> /*monitors*/, std::span<const std::vector<RecordedVariable>> /*variables*/,
                          std::size_t /*regions*/) {}

void TrialMeasures::write(const Chunk& chunk) {
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(chunk.times, from_) - chunk.times.begin());
    const auto last = static_cast<std::size_t>(std::ranges::upper_bound(chunk.times, to_) - chunk.times.begin());
    if (first >= last) return;
    for (const Fed& fed : fed_) {
        if (fed.columns.empty() || fed.monitor != chunk.monitor) continue;
        MeasuredRows rows{chunk.times.subspan(first, last - first), {}};
        for (const std::size_t column : fed.columns)
            rows.values.push_back(chunk.values[column].subspan(first * regions_, (last - first) * regions_));
        fed.gauge->add(rows);
    }
}

std::vector<double> TrialMeasures::values(const TrialEnd& end) {
    for (const Fed& fed : fed_) fed.gauge->finish(end);
    std::vector<double> values;
    for (std::size_t k = 0; k < measures_.size(); ++k) values.push_back(fed_[gauge_of_[k]].gauge->value(measures_[k].question()));
    return values;
}

}  // namespace kation
