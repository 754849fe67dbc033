#include <kation/scan/measures.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kation {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> of_recruitment{"recruited", "first_onset", "last_onset", "events", "rate"};
const std::vector<std::string> of_series{"mean", "min", "max", "variance"};

bool knows(const std::vector<std::string>& names, const std::string& name) { return std::ranges::find(names, name) != names.end(); }

/// Splits "V.max[D]" into what, how and where.
Measure parsed(const std::string& name, std::string& where) {
    Measure measure{name, name, {}, {}};
    const std::size_t bracket = name.find('[');
    if (bracket != std::string::npos) {
        if (name.back() != ']') throw ConfigurationError(fmt::format("scan.measures: '{}' lacks a closing bracket", name));
        where = name.substr(bracket + 1, name.size() - bracket - 2);
        measure.quantity = name.substr(0, bracket);
    }
    if (knows(of_recruitment, measure.quantity)) return measure;
    const std::size_t dot = measure.quantity.rfind('.');
    if (dot == std::string::npos)
        throw ConfigurationError(
            fmt::format("scan.measures: '{}' is not known{}; a series is measured as V.mean, V.min, V.max or V.variance", name,
                        suggestion(measure.quantity, of_recruitment)));
    measure.statistic = measure.quantity.substr(dot + 1);
    measure.quantity = measure.quantity.substr(0, dot);
    if (!knows(of_series, measure.statistic))
        throw ConfigurationError(
            fmt::format("scan.measures: '{}' is no statistic of a series{}", measure.statistic, suggestion(measure.statistic, of_series)));
    return measure;
}

}  // namespace

std::vector<Measure> measures_from(std::span<const std::string> names, const RunConfiguration& run) {
    std::vector<Measure> measures;
    for (const std::string& name : names) {
        std::string where;
        Measure measure = parsed(name, where);
        if (where.empty()) {
            for (std::size_t region = 0; region < run.zone.size(); ++region)
                if (!run.zone[region]) measure.regions.push_back(region);
            measures.push_back(measure);
        } else if (where == "*") {
            const std::string stem = name.substr(0, name.find('['));
            for (std::size_t region = 0; region < run.zone.size(); ++region)
                measures.push_back({fmt::format("{}[{}]", stem, run.network.label(region)), measure.quantity, measure.statistic, {region}});
        } else {
            try {
                measure.regions = {run.network.connectivity().index_of(where)};
            } catch (const ConfigurationError& problem) {
                throw ConfigurationError(fmt::format("scan.measures: '{}': {}", name, problem.what()));
            }
            measures.push_back(measure);
        }
    }
    return measures;
}

std::vector<std::string> variables_of(std::span<const Measure> measures) {
    std::vector<std::string> variables;
    for (const Measure& measure : measures)
        if (!measure.statistic.empty() && !knows(variables, measure.quantity)) variables.push_back(measure.quantity);
    return variables;
}

std::vector<std::string> known_variables(std::vector<std::string> variables, const Network& network) {
    std::erase_if(variables, [&](const std::string& name) {
        return std::ranges::none_of(network.models(), [&](const Entry* model) {
            return knows(names_of(model->state), name) || knows(names_of(model->observed), name);
        });
    });
    return variables;
}

void SeriesMoments::Moments::add(double x) { add(Moments{1, x, 0, x, x}); }

/// Chan, Golub and LeVeque's rule for joining two samples.
void SeriesMoments::Moments::add(const Moments& other) {
    if (other.count == 0) return;
    if (count == 0) {
        *this = other;
        return;
    }
    const double total = count + other.count, shift = other.mean - mean;
    squares += other.squares + shift * shift * count * other.count / total;
    mean += shift * other.count / total;
    count = total;
    least = std::min(least, other.least);
    greatest = std::max(greatest, other.greatest);
}

void SeriesMoments::begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
                          std::size_t regions) {
    regions_ = regions;
    if (monitors.empty()) return;
    for (const RecordedVariable& variable : variables[0]) variables_.push_back(variable.name);
    moments_.assign(variables_.size(), std::vector<Moments>(regions));
}

void SeriesMoments::write(const Chunk& chunk) {
    for (std::size_t row = 0; row < chunk.times.size(); ++row) {
        if (chunk.times[row] < from_ || chunk.times[row] > to_) continue;
        for (std::size_t v = 0; v < variables_.size(); ++v)
            for (std::size_t region = 0; region < regions_; ++region) moments_[v][region].add(chunk.values[v][row * regions_ + region]);
    }
}

double SeriesMoments::statistic(const Measure& measure) const {
    const auto variable = static_cast<std::size_t>(std::ranges::find(variables_, measure.quantity) - variables_.begin());
    if (variable == variables_.size()) return none;
    Moments all;
    for (const std::size_t region : measure.regions) all.add(moments_[variable][region]);
    if (all.count == 0) return none;
    if (measure.statistic == "mean") return all.mean;
    if (measure.statistic == "min") return all.least;
    if (measure.statistic == "max") return all.greatest;
    return all.squares / all.count;
}

double value_of(const Measure& measure, const Recruitment& r, const SeriesMoments& moments, double simulated) {
    if (!measure.statistic.empty()) return moments.statistic(measure);
    double recruited = 0, events = 0, first = none, last = none;
    for (const std::size_t region : measure.regions) {
        recruited += r.recruited[region] ? 1 : 0;
        events += static_cast<double>(r.events[region]);
        first = std::fmin(first, r.onset_ms[region]);  // fmin and fmax pass NaN over
        last = std::fmax(last, r.onset_ms[region]);
    }
    if (measure.quantity == "recruited") return recruited;
    if (measure.quantity == "first_onset") return first;
    if (measure.quantity == "last_onset") return last;
    if (measure.quantity == "events") return events;
    return measure.regions.empty() || simulated <= 0 ? none : 1000.0 * events / simulated / static_cast<double>(measure.regions.size());
}

}  // namespace kation
