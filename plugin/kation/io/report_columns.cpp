#include <kation/io/report_columns.hpp>

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace kation {
namespace {

template <class Number>
std::string base64_of(std::span<const Number> numbers) {
    using namespace boost::archive::iterators;
    using Letters = base64_from_binary<transform_width<const char*, 6, 8>>;
    std::vector<char> bytes((numbers.size_bytes() + 2) / 3 * 3, 0);  // whole groups of three need no padding
    if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), numbers.size_bytes());
    return {Letters(bytes.data()), Letters(bytes.data() + bytes.size())};
}

/// Where the least and the greatest finite value of a stretch are, in the order of time; both at its start if it has none.
template <class Values>
std::pair<std::size_t, std::size_t> extremes(const Values& values, std::size_t begin, std::size_t end) {
    std::size_t least = begin, greatest = begin;
    for (std::size_t i = begin; i < end; ++i) {
        if (!std::isfinite(values[i])) continue;
        if (!(values[i] >= values[least])) least = i;
        if (!(values[i] <= values[greatest])) greatest = i;
    }
    return std::minmax(least, greatest);
}

}  // namespace

std::string base64(std::span<const double> numbers) { return base64_of(numbers); }
std::string base64(std::span<const float> numbers) { return base64_of(numbers); }
std::string base64(std::span<const std::uint16_t> numbers) { return base64_of(numbers); }

Codes coded(std::span<const float> numbers) {
    constexpr double steps = 65534;
    constexpr std::uint16_t none = 65535;
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double x : numbers)
        if (std::isfinite(x)) low = std::min(low, x), high = std::max(high, x);
    if (low > high) low = high = 0;
    Codes column{low, high, std::vector<std::uint16_t>(numbers.size(), none)};
    const double per_unit = high > low ? steps / (high - low) : 0;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (std::isfinite(numbers[i])) column.codes[i] = static_cast<std::uint16_t>(std::lround((double{numbers[i]} - low) * per_unit));
    return column;
}

ThinSeries thinned(const ResultFile& result, const std::string& monitor, const std::string& variable, std::size_t most) {
    const arma::vec time = result.time(monitor);
    const std::size_t samples = time.n_elem, regions = result.regions();
    const std::size_t stretch = samples <= most ? 1 : (samples + most / 2 - 1) / (most / 2);
    const std::size_t per_stretch = stretch == 1 ? 1 : 2, stretches = (samples + stretch - 1) / stretch;
    ThinSeries series{.time = {}, .stretch = stretch, .values = std::vector<float>(regions * stretches * per_stretch)};
    for (std::size_t begin = 0; begin < samples; begin += stretch)
        for (std::size_t point = 0; point < per_stretch; ++point)
            series.time.push_back(time[std::min(begin + (2 * point + 1) * stretch / (2 * per_stretch), samples - 1)]);

    // A piece is a whole number of stretches and a few MB, since a raw recording may be larger than memory.
    const std::size_t piece = std::max<std::size_t>(1, 500'000 / (regions * stretch + 1)) * stretch;
    for (std::size_t first = 0; first < samples; first += piece) {
        const arma::mat values = result.samples(monitor, variable, first, std::min(piece, samples - first));
        for (std::size_t region = 0; region < regions; ++region) {
            float* point = &series.values[region * stretches * per_stretch + first / stretch * per_stretch];
            const arma::rowvec row = values.row(region);
            for (std::size_t begin = 0; begin < row.n_elem; begin += stretch) {
                const auto [one, other] = extremes(row, begin, std::min<std::size_t>(begin + stretch, row.n_elem));
                *point++ = static_cast<float>(row[one]);
                if (per_stretch == 2) *point++ = static_cast<float>(row[other]);
            }
        }
    }
    return series;
}

}  // namespace kation
