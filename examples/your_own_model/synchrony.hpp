#pragma once

#include <kation/scan/measure.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace kation::measures {

/// How much of a variable's movement the regions share: the standard deviation over time of their mean, divided by the root of the mean of
/// their variances (chi of Golomb 2007, Scholarpedia 2(1):1347, equation 3). 1: all alike; 1 / sqrt(N): N regions that do not know of each
/// other.
class SynchronyGauge : public Gauge {
  public:
    explicit SynchronyGauge(const MeasuredTrial& trial) : regions_(trial.network.regions()), own_(regions_) {}

    void add(const MeasuredRows& rows) override {
        for (std::size_t row = 0; row < rows.times.size(); ++row) {
            double mean = 0;
            for (std::size_t region = 0; region < regions_; ++region) {
                const double x = rows.values[0][row * regions_ + region];
                own_[region].add(x);
                mean += x / static_cast<double>(regions_);
            }
            shared_.add(mean);
        }
    }

    /// Of all regions, whichever are asked for.
    [[nodiscard]] double value(const Question&) const override {
        double variances = 0;
        for (const Variance& each : own_) variances += each.squares / static_cast<double>(regions_);
        return variances > 0 ? std::sqrt(shared_.squares / variances) : std::numeric_limits<double>::quiet_NaN();
    }

  private:
    /// Welford's sum of squared distances from the mean.
    struct Variance {
        double count = 0, mean = 0, squares = 0;
        void add(double x) {
            count += 1;
            const double before = x - mean;
            mean += before / count;
            squares += before * (x - mean);
        }
    };
    std::size_t regions_;
    std::vector<Variance> own_;  ///< [region]
    Variance shared_;            ///< of the mean over the regions
};

inline std::span<const MeasureKind> synchrony() {
    static const std::array<MeasureKind, 1> kinds{{
        {"synchrony",
         "1",
         "how much of their movement all regions share: 1 is all",
         MeasureKind::Rows::averages,
         {},
         {},
         false,
         &make_gauge<SynchronyGauge>},
    }};
    return kinds;
}

}  // namespace kation::measures
