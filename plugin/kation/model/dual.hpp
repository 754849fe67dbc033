#pragma once

#include <kation/support/math.hpp>

#include <array>
#include <cstddef>
#include <numbers>

namespace kation {

/// A number with its exact derivatives by N variables (forward differentiation): a model evaluated with it gives its Jacobian.
template <std::size_t N>
struct Dual {
    double value = 0;
    std::array<double, N> slope{};

    constexpr Dual() = default;
    constexpr Dual(double number) : value(number) {}  // NOLINT(google-explicit-constructor): a constant
    static constexpr Dual variable(double number, std::size_t which) {
        Dual x(number);
        x.slope[which] = 1.0;
        return x;
    }

    friend constexpr Dual operator+(const Dual& a, const Dual& b) { return chain(a.value + b.value, a, 1.0, b, 1.0); }
    friend constexpr Dual operator-(const Dual& a, const Dual& b) { return chain(a.value - b.value, a, 1.0, b, -1.0); }
    friend constexpr Dual operator*(const Dual& a, const Dual& b) { return chain(a.value * b.value, a, b.value, b, a.value); }
    friend constexpr Dual operator/(const Dual& a, const Dual& b) {
        const double quotient = a.value / b.value;
        return chain(quotient, a, 1.0 / b.value, b, -quotient / b.value);
    }
    friend constexpr Dual operator-(const Dual& a) { return chain(-a.value, a, -1.0, a, 0.0); }
    friend constexpr bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
    friend constexpr bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
    friend constexpr bool operator<=(const Dual& a, const Dual& b) { return a.value <= b.value; }
    friend constexpr bool operator>=(const Dual& a, const Dual& b) { return a.value >= b.value; }

    /// f with df = fa da + fb db.
    static constexpr Dual chain(double f, const Dual& a, double fa, const Dual& b, double fb) {
        Dual result(f);
        for (std::size_t k = 0; k < N; ++k) result.slope[k] = fa * a.slope[k] + fb * b.slope[k];
        return result;
    }
};

template <std::size_t N>
Dual<N> exp(const Dual<N>& x) {
    const double e = exp(x.value);
    return Dual<N>::chain(e, x, e, x, 0.0);
}
template <std::size_t N>
Dual<N> log(const Dual<N>& x) {
    return Dual<N>::chain(log(x.value), x, 1.0 / x.value, x, 0.0);
}
template <std::size_t N>
Dual<N> log_ratio(const Dual<N>& a, const Dual<N>& b) {
    return Dual<N>::chain(log_ratio(a.value, b.value), a, 1.0 / a.value, b, -1.0 / b.value);
}
template <std::size_t N>
Dual<N> erfc(const Dual<N>& x) {
    return Dual<N>::chain(erfc(x.value), x, -2.0 * std::numbers::inv_sqrtpi * exp(-x.value * x.value), x, 0.0);
}
template <std::size_t N>
Dual<N> tanh(const Dual<N>& x) {
    const double t = tanh(x.value);
    return Dual<N>::chain(t, x, fma(-t, t, 1.0), x, 0.0);
}
template <std::size_t N>
Dual<N> sqrt(const Dual<N>& x) {
    const double root = sqrt(x.value);
    return Dual<N>::chain(root, x, 0.5 / root, x, 0.0);
}
template <std::size_t N>
Dual<N> atan(const Dual<N>& x) {
    return Dual<N>::chain(atan(x.value), x, 1.0 / (1.0 + square(x.value)), x, 0.0);
}
template <std::size_t N>
Dual<N> atan_ratio(const Dual<N>& a, const Dual<N>& b) {
    const double size = square(a.value) + square(b.value);
    return Dual<N>::chain(atan_ratio(a.value, b.value), a, b.value / size, b, -a.value / size);
}
template <std::size_t N>
constexpr Dual<N> square(const Dual<N>& x) {
    return x * x;
}
template <std::size_t N>
constexpr Dual<N> select(bool condition, const Dual<N>& yes, const Dual<N>& no) {
    return condition ? yes : no;
}

}  // namespace kation
