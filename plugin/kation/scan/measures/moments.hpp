#pragma once

#include <kation/scan/measure.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace kation::measures {

/// Mean, extremes and variance of a variable over all steps in the window.
class MomentsGauge : public Gauge {
  public:
    explicit MomentsGauge(const MeasuredTrial& trial) : moments_(trial.network.regions()) {}

    void add(const MeasuredRows& rows) override {
        for (std::size_t row = 0; row < rows.times.size(); ++row)
            for (std::size_t region = 0; region < moments_.size(); ++region)
                moments_[region].add({1, rows.values[0][row * moments_.size() + region]});
    }

    [[nodiscard]] double value(const Question& question) const override {
        Moments all;
        for (const std::size_t region : question.regions) all.add(moments_[region]);
        if (all.count == 0) return std::numeric_limits<double>::quiet_NaN();
        if (question.measure == "mean") return all.mean;
        if (question.measure == "min") return all.least;
        if (question.measure == "max") return all.greatest;
        return all.squares / all.count;  // variance
    }

  private:
    struct Moments {
        double count = 0, mean = 0, squares = 0, least = mean, greatest = mean;

        /// Chan, Golub and LeVeque's rule for joining two samples.
        void add(const Moments& other) {
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
    };
    std::vector<Moments> moments_;  ///< [region]
};

inline std::span<const MeasureKind> moments() {
    constexpr auto steps = MeasureKind::Rows::steps;
    constexpr auto gauge = &make_gauge<MomentsGauge>;
    static const std::array<MeasureKind, 4> kinds{{
        {"mean", "the variable's", "mean over the window's steps and the regions", steps, {}, {}, false, gauge},
        {"min", "the variable's", "smallest value in the window", steps, {}, {}, false, gauge},
        {"max", "the variable's", "largest value in the window", steps, {}, {}, false, gauge},
        {"variance", "the variable's, squared", "variance over the window's steps and the regions together", steps, {}, {}, false, gauge},
    }};
    return kinds;
}

}  // namespace kation::measures
