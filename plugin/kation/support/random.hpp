#pragma once

#include <array>
#include <cstdint>

namespace kation {

/// Where a random number belongs. The same place always gets the same number, whatever else was drawn before it.
struct RandomPlace {
    std::uint32_t region, variable;
    std::uint64_t step;
};

/// Two independent standard normal numbers for a place (Philox4x32-10 of Salmon et al. 2011, doi:10.1145/2063384.2063405, and the
/// Box-Muller transform).
std::array<double, 2> two_normals(std::uint64_t seed, const RandomPlace& place);

}  // namespace kation
