#pragma once

#include <kation/model/kernel.hpp>

namespace kation {

/// X' = X + dt f(X, c), with noise and limits as The Virtual Brain's EulerDeterministic and EulerStochastic. Order 1, also
/// of means over many runs with noise (weak order).
struct Euler {
    static constexpr Method method = Method::euler;
    static constexpr bool splits_at_jumps = false;
    static constexpr bool samples_each_stage = false;

    template <class X, class Rate, class Settle>
    KATION_INLINE static X step(const X& x, double dt, const Rate& rate, const Settle& settle) {
        return settle(moved(x, dt, rate(x, 0)));
    }
};

}  // namespace kation
