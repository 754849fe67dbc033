#pragma once

#include <kation/support/math.hpp>

#include <concepts>
#include <numbers>

namespace kation {

template <class C, class T>
concept ConstantFor = std::same_as<C, T> || std::same_as<C, double>;

/// A number with its exact first and second derivatives by two variables x and y. T is double, or Dual for the Jacobian of a model that
/// itself contains second derivatives.
template <class T>
struct Jet {
    T value = T(0.0), x = T(0.0), y = T(0.0), xx = T(0.0), xy = T(0.0), yy = T(0.0);

    constexpr Jet() = default;
    constexpr Jet(double number) : value(number) {}  // NOLINT(google-explicit-constructor): a constant
    constexpr Jet(const T& number)                   // NOLINT(google-explicit-constructor): a constant
        requires(!std::same_as<T, double>)
        : value(number) {}
    // Number by number: g++ keeps a whole record that is copied in memory, and then does not vectorise the loop over nodes.
    KATION_INLINE constexpr Jet(const Jet& other) : value(other.value), x(other.x), y(other.y), xx(other.xx), xy(other.xy), yy(other.yy) {}
    KATION_INLINE constexpr Jet& operator=(const Jet& other) {
        value = other.value, x = other.x, y = other.y, xx = other.xx, xy = other.xy, yy = other.yy;
        return *this;
    }
    constexpr Jet(T value_, T x_, T y_, T xx_, T xy_, T yy_) : value(value_), x(x_), y(y_), xx(xx_), xy(xy_), yy(yy_) {}

    KATION_INLINE friend constexpr Jet operator+(const Jet& a, const Jet& b) {
        return {a.value + b.value, a.x + b.x, a.y + b.y, a.xx + b.xx, a.xy + b.xy, a.yy + b.yy};
    }
    KATION_INLINE friend constexpr Jet operator-(const Jet& a) { return {-a.value, -a.x, -a.y, -a.xx, -a.xy, -a.yy}; }
    KATION_INLINE friend constexpr Jet operator-(const Jet& a, const Jet& b) {
        return {a.value - b.value, a.x - b.x, a.y - b.y, a.xx - b.xx, a.xy - b.xy, a.yy - b.yy};
    }
    KATION_INLINE friend constexpr Jet operator*(const Jet& a, const Jet& b) {
        return {a.value * b.value,
                a.x * b.value + a.value * b.x,
                a.y * b.value + a.value * b.y,
                a.xx * b.value + 2.0 * (a.x * b.x) + a.value * b.xx,
                a.xy * b.value + a.x * b.y + a.y * b.x + a.value * b.xy,
                a.yy * b.value + 2.0 * (a.y * b.y) + a.value * b.yy};
    }
    KATION_INLINE friend constexpr Jet operator/(const Jet& a, const Jet& b) { return a * (1.0 / b); }

    // With constants, which have no derivatives to multiply.
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator+(const C& c, const Jet& a) {
        return {c + a.value, a.x, a.y, a.xx, a.xy, a.yy};
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator+(const Jet& a, const C& c) {
        return c + a;
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator-(const C& c, const Jet& a) {
        return c + -a;
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator-(const Jet& a, const C& c) {
        return {a.value - c, a.x, a.y, a.xx, a.xy, a.yy};
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator*(const C& c, const Jet& a) {
        return {c * a.value, c * a.x, c * a.y, c * a.xx, c * a.xy, c * a.yy};
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator*(const Jet& a, const C& c) {
        return c * a;
    }
    template <ConstantFor<T> C>
    KATION_INLINE friend constexpr Jet operator/(const C& c, const Jet& a) {
        const T r = 1.0 / a.value, slope = -c * (r * r);
        return a.through(c * r, slope, -2.0 * (slope * r));
    }
    friend constexpr bool operator<(const Jet& a, const Jet& b) { return a.value < b.value; }
    friend constexpr bool operator>(const Jet& a, const Jet& b) { return a.value > b.value; }

    /// f of this, by the value of f and its first two derivatives there.
    [[nodiscard]] KATION_INLINE constexpr Jet through(const T& f, const T& df, const T& ddf) const {
        return {f, df * x, df * y, df * xx + ddf * (x * x), df * xy + ddf * (x * y), df * yy + ddf * (y * y)};
    }
};

template <class T>
KATION_INLINE constexpr Jet<T> square(const Jet<T>& a) {
    return a.through(a.value * a.value, 2.0 * a.value, T(2.0));
}
template <class T>
KATION_INLINE constexpr Jet<T> sqrt(const Jet<T>& a) {
    const T root = sqrt(a.value), slope = 0.5 / root;
    return a.through(root, slope, -0.5 * slope / a.value);
}
template <class T>
KATION_INLINE constexpr Jet<T> erfc(const Jet<T>& a) {
    const T slope = -2.0 * std::numbers::inv_sqrtpi * exp(-(a.value * a.value));
    return a.through(erfc(a.value), slope, -2.0 * (a.value * slope));
}
template <class T>
KATION_INLINE constexpr Jet<T> tanh(const Jet<T>& a) {
    const T t = tanh(a.value), slope = 1.0 - t * t;
    return a.through(t, slope, -2.0 * (t * slope));
}
template <class T>
KATION_INLINE constexpr Jet<T> select(bool condition, const Jet<T>& yes, const Jet<T>& no) {
    return {select(condition, yes.value, no.value), select(condition, yes.x, no.x),   select(condition, yes.y, no.y),
            select(condition, yes.xx, no.xx),       select(condition, yes.xy, no.xy), select(condition, yes.yy, no.yy)};
}

}  // namespace kation
