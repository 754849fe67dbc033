#pragma once

#include <kation/monitors/recording.hpp>

#include <utility>
#include <vector>

/// A sink that notes when each region's first recorded variable rises through a threshold, between samples by a straight line; and the
/// range that each variable covers. It is told from when on to look, and keeps no samples.
class Crossings : public kation::Sink {
  public:
    struct Range {
        double low = 1e300, high = -1e300;
    };
    Crossings(double threshold, double rearm, double from) : threshold_(threshold), rearm_(rearm), from_(from) {}

    void begin(std::span<const std::string>, std::span<const std::vector<kation::RecordedVariable>> variables,
               std::size_t regions) override {
        if (!times_.empty()) return;
        times_.resize(regions);
        armed_.assign(regions, false);
        before_.assign(regions, 0.0);
        last_.assign(variables[0].size(), std::vector<double>(regions));
        ranges_.assign(variables[0].size(), std::vector<Range>(regions));
    }
    void write(const kation::Chunk& chunk) override {
        const std::size_t regions = times_.size();
        for (std::size_t row = 0; row < chunk.times.size(); ++row) {
            for (std::size_t region = 0; region < regions; ++region) look(chunk, row, region);
            time_ = chunk.times[row];
        }
    }

    /// Times of a region's events [ms].
    [[nodiscard]] const std::vector<double>& of(std::size_t region) const { return times_[region]; }
    [[nodiscard]] Range range(std::size_t variable, std::size_t region) const { return ranges_[variable][region]; }
    /// The last sample.
    [[nodiscard]] double last(std::size_t variable, std::size_t region) const { return last_[variable][region]; }

    /// A region's events in groups, each of them complete: separated by at least `gap`, without the first and the last group.
    [[nodiscard]] std::vector<std::vector<double>> bursts(std::size_t region, double gap) const {
        std::vector<std::vector<double>> groups;
        for (const double time : times_[region]) {
            if (groups.empty() || time - groups.back().back() > gap) groups.emplace_back();
            groups.back().push_back(time);
        }
        if (groups.size() < 2) return {};
        return {groups.begin() + 1, groups.end() - 1};
    }

  private:
    void look(const kation::Chunk& chunk, std::size_t row, std::size_t region) {
        const std::size_t cell = row * times_.size() + region;
        const double time = chunk.times[row], value = chunk.values[0][cell];
        if (time >= from_)
            for (std::size_t v = 0; v < chunk.values.size(); ++v) {
                auto& [low, high] = ranges_[v][region];
                low = std::min(low, chunk.values[v][cell]);
                high = std::max(high, chunk.values[v][cell]);
                last_[v][region] = chunk.values[v][cell];
            }
        if (armed_[region] && value >= threshold_) {
            armed_[region] = false;
            const double when = time_ + (time - time_) * (threshold_ - before_[region]) / (value - before_[region]);
            if (when >= from_) times_[region].push_back(when);
        }
        if (value < rearm_) armed_[region] = true;
        before_[region] = value;
    }

    double threshold_, rearm_, from_;
    double time_ = 0;
    std::vector<std::vector<double>> times_, last_;  // [region]; [variable][region]
    std::vector<bool> armed_;
    std::vector<double> before_;
    std::vector<std::vector<Range>> ranges_;
};
