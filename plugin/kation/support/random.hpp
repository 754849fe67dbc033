#pragma once

#include <kation/support/math.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace kation {

/// Where a random number belongs. The same place always gets the same number, whatever else was drawn before it.
struct RandomPlace {
    std::uint32_t region, variable;
    std::uint64_t step;
};

namespace detail {

/// Words of 32 bits, each in the lower half of 64, where vector instructions multiply them.
struct FourWords {
    std::uint64_t a, b, c, d;
};

/// Philox4x32-10 of Salmon et al. 2011, doi:10.1145/2063384.2063405, with the seed as its key and the place as its counter: Random123's
/// numbers. Written anew because the library's classes are not turned into vector code.
KATION_INLINE FourWords philox(std::uint64_t seed, const RandomPlace& place) {
    constexpr std::uint64_t word = 0xffffffff;
    std::uint64_t a = place.step & word, b = place.step >> 32, c = place.region, d = place.variable;
    std::uint64_t key = seed & word, other_key = seed >> 32;
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = (a & word) * 0xD2511F53ULL, second = (c & word) * 0xCD9E8D57ULL;
        a = (second >> 32) ^ b ^ key;
        b = second & word;
        c = (first >> 32) ^ d ^ other_key;
        d = first & word;
        key = (key + 0x9E3779B9ULL) & word;
        other_key = (other_key + 0xBB67AE85ULL) & word;
    }
    return {a, b, c, d};
}

/// (k + 1/2) 2^-52 for the k that 52 of the bits are: exactly, symmetric about 1/2, never 0 or 1. Words of 32 bits would end the normal
/// numbers at 6.7 standard deviations, and show as a grid near 0; these end at 8.6, beyond which one number in 10^17 would lie.
KATION_INLINE double uniform(std::uint64_t high, std::uint64_t low) {
    constexpr std::uint64_t exponent_of_one = 0x3ff0000000000000ULL;
    return std::bit_cast<double>((high << 20) | (low >> 12) | exponent_of_one) - (1.0 - 0x1p-53);
}

struct Pair {
    double first, second;
};

KATION_INLINE Pair uniforms(std::uint64_t seed, const RandomPlace& place) {
    const FourWords words = philox(seed, place);
    return {uniform(words.a, words.b), uniform(words.c, words.d)};
}

/// The transform of Box and Muller.
KATION_INLINE Pair normals(double u, double turns) {
    const double radius = sqrt(-2.0 * log_of_quotient(u, 1.0));
    const SineCosine angle = sine_cosine_of_turns(turns);
    return {radius * angle.cosine, radius * angle.sine};
}

}  // namespace detail

/// Two independent standard normal numbers for a place.
inline std::array<double, 2> two_normals(std::uint64_t seed, const RandomPlace& place) {
    const detail::Pair u = detail::uniforms(seed, place), pair = detail::normals(u.first, u.second);
    return {pair.first, pair.second};
}

/// Two independent numbers for a place, uniform on (0, 1): each (k + 1/2) 2^-52 for a whole number k.
inline std::array<double, 2> two_uniforms(std::uint64_t seed, const RandomPlace& place) {
    const detail::Pair pair = detail::uniforms(seed, place);
    return {pair.first, pair.second};
}

/// Two independent standard normal numbers for each node in [begin, end), whose region is regions[node]. In two loops: operations of
/// one wait for each other, and a machine looks far enough ahead to do others meanwhile only if a node's are few.
struct NormalPairs {
    KATION_INLINE static void run(std::uint64_t seed, std::uint32_t variable, std::uint64_t step, const std::uint64_t* regions,
                                  double* first, double* second, std::size_t begin, std::size_t end) {
#pragma omp simd
        for (std::size_t node = begin; node < end; ++node) draw(node, seed, variable, step, regions, first, second);
#pragma omp simd
        for (std::size_t node = begin; node < end; ++node) transform(node, first, second);
    }

  private:
    KATION_INLINE static void draw(std::size_t node, std::uint64_t seed, std::uint32_t variable, std::uint64_t step,
                                   const std::uint64_t* regions, double* first, double* second) {
        const detail::Pair u = detail::uniforms(seed, {static_cast<std::uint32_t>(regions[node]), variable, step});
        first[node] = u.first;
        second[node] = u.second;
    }
    KATION_INLINE static void transform(std::size_t node, double* first, double* second) {
        const detail::Pair pair = detail::normals(first[node], second[node]);
        first[node] = pair.first;
        second[node] = pair.second;
    }
};

}  // namespace kation
