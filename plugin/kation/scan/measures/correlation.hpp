#pragma once

#include <kation/scan/measure.hpp>

#include <array>
#include <cmath>
#include <limits>

namespace kation::measures {

/// Functional connectivity: Pearson's correlation of a variable between each two regions over the window's samples, from co-moments that
/// are brought up to date at every sample (Welford 1962, doi:10.1080/00401706.1962.10490022), in memory of regions^2.
///
/// Pairs are those among the regions asked for; of one region, its pairs with all others. A region that does not move, or lacks the
/// variable, has no correlations: its pairs are left out.
class CorrelationGauge : public Gauge {
  public:
    explicit CorrelationGauge(const MeasuredTrial& trial)
        : brain_(&trial.network.connectivity()),
          mean_(brain_->regions(), 0.0),
          off_(brain_->regions(), 0.0),
          moments_(brain_->regions(), brain_->regions(), arma::fill::zeros) {}

    void add(const MeasuredRows& rows) override {
        const std::size_t regions = mean_.size();
        for (std::size_t row = 0; row < rows.times.size(); ++row) {
            samples_ += 1;
            for (std::size_t i = 0; i < regions; ++i) {
                off_[i] = rows.values[0][row * regions + i] - mean_[i];
                mean_[i] += off_[i] / samples_;
            }
            for (std::size_t j = 0; j < regions; ++j) {
                const double scaled = off_[j] * (samples_ - 1) / samples_;
                double* column = moments_.colptr(j);
                for (std::size_t i = 0; i <= j; ++i) column[i] += scaled * off_[i];
            }
        }
    }

    [[nodiscard]] double value(const Question& question) const override {
        std::vector<double> functional, structural;
        const auto pair = [&](std::size_t i, std::size_t j) {
            const double r = correlation(std::min(i, j), std::max(i, j));
            if (std::isnan(r)) return;
            functional.push_back(r);
            structural.push_back(0.5 * (brain_->weight(i, j) + brain_->weight(j, i)));
        };
        const auto& regions = question.regions;
        if (regions.size() == 1)
            for (std::size_t other = 0; other < mean_.size(); ++other) {
                if (other != regions[0]) pair(regions[0], other);
            }
        else
            for (std::size_t a = 0; a < regions.size(); ++a)
                for (std::size_t b = a + 1; b < regions.size(); ++b) pair(regions[a], regions[b]);
        if (functional.empty()) return nothing;
        if (question.measure == "fc_mean") return moments_of(functional, functional).mean;
        if (question.measure == "fc_std") return std::sqrt(moments_of(functional, functional).product);
        if (functional.size() < 3) return nothing;  // two points always lie on a line
        return moments_of(functional, structural).product /
               std::sqrt(moments_of(functional, functional).product * moments_of(structural, structural).product);
    }

  private:
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

    /// Of regions i < j; NaN where one of them does not move by more than rounding.
    [[nodiscard]] double correlation(std::size_t i, std::size_t j) const {
        const auto moves = [&](std::size_t k) { return moments_(k, k) > 1e-24 * samples_ * mean_[k] * mean_[k]; };
        return moves(i) && moves(j) ? moments_(i, j) / std::sqrt(moments_(i, i)) / std::sqrt(moments_(j, j)) : nothing;
    }

    struct Moments {
        double mean, product;  ///< of the first list; mean product of the two lists' distances from their means
    };
    static Moments moments_of(const std::vector<double>& x, const std::vector<double>& y) {
        const auto n = static_cast<double>(x.size());
        double mean_x = 0, mean_y = 0, product = 0;
        for (std::size_t k = 0; k < x.size(); ++k) mean_x += x[k] / n, mean_y += y[k] / n;
        for (std::size_t k = 0; k < x.size(); ++k) product += (x[k] - mean_x) * (y[k] - mean_y) / n;
        return {mean_x, product};
    }

    const Connectivity* brain_;
    double samples_ = 0;
    std::vector<double> mean_, off_;  ///< [region] so far; distance of the present sample from it
    arma::mat moments_;               ///< (i, j) for i <= j: sum of the products of distances from the means
};

inline std::span<const MeasureKind> correlation() {
    constexpr auto averages = MeasureKind::Rows::averages;
    constexpr auto gauge = &make_gauge<CorrelationGauge>;
    static const std::array<MeasureKind, 3> kinds{{
        {"fc_mean",
         "1",
         "functional connectivity: mean correlation over pairs of regions; of one region: with all others",
         averages,
         {},
         {},
         false,
         gauge},
        {"fc_std", "1", "its standard deviation over the pairs", averages, {}, {}, false, gauge},
        {"fc_sc", "1", "its correlation, over the pairs, with the weights (mean of both directions)", averages, {}, {}, false, gauge},
    }};
    return kinds;
}

}  // namespace kation::measures
