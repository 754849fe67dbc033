#pragma once

#include <kation/io/result.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Long columns of numbers on the way into a page. The page's half is report/columns.js.
namespace kation {

/// Base64 of the numbers as they are in memory, little-endian; up to two zero bytes follow them.
std::string base64(std::span<const double> numbers);
std::string base64(std::span<const float> numbers);
std::string base64(std::span<const std::uint16_t> numbers);

/// Numbers in 16 bits: `low` + code (`high` - `low`) / 65534, and code 65535 for what is not finite.
struct Codes {
    double low, high;
    std::vector<std::uint16_t> codes;
};
Codes coded(std::span<const float> numbers);

/// A recorded variable, thinned to so many points or fewer.
struct ThinSeries {
    std::vector<double> time;   // [ms] of the points
    std::size_t stretch;        ///< samples that two points stand for: their least and greatest value; 1: all samples are there
    std::vector<float> values;  ///< [region][point] in the variable's unit
};

/// @param most  points; at least 2
ThinSeries thinned(const ResultFile& result, const std::string& monitor, const std::string& variable, std::size_t most);

}  // namespace kation
