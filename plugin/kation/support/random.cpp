#include <kation/support/math.hpp>
#include <kation/support/random.hpp>

#include <Random123/philox.h>

namespace kation {
namespace {

/// 53 bits as a number in (0, 1).
double uniform(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits = (static_cast<std::uint64_t>(high) << 21) ^ (static_cast<std::uint64_t>(low) >> 11);
    return (static_cast<double>(bits) + 0.5) * 0x1p-53;
}

}  // namespace

std::array<double, 2> two_normals(std::uint64_t seed, const RandomPlace& place) {
    const r123::Philox4x32::ctr_type counter{
        {static_cast<std::uint32_t>(place.step), static_cast<std::uint32_t>(place.step >> 32), place.region, place.variable}};
    const r123::Philox4x32::key_type key{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    const auto bits = r123::Philox4x32{}(counter, key);
    const double radius = kation::sqrt(-2.0 * kation::log(uniform(bits[0], bits[1])));
    const double angle = 2.0 * std::numbers::pi * uniform(bits[2], bits[3]);
    return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace kation
