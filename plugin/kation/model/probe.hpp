#pragma once

#include <kation/model/field.hpp>

namespace kation {

/// A scalar that only remembers whether it was computed. A member of a record that nobody set was made from its Field and says so:
/// the compile-time check that `derivative` sets every rate.
struct Probe {
    bool computed = true;

    constexpr Probe() = default;
    constexpr Probe(double) {}                          // NOLINT(google-explicit-constructor): a constant is a rate too
    constexpr Probe(const Field&) : computed(false) {}  // NOLINT(google-explicit-constructor): a default is not

    friend constexpr Probe operator+(Probe, Probe) { return {}; }
    friend constexpr Probe operator-(Probe, Probe) { return {}; }
    friend constexpr Probe operator*(Probe, Probe) { return {}; }
    friend constexpr Probe operator/(Probe, Probe) { return {}; }
    friend constexpr Probe operator-(Probe) { return {}; }
    friend constexpr bool operator<(Probe, Probe) { return false; }
    friend constexpr bool operator>(Probe, Probe) { return false; }
    friend constexpr bool operator<=(Probe, Probe) { return false; }
    friend constexpr bool operator>=(Probe, Probe) { return false; }
};

constexpr Probe exp(Probe) { return {}; }
constexpr Probe log(Probe) { return {}; }
constexpr Probe log_ratio(Probe, Probe) { return {}; }
constexpr Probe erfc(Probe) { return {}; }
constexpr Probe tanh(Probe) { return {}; }
constexpr Probe sqrt(Probe) { return {}; }
constexpr Probe atan(Probe) { return {}; }
constexpr Probe atan_ratio(Probe, Probe) { return {}; }
constexpr Probe square(Probe) { return {}; }
constexpr Probe select(bool, Probe, Probe) { return {}; }

}  // namespace kation
