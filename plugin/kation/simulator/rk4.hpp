#pragma once

#include <kation/model/kernel.hpp>

namespace kation {

/// The classical Runge-Kutta scheme of order 4. The node's own output and zero-delay connections are evaluated at every stage, delayed
/// input at the begin, the middle (interpolated by the simulator) and the end of the step: order 4 also in delayed networks where the
/// delayed signals are smooth. Without noise. Limits hold at every stage. Where a model's vector field jumps, a step that crosses the jump
/// is split there (not in networks with zero-delay connections, whose nodes share their stages).
struct RungeKutta4 {
    static constexpr Method method = Method::rk4;
    static constexpr bool splits_at_jumps = true;
    static constexpr bool samples_each_stage = true;

    template <class X, class Rate, class Settle>
    KATION_INLINE static X step(const X& x, double dt, const Rate& rate, const Settle& settle) {
        const X k1 = rate(x, 0);
        const X k2 = rate(settle(moved(x, 0.5 * dt, k1)), 1);
        const X k3 = rate(settle(moved(x, 0.5 * dt, k2)), 1);
        const X k4 = rate(settle(moved(x, dt, k3)), 2);
        const X sum = moved(moved(moved(k1, 2.0, k2), 2.0, k3), 1.0, k4);
        return settle(moved(x, dt / 6.0, sum));
    }
};

}  // namespace kation
