#include <kation/connectome/synthetic.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>
#include <kation/support/math.hpp>
#include <kation/support/text.hpp>

#include <Random123/philox.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace kation {
namespace {

/// What a random number is drawn for: the draws of one purpose do not depend on how many another took.
enum class Purpose : std::uint64_t { place, edge, exception, weight };

/// Numbers that depend on the seed, the purpose and the regions only, not on the order of drawing or the standard library.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) : seed_(seed) {}

    /// Two numbers in (0, 1).
    [[nodiscard]] std::array<double, 2> uniform(Purpose purpose, std::size_t i, std::size_t j, std::uint64_t attempt = 0) const {
        const auto bits = r123::Philox4x64{}({{i, j, attempt, 0}}, {{seed_, static_cast<std::uint64_t>(purpose)}});
        const auto in_unit_interval = [](std::uint64_t x) { return (static_cast<double>(x >> 12) + 0.5) * 0x1p-52; };
        return {in_unit_interval(bits[0]), in_unit_interval(bits[1])};
    }

    /// Two standard normal numbers, by Marsaglia's polar method.
    [[nodiscard]] std::array<double, 2> normal(Purpose purpose, std::size_t i, std::size_t j) const {
        for (std::uint64_t attempt = 0;; ++attempt) {
            const auto [u, v] = uniform(purpose, i, j, attempt);
            const double x = 2 * u - 1, y = 2 * v - 1, square_sum = x * x + y * y;
            if (square_sum >= 1 || square_sum == 0) continue;
            const double scale = kation::sqrt(-2 * kation::log(square_sum) / square_sum);
            return {scale * x, scale * y};
        }
    }

  private:
    std::uint64_t seed_;
};

void check(const SyntheticOptions& options) {
    const auto require = [](bool good, std::string_view name, double value, std::string_view allowed) {
        if (!good)
            throw ConfigurationError(
                fmt::format("synthetic connectome: {} = {} is not allowed; allowed is {}", name, shortest(value), allowed));
    };
    const auto positive = [&](std::string_view name, double x) { require(x > 0 && std::isfinite(x), name, x, "(0, inf)"); };
    const auto not_negative = [&](std::string_view name, double x) { require(x >= 0 && std::isfinite(x), name, x, "[0, inf)"); };
    require(options.regions >= 4 && options.regions % 2 == 0 && options.regions <= most_regions, "regions",
            static_cast<double>(options.regions), fmt::format("an even number from 4 to {}", most_regions));
    for (const double axis : {options.semi_axis_x, options.semi_axis_y, options.semi_axis_z}) positive("semi axis (mm)", axis);
    require(options.density > 0 && options.density <= 1, "density", options.density, "(0, 1]");
    require(options.exceptions >= 0 && options.exceptions < 1, "exceptions", options.exceptions, "[0, 1)");
    not_negative("probability decay (1/mm)", options.probability_decay);
    not_negative("weight decay (1/mm)", options.weight_decay);
    not_negative("weight spread", options.weight_spread);
    not_negative("asymmetry", options.asymmetry);
    not_negative("exception distance (mm)", options.exception_distance);
    not_negative("exception strength at (mm)", options.exception_strength_at);
    positive("homotopic factor", options.homotopic_factor);
    positive("length factor", options.length_factor);
}

double rounded_to_hundredths(double x) { return std::nearbyint(x * 100) / 100; }

/// The double that the shortest text with six digits stands for.
double rounded_to_six_digits(double x) { return *number_from(fmt::format("{:.6g}", x)); }

/// Centres [mm] of the right hemisphere: a golden spiral over half an ellipsoid, each point moved a little.
arma::mat right_centres(const SyntheticOptions& options, const Draws& draws) {
    const std::size_t half = options.regions / 2;
    constexpr double nearest_to_midline = 0.05;  // as a share of the semi-axis: mirror images do not touch
    constexpr double golden_angle = std::numbers::pi * (3 - 2.23606797749978969);
    arma::mat centres(half, 3);
    for (std::size_t i = 0; i < half; ++i) {
        const auto [along, around] = draws.uniform(Purpose::place, i, 0);
        const double share = (static_cast<double>(i) + along) / static_cast<double>(half);
        const double x = nearest_to_midline + (1 - nearest_to_midline) * share;
        const double angle = golden_angle * (static_cast<double>(i) + 0.4 * (around - 0.5));
        const double radius = std::sqrt(1 - x * x);
        centres(i, 0) = rounded_to_hundredths(options.semi_axis_x * x);
        centres(i, 1) = rounded_to_hundredths(options.semi_axis_y * radius * std::cos(angle));
        centres(i, 2) = rounded_to_hundredths(options.semi_axis_z * radius * std::sin(angle));
    }
    return centres;
}

/// Frontal, parietal, temporal or occipital, by position.
char lobe_of(const arma::rowvec& centre, const SyntheticOptions& options) {
    const double front = centre[1] / options.semi_axis_y, top = centre[2] / options.semi_axis_z;
    return front > 0.25 ? 'F' : front < -0.6 ? 'O' : top < 0 ? 'T' : 'P';
}

/// Fills in centres, labels ("rF03": hemisphere, lobe, number in it), hemispheres and cortical marks: the right hemisphere lobe by lobe,
/// then its mirror image.
void place_regions(ConnectomeParts& parts, const SyntheticOptions& options, const Draws& draws) {
    const std::size_t half = options.regions / 2;
    const std::size_t digits = std::max<std::size_t>(2, std::to_string(half).size());
    const arma::mat right = right_centres(options, draws);
    parts.centres.set_size(options.regions, 3);
    parts.labels.resize(options.regions);
    std::size_t region = 0;
    for (const char lobe : {'F', 'P', 'T', 'O'}) {
        std::size_t number = 0;
        for (std::size_t i = 0; i < half; ++i) {
            if (lobe_of(right.row(i), options) != lobe) continue;
            parts.centres.row(region) = right.row(i);
            parts.centres.row(region + half) = arma::rowvec{-right(i, 0), right(i, 1), right(i, 2)};
            const std::string name = fmt::format("{}{:0{}}", lobe, ++number, digits);
            parts.labels[region] = "r" + name;
            parts.labels[region + half] = "l" + name;
            ++region;
        }
    }
    parts.cortical.assign(options.regions, 1);
    parts.hemispheres.assign(options.regions, 0);
    std::fill_n(parts.hemispheres.begin(), half, std::uint8_t{1});
}

/// The unordered pairs i < j of regions, and how strongly they are connected.
class Pairs {
  public:
    Pairs(const SyntheticOptions& options, const arma::mat& centres, const Draws& draws)
        : options_(options), centres_(centres), draws_(draws), half_(options.regions / 2) {
        const double all = 0.5 * static_cast<double>(options.regions) * static_cast<double>(options.regions - 1);
        const double connected = std::nearbyint(options.density * all);
        exceptions_ =
            lowest([this](std::size_t i, std::size_t j) { return exception_key(i, j); }, std::nearbyint(options.exceptions * connected));
        const double rest = connected - static_cast<double>(half_ + exceptions_.count);
        near_ = lowest([this](std::size_t i, std::size_t j) { return near_key(i, j); }, std::max(rest, 0.0));
    }

    [[nodiscard]] double distance(std::size_t i, std::size_t j) const {
        const double x = centres_(i, 0) - centres_(j, 0), y = centres_(i, 1) - centres_(j, 1), z = centres_(i, 2) - centres_(j, 2);
        return std::sqrt(x * x + y * y + z * z);
    }

    /// The median weight of a pair, zero if it is not connected.
    [[nodiscard]] double median_weight(std::size_t i, std::size_t j) const {
        if (homotopic(i, j)) return options_.homotopic_factor * weight_at(distance(i, j));
        if (exception_key(i, j) <= exceptions_.limit) return weight_at(options_.exception_strength_at);
        return near_key(i, j) <= near_.limit ? weight_at(distance(i, j)) : 0.0;
    }

  private:
    static constexpr double never = std::numeric_limits<double>::infinity();

    /// The pairs whose keys do not exceed a limit.
    struct Chosen {
        std::size_t count = 0;
        double limit = -never;
    };

    [[nodiscard]] bool homotopic(std::size_t i, std::size_t j) const { return i + half_ == j; }
    [[nodiscard]] double weight_at(double distance) const { return kation::exp(-options_.weight_decay * distance); }

    [[nodiscard]] double exception_key(std::size_t i, std::size_t j) const {
        const bool candidate = !homotopic(i, j) && distance(i, j) >= options_.exception_distance;
        return candidate ? draws_.uniform(Purpose::exception, i, j)[0] : never;
    }

    /// The pairs with the lowest of these keys are a sample without replacement whose probabilities are proportional to exp(-lambda d)
    /// (Gumbel's trick): the density comes out exactly.
    [[nodiscard]] double near_key(std::size_t i, std::size_t j) const {
        if (homotopic(i, j) || exception_key(i, j) <= exceptions_.limit) return never;
        return options_.probability_decay * distance(i, j) + kation::log(-kation::log(draws_.uniform(Purpose::edge, i, j)[0]));
    }

    /// The `count` pairs with the lowest keys; fewer if fewer are candidates.
    template <class Key>
    Chosen lowest(const Key& key, double count) const {
        std::vector<double> keys;
        for (std::size_t j = 0; j < options_.regions; ++j) {
            for (std::size_t i = 0; i < j; ++i) {
                const double value = key(i, j);
                if (value < never) keys.push_back(value);
            }
        }
        const std::size_t chosen = std::min(static_cast<std::size_t>(count), keys.size());
        if (chosen == 0) return {};
        const auto last = keys.begin() + static_cast<std::ptrdiff_t>(chosen - 1);
        std::ranges::nth_element(keys, last);
        return {chosen, *last};
    }

    const SyntheticOptions& options_;
    const arma::mat& centres_;
    const Draws& draws_;
    std::size_t half_;
    Chosen exceptions_, near_;
};

}  // namespace

Connectivity synthetic_connectome(const SyntheticOptions& options) {
    check(options);
    const Draws draws(options.seed);
    const std::size_t regions = options.regions;
    ConnectomeParts parts;
    parts.source = fmt::format("synthetic connectome of {} regions, seed {}", regions, options.seed);
    place_regions(parts, options, draws);
    parts.weights.zeros(regions, regions);
    parts.tract_lengths.zeros(regions, regions);

    const Pairs pairs(options, parts.centres, draws);
    for (std::size_t j = 0; j < regions; ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            parts.tract_lengths(i, j) = parts.tract_lengths(j, i) = rounded_to_hundredths(options.length_factor * pairs.distance(i, j));
            const double median = pairs.median_weight(i, j);
            if (median == 0) continue;
            const auto [common, directed] = draws.normal(Purpose::weight, i, j);
            const double weight = median * kation::exp(options.weight_spread * common);
            parts.weights(i, j) = rounded_to_six_digits(weight * kation::exp(options.asymmetry * directed));
            parts.weights(j, i) = rounded_to_six_digits(weight * kation::exp(-options.asymmetry * directed));
        }
    }
    return Connectivity(std::move(parts));
}

}  // namespace kation
