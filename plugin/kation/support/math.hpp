#pragma once

#include <kation/support/inline.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

/// Elementary functions for the loops over nodes: plain C++ without branches or tables, so that a compiler turns a loop of calls into
/// vector code, with every fused operation written out, so that all compilers and instruction sets give the same bits.
namespace kation {

/// a b + c with one rounding; software, slow but of the same bits, where the machine has no such instruction.
KATION_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }

/// One of two values, both of which are computed: what a branch is in vector code.
KATION_INLINE constexpr double select(bool condition, double yes, double no) { return condition ? yes : no; }

KATION_INLINE constexpr double square(double x) { return x * x; }
KATION_INLINE double sqrt(double x) { return __builtin_sqrt(x); }

namespace detail {

// Adding this to a number below 2^51 leaves it rounded to a whole number in the low bits.
inline constexpr double whole_number_in_low_bits = 0x1.8p52;
inline constexpr double log2_of_e = 0x1.71547652b82fep+0;
// ln 2 in two parts; the first has 21 zero bits at its end, so that a whole number times it is exact.
inline constexpr double ln2_high = 0x1.62e42feep-1;
inline constexpr double ln2_low = 0x1.a39ef35793c76p-33;
inline constexpr double log_of_largest = 0x1.62e42fefa39efp+9;

/// log((1 + s)/(1 - s)) - 2 s for |s| <= 0.2: Chebyshev interpolation in s^2, relative error 5e-19 of the whole.
KATION_INLINE double log_tail(double s) {
    const double z = s * s, z2 = z * z;
    const double a = fma(fma(0x1.c71c72df7cf9dp-3, z, 0x1.24924923de528p-2), z2, fma(0x1.9999999999f18p-2, z, 0x1.5555555555555p-1));
    const double b = fma(fma(0x1.169d45f561cc7p-3, z, 0x1.0e8c32bc710e5p-3), z2, fma(0x1.3b29d20b4b924p-3, z, 0x1.745cac3874569p-3));
    return fma(b, z2 * z2, a) * (z * s);
}

/// log(a/b) for positive normal a and b, by s = (a 2^-k - b)/(a 2^-k + b). The difference of the bits of two doubles is nearly the
/// logarithm of their quotient, so that rounding it to a whole exponent k leaves a 2^-k/b between 2/3 and 3/2.
KATION_INLINE double log_of_quotient(double a, double b) {
    constexpr std::uint64_t half = 0x0008000000000000ULL, exponent_bits = 0xfff0000000000000ULL;
    constexpr std::uint64_t middle = 0x8000000000000000ULL;  // k from -2048 on becomes a whole number from 0 on
    const auto bits = std::bit_cast<std::uint64_t>(a);
    const std::uint64_t rounded = bits - std::bit_cast<std::uint64_t>(b) + (middle + half);
    const double k = std::bit_cast<double>((rounded >> 52) | 0x4330000000000000ULL) - (0x1p52 + 2048.0);
    const double scaled = std::bit_cast<double>(bits - ((rounded & exponent_bits) - middle));
    // The products with zero are NaN where a or b is not finite.
    const double s = fma(a, 0.0, scaled - b) / fma(b, 0.0, scaled + b);
    return fma(k, ln2_high, fma(2.0, s, fma(k, ln2_low, log_tail(s))));
}

/// atan(a/b). The angle less a right one, or half of one, or nothing, whichever is nearest, has the tangent t = -b/a, (a - b)/(a + b) or
/// a/b.
KATION_INLINE double atan_of_quotient(double a, double b) {
    constexpr double tan_22_5 = 0x1.a827999fcef32p-2, tan_67_5 = 0x1.3504f333f9de6p+1;  // degrees
    constexpr double right_angle = 0x1.921fb54442d18p+0, right_angle_low = 0x1.1a62633145c07p-54;
    const double top = __builtin_fabs(a), bottom = __builtin_fabs(b);
    const bool beside = top > tan_22_5 * bottom, above = top > tan_67_5 * bottom;
    const double t = select(above, -bottom, select(beside, top - bottom, top)) / select(above, top, select(beside, top + bottom, bottom));
    const double part = select(above, 1.0, select(beside, 0.5, 0.0));
    // (atan(t)/t - 1)/t^2 on |t| <= tan(pi/8): Chebyshev interpolation in t^2, relative error 7e-18 of the whole.
    const double z = t * t, z2 = z * z, z4 = z2 * z2;
    const double p = fma(fma(0x1.c71c71853d7fap-4, z, -0x1.2492492436201p-3), z2, fma(0x1.999999999934cp-3, z, -0x1.5555555555555p-2));
    const double q = fma(fma(0x1.dfe6497e96323p-5, z, -0x1.10fa77b1a6d57p-4), z2, fma(0x1.3b1263064f6b9p-4, z, -0x1.745d0b28a7e37p-4));
    const double s = fma(-0x1.3a31b1c0fd3b7p-6, z2, fma(0x1.4162c02b1dda3p-5, z, -0x1.a0999c632b6edp-5));
    const double tail = fma(t * z, fma(fma(s, z4, q), z4, p), part * right_angle_low);
    return __builtin_copysign(fma(part, right_angle, t + tail), __builtin_copysign(1.0, a) * b);
}

/// e^x = 2^n (1 + less_one)
struct PowerOfE {
    double less_one;         ///< e^r - 1 for r = x - n ln 2, |r| <= ln(2)/2
    std::uint64_t exponent;  ///< n in its low bits
};
KATION_INLINE PowerOfE power_of_e(double x) {
    const double shifted = fma(x, log2_of_e, whole_number_in_low_bits);
    const double n = shifted - whole_number_in_low_bits;
    const double r = fma(-n, ln2_low, fma(-n, ln2_high, x));
    // (e^r - 1 - r)/r^2 on |r| <= ln(2)/2: Chebyshev interpolation, relative error 2e-17 of e^r.
    // In pairs of pairs, since a chain of ten fused operations would be waited for.
    const double r2 = r * r, r4 = r2 * r2;
    const double a = fma(fma(0x1.11111111109b3p-7, r, 0x1.5555555553d63p-5), r2, fma(0x1.5555555555556p-3, r, 0.5));
    const double b = fma(fma(0x1.71de0dae63bb3p-19, r, 0x1.a019b90d2ae7ap-16), r2, fma(0x1.a01a01a7c41d5p-13, r, 0x1.6c16c1788bd90p-10));
    const double c = fma(0x1.af38a9b0ec855p-26, r, 0x1.289185613a3d6p-22);
    return {fma(r2, fma(fma(c, r4, b), r4, a), r), std::bit_cast<std::uint64_t>(shifted)};
}

/// c0 + c1 t + c2 t^2 + c3 t^3
KATION_INLINE double cubic(double t, double t2, double c0, double c1, double c2, double c3) {
    return fma(fma(c3, t, c2), t2, fma(c1, t, c0));
}

/// (1 + 2 x) exp(x^2) erfc(x) for x >= 0 as a polynomial in t = (x - 4)/(x + 4), which takes [0, inf) to [-1, 1): Chebyshev interpolation,
/// relative error 4e-17.
KATION_INLINE double scaled_erfc(double t) {
    const double t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
    const double a = fma(cubic(t, t2, -0x1.9ddb23c3e0c24p-4, 0x1.7fee004e16d41p-4, -0x1.0fb06dfee4790p-4, 0x1.3079edf5d9d05p-5), t4,
                         cubic(t, t2, 0x1.3ba5916e9fd7fp+0, -0x1.1df1ad154a28ep-3, 0x1.f7f5df66fc17fp-7, 0x1.16ecefcfa5214p-4));
    const double b = fma(cubic(t, t2, 0x1.3be12bafabe1fp-13, -0x1.99551e5f87e20p-16, -0x1.78a738afaf645p-17, 0x1.7f01a118598aep-18), t4,
                         cubic(t, t2, -0x1.0962386da3254p-6, 0x1.49c672b9685cep-8, -0x1.8d4aaa8fbedbcp-11, -0x1.a1df4a1e543bcp-13));
    const double c = fma(cubic(t, t2, -0x1.1904891a069b4p-26, -0x1.af097381d257bp-27, 0x1.afe473b552685p-30, 0x1.0967e527911a9p-30), t4,
                         cubic(t, t2, 0x1.400a0021a32f1p-22, -0x1.b9339da7bf70bp-21, 0x1.31744dd9b56d0p-24, 0x1.cad9b27d6d663p-24));
    return fma(fma(c, t8, b), t8, a);
}

}  // namespace detail

/// e^x, at most 1.2 ulp off; 0 below -708 (where results are nearly subnormal), infinity above 709.78, NaN for NaN.
KATION_INLINE double exp(double x) {
    const detail::PowerOfE e = detail::power_of_e(x);
    const double p = e.less_one + 1.0;
    // Times 2^n, by adding n to the exponent of e^r. Where that leaves the range of exponents the result is known anyway; selecting it
    // last, and not an argument within bounds first, keeps it out of the way of everything else. x + infinity is NaN for NaN.
    const std::uint64_t power = e.exponent << 52;
    const double value = std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) + power);
    const double above = select(x <= detail::log_of_largest, value, x + std::numeric_limits<double>::infinity());
    return select(x < -708.0, 0.0, above);
}

/// Natural logarithm, at most 2 ulp off; -infinity at 0, NaN below 0, infinity at infinity.
KATION_INLINE double log(double x) {
    const bool tiny = x < 0x1p-1022;  // subnormal numbers are made normal first
    const double value = detail::log_of_quotient(select(tiny, x * 0x1p54, x), 1.0) - select(tiny, 54.0 * std::numbers::ln2, 0.0);
    constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
    const double edge = select(x == 0.0, -infinity, select(x > 0.0, x, nan));
    return select(x > 0.0, select(x < infinity, value, edge), edge);
}

/// log(a/b) with one division, at most 2 ulp off for b up to 7e307; wrong by up to 0.41, or NaN, for larger ones. NaN unless both are
/// finite and at least 2^-1021: zeros and numbers that are subnormal, or nearly, have no logarithm here.
KATION_INLINE double log_ratio(double a, double b) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return select(select(a < b, a, b) >= 0x1p-1021, detail::log_of_quotient(a, b), nan);
}

/// Arctangent, at most 2 ulp off; pi/2 with its sign at the infinities, NaN for NaN.
KATION_INLINE double atan(double x) { return detail::atan_of_quotient(x, 1.0); }

/// atan(a/b) with one division, at most 2 ulp off where a + b is finite; NaN where a and b are both 0 or both infinite.
KATION_INLINE double atan_ratio(double a, double b) { return detail::atan_of_quotient(a, b); }

/// Hyperbolic tangent, at most 2.5 ulp off; x itself below 2^-54, with the sign of zero, 1 with its sign from 20 on, NaN for NaN.
KATION_INLINE double tanh(double x) {
    const double size = __builtin_fabs(x), a = select(size > 20.0, 20.0, size);  // 1 - tanh(20) is less than half an ulp
    // (e^2a - 1)/(e^2a + 1), whose errors the quotient makes smaller.
    const detail::PowerOfE e = detail::power_of_e(a + a);
    const double power = std::bit_cast<double>((e.exponent << 52) + 0x3ff0000000000000ULL);
    const double less_one = fma(power, e.less_one, power - 1.0);
    return __builtin_copysign(less_one / (less_one + 2.0), x);
}

/// Complementary error function, at most 5.5 ulp off; 0 above 26.6 (where results are subnormal), 2 far below 0, NaN for NaN.
KATION_INLINE double erfc(double x) {
    const double size = __builtin_fabs(x), a = select(size > 30.0, 30.0, size);
    // exp(-a^2), with the rounding error of the square put back.
    const double squared = a * a, tail = exp(-squared), e = fma(-fma(a, a, -squared), tail, tail);
    // (a - 4)/(a + 4), with its rounding errors put back: near 0 they would count twice.
    const double r = 1.0 / (a + 4.0), t = (a - 4.0) * r, place = fma(r, fma(t, -a, fma(t + 1.0, -4.0, a)), t);
    const double right = e * detail::scaled_erfc(place) / fma(2.0, a, 1.0);
    return select(x < 0.0, 2.0 - right, right);
}

struct SineCosine {
    double sine, cosine;
};

/// Sine and cosine of 2 pi u, each at most 2 ulp off where |u| < 2^49: u is reduced without error, as no angle in radians can be. NaN for
/// NaN and the infinities.
KATION_INLINE SineCosine sine_cosine_of_turns(double u) {
    const double shifted = fma(4.0, u, detail::whole_number_in_low_bits);
    const double r = fma(-0.25, shifted - detail::whole_number_in_low_bits, u);  // turns since the nearest quarter, |r| <= 1/8
    // sin(2 pi r)/r - 2 pi and cos(2 pi r) - 1 over r^2, as polynomials in r^2: Chebyshev interpolation, relative errors 1.5e-17 and 3e-17
    // of the whole.
    constexpr double turn = 0x1.921fb54442d18p+2, turn_low = 0x1.1a62633145c07p-52;
    const double z = r * r, z2 = z * z, z4 = z2 * z2;
    const double odd = fma(fma(0x1.e4a9d9166f052p+1, z, -0x1.e3027dea82bd7p+3), z4,
                           detail::cubic(z, z2, -0x1.4abbce625be52p+5, 0x1.466bc6775a476p+6, -0x1.32d2cce500387p+6, 0x1.50783208843ebp+5));
    const double even = fma(fma(-0x1.b2f3eb054afcdp+0, z2, fma(0x1.f9ce245cada0bp+2, z, -0x1.a6d1eef479be1p+4)), z4,
                            detail::cubic(z, z2, -0x1.3bd3cc9be45dep+4, 0x1.03c1f081b5ac0p+6, -0x1.55d3c7e3cb241p+6, 0x1.e1f5068688d5bp+5));
    const double s = fma(r, turn, r * fma(z, odd, turn_low)), c = fma(z, even, 1.0);
    // Each quarter of a turn makes a cosine of a sine and minus a sine of a cosine.
    const auto quarters = std::bit_cast<std::uint64_t>(shifted);
    const bool beside = (quarters & 1) != 0;
    const auto with_sign = [](double x, std::uint64_t sign)
                               KATION_INLINE_LAMBDA { return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) ^ (sign << 63)); };
    return {with_sign(select(beside, c, s), quarters >> 1), with_sign(select(beside, s, c), (quarters + 1) >> 1)};
}

}  // namespace kation
