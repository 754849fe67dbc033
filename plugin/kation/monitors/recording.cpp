#include <kation/monitors/recording.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kation {

std::string MonitorSettings::label() const {
    if (!name.empty()) return name;
    return kind == Kind::raw ? "raw" : kind == Kind::subsample ? "subsample" : "average";
}

const arma::mat& Series::operator[](std::string_view variable) const {
    const auto found = std::ranges::find(variables, variable, &RecordedVariable::name);
    if (found != variables.end()) return values[static_cast<std::size_t>(found - variables.begin())];
    std::vector<std::string> known;
    for (const auto& each : variables) known.push_back(each.name);
    throw ConfigurationError(fmt::format("monitor {} keeps no variable '{}'{}", name, variable, suggestion(variable, known)));
}

void Recording::begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
                      std::size_t regions) {
    if (!series_.empty()) return;  // a continued run goes on with the same series
    regions_ = regions;
    for (std::size_t m = 0; m < monitors.size(); ++m) {
        series_.push_back({monitors[m], variables[m], {}, {}});
        rows_.emplace_back(variables[m].size());
    }
}

void Recording::write(const Chunk& chunk) {
    auto& time = series_[chunk.monitor].time;
    time.insert(time.end(), chunk.times.begin(), chunk.times.end());
    for (std::size_t v = 0; v < chunk.values.size(); ++v) {
        auto& rows = rows_[chunk.monitor][v];
        rows.insert(rows.end(), chunk.values[v].begin(), chunk.values[v].end());
    }
}

void Recording::assemble() const {
    for (std::size_t m = 0; m < series_.size(); ++m) {
        Series& series = series_[m];
        if (!series.values.empty() && series.values.front().n_rows == series.time.size()) continue;
        series.values.clear();
        for (const auto& rows : rows_[m])
            series.values.push_back(rows.empty() ? arma::mat(0, regions_)
                                                 : arma::mat(arma::mat(rows.data(), regions_, series.time.size()).t()));
    }
}

const Series& Recording::series(std::size_t monitor) const {
    assemble();
    return series_.at(monitor);
}

const Series& Recording::series(std::string_view name) const {
    assemble();
    const auto found = std::ranges::find(series_, name, &Series::name);
    if (found == series_.end()) throw ConfigurationError(fmt::format("no monitor '{}' in this recording", name));
    return *found;
}

}  // namespace kation
