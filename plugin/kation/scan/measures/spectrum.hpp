#pragma once

#include <kation/scan/measure.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace kation::measures {

/// The power spectral density of a variable in each region, as Welch 1967 (doi:10.1109/TAU.1967.1161901) estimates it: the mean over
/// segments of the window that overlap by half, each without its mean and under a Hann window.
///
/// A segment is an eighth of the window, at least 1 s and at most 8 s, so that frequencies are resolved to 1 / segment: 0.125 Hz in a
/// window of 64 s or more, 1 Hz in one below 8 s. Where less than a segment was simulated, all of it is one.
class SpectrumGauge : public Gauge {
  public:
    explicit SpectrumGauge(const MeasuredTrial& trial) : regions_(trial.network.regions()), period_(trial.period) {
        const double window = trial.to - trial.from;
        const double longest = std::min(std::clamp(window / 8, 1000.0, 8000.0), window);  // [ms]
        set_length(static_cast<std::size_t>(std::max(0.0, longest / period_ * (1 + 1e-12))));
    }

    void check(const Question& question) const override {
        if (question.measure != "power") return;
        const double low = question.arguments[0], high = question.arguments[1];
        if (!(low >= 0 && high > low && high <= highest()))
            throw ConfigurationError("a band from " + shortest(low) + " to " + shortest(high) + " Hz is not within 0 to " +
                                     shortest(highest()) + " Hz, half the rate of samples (scan.sampling = " + shortest(period_) + " ms)");
    }

    void add(const MeasuredRows& rows) override {
        for (std::size_t row = 0; row < rows.times.size(); ++row) {
            const double* values = rows.values[0].data() + row * regions_;
            segment_.insert(segment_.end(), values, values + regions_);
            if (segment_.size() == length_ * regions_) add_segment();
        }
    }

    void finish(const TrialEnd&) override {
        if (segments_ > 0 || segment_.empty()) return;
        set_length(segment_.size() / regions_);
        add_segment();
    }

    [[nodiscard]] double value(const Question& question) const override {
        if (segments_ == 0 || length_ < shortest_segment) return nothing;
        return question.measure == "power" ? power(question) : dominant_frequency(question.regions);
    }

  private:
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    static constexpr std::size_t shortest_segment = 16;  // below it there is nothing to see in a spectrum

    [[nodiscard]] double highest() const { return 500.0 / period_; }                                       // [Hz]
    [[nodiscard]] double resolution() const { return 1000.0 / period_ / static_cast<double>(length_); }    // [Hz]
    [[nodiscard]] double density(std::size_t k, std::size_t region) const { return density_(k, region); }  // not yet divided by segments

    /// The largest even length up to this one without prime factors above 5, which a fast transform is fast for.
    void set_length(std::size_t most) {
        const auto smooth = [](std::size_t n) {
            for (const std::size_t prime : {2U, 3U, 5U})
                while (n % prime == 0) n /= prime;
            return n == 1;
        };
        length_ = most - most % 2;
        while (length_ > 2 && !smooth(length_)) length_ -= 2;
        density_.zeros(length_ / 2 + 1, regions_);
        segment_.reserve(length_ * regions_);
    }

    void add_segment() {
        constexpr std::size_t at_once = 8;  // regions: bounds the memory
        if (length_ >= shortest_segment)
            for (std::size_t region = 0; region < regions_; region += at_once)
                add_periodograms(region, std::min(region + at_once, regions_));
        ++segments_;
        segment_.erase(segment_.begin(), segment_.begin() + static_cast<std::ptrdiff_t>(length_ / 2 * regions_));
    }

    void add_periodograms(std::size_t begin, std::size_t end) {
        arma::mat tapered(length_, end - begin);
        std::vector<bool> constant(end - begin);
        double squared_taper = 0;
        for (std::size_t t = 0; t < length_; ++t) squared_taper += taper(t) * taper(t);
        for (std::size_t region = begin; region < end; ++region) {
            double mean = 0, variance = 0;
            for (std::size_t t = 0; t < length_; ++t) mean += segment_[t * regions_ + region] / static_cast<double>(length_);
            for (std::size_t t = 0; t < length_; ++t) {
                const double x = segment_[t * regions_ + region] - mean;
                variance += x * x / static_cast<double>(length_);
                tapered(t, region - begin) = taper(t) * x;
            }
            constant[region - begin] = variance <= 1e-24 * mean * mean;  // what is left then is rounding
        }
        const arma::cx_mat transform = arma::fft(tapered);
        const double scale = period_ / 1000.0 / squared_taper;
        for (std::size_t region = begin; region < end; ++region)
            for (std::size_t k = 1; k < density_.n_rows && !constant[region - begin]; ++k)
                density_(k, region) += (2 * k == length_ ? 1.0 : 2.0) * scale * std::norm(transform(k, region - begin));
    }

    [[nodiscard]] double taper(std::size_t t) const {
        return 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(t) / static_cast<double>(length_));
    }

    /// The integral of the density over the band, mean over the regions that have the variable. Line k stands for all frequencies nearer to
    /// it than to the next, so that the powers of neighbouring bands add up to that of both.
    [[nodiscard]] double power(const Question& question) const {
        const double low = question.arguments[0], high = question.arguments[1], width = resolution();
        double sum = 0, count = 0;
        for (const std::size_t region : question.regions) {
            double power = 0;
            for (std::size_t k = 1; k < density_.n_rows; ++k) {
                const double middle = width * static_cast<double>(k);
                const double overlap = std::min(high, middle + width / 2) - std::max(low, middle - width / 2);
                if (overlap > 0) power += overlap * density(k, region) / static_cast<double>(segments_);
            }
            if (std::isnan(power)) continue;
            sum += power;
            count += 1;
        }
        return count > 0 ? sum / count : nothing;
    }

    /// Where the density, summed over the regions, is largest: the top of the parabola through the logarithms of the largest line and its
    /// neighbours.
    [[nodiscard]] double dominant_frequency(std::span<const std::size_t> regions) const {
        arma::vec sum(density_.n_rows, arma::fill::zeros);
        for (const std::size_t region : regions)
            if (density_.col(region).is_finite()) sum += density_.col(region);
        const std::size_t top = sum.index_max();
        if (!(sum[top] > 0)) return nothing;
        double beside = 0;
        if (top > 1 && top + 1 < sum.n_elem && sum[top - 1] > 0 && sum[top + 1] > 0) {
            const double left = std::log(sum[top - 1]), middle = std::log(sum[top]), right = std::log(sum[top + 1]);
            beside = 0.5 * (left - right) / (left - 2 * middle + right);
        }
        return resolution() * (static_cast<double>(top) + (std::isfinite(beside) ? beside : 0.0));
    }

    std::size_t regions_;
    double period_;                // [ms]
    std::size_t length_ = 0;       ///< of a segment, in samples
    std::size_t segments_ = 0;     ///< that were added
    std::vector<double> segment_;  ///< [time][region], as far as it has come
    arma::mat density_;            ///< (frequency, region), sum over the segments [unit^2 / Hz]
};

inline std::span<const MeasureKind> spectrum() {
    constexpr auto averages = MeasureKind::Rows::averages;
    constexpr auto gauge = &make_gauge<SpectrumGauge>;
    static const std::array<MeasureKind, 2> kinds{{
        {"power",
         "the variable's, squared",
         "power in a band of frequencies [Hz], mean over the regions",
         averages,
         {},
         {"low", "high"},
         false,
         gauge},
        {"frequency",
         "Hz",
         "where the power density, summed over the regions, is largest; nan: nothing moves",
         averages,
         {},
         {},
         false,
         gauge},
    }};
    return kinds;
}

}  // namespace kation::measures
