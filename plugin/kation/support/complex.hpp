#pragma once

#include <kation/support/math.hpp>

namespace kation {

/// a b + c of any other scalar; of doubles it is one operation (support/math.hpp).
template <class T>
constexpr T fma(const T& a, const T& b, const T& c) {
    return a * b + c;
}

/// A complex number of any scalar that models are evaluated with; std::complex is for floating-point numbers only.
template <class T>
struct Complex {
    T re, im;

    KATION_INLINE friend constexpr Complex operator+(const Complex& a, const Complex& b) { return {a.re + b.re, a.im + b.im}; }
    KATION_INLINE friend constexpr Complex operator-(const Complex& a, const Complex& b) { return {a.re - b.re, a.im - b.im}; }
    KATION_INLINE friend constexpr Complex operator*(const Complex& a, const Complex& b) {
        return {fma(a.re, b.re, -(a.im * b.im)), fma(a.re, b.im, a.im * b.re)};
    }
    KATION_INLINE friend constexpr Complex operator+(const T& a, const Complex& b) { return {a + b.re, b.im}; }
    KATION_INLINE friend constexpr Complex operator-(const T& a, const Complex& b) { return {a - b.re, -b.im}; }
    KATION_INLINE friend constexpr Complex operator*(const T& a, const Complex& b) { return {a * b.re, a * b.im}; }
};

/// a b + c
template <class T>
KATION_INLINE constexpr Complex<T> fma(const Complex<T>& a, const Complex<T>& b, const Complex<T>& c) {
    return {fma(a.re, b.re, fma(-a.im, b.im, c.re)), fma(a.re, b.im, fma(a.im, b.re, c.im))};
}
template <class T>
KATION_INLINE constexpr Complex<T> fma(const T& a, const Complex<T>& b, const Complex<T>& c) {
    return {fma(a, b.re, c.re), fma(a, b.im, c.im)};
}
template <class T>
KATION_INLINE constexpr Complex<T> square(const Complex<T>& a) {
    return {fma(a.re, a.re, -(a.im * a.im)), 2.0 * a.re * a.im};
}
/// i a
template <class T>
KATION_INLINE constexpr Complex<T> times_i(const Complex<T>& a) {
    return {-a.im, a.re};
}
template <class T>
KATION_INLINE constexpr Complex<T> inverse(const Complex<T>& a) {
    const T scale = 1.0 / fma(a.re, a.re, a.im * a.im);
    return {a.re * scale, -a.im * scale};
}

}  // namespace kation
