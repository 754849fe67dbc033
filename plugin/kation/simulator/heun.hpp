#pragma once

#include <kation/model/kernel.hpp>

namespace kation {

/// k1 = f(X, c), Y = X + dt k1, X' = X + dt/2 (k1 + f(Y, c)), with noise and limits on predictor and result, as The Virtual Brain's
/// HeunDeterministic and HeunStochastic. One coupling and one stimulus sample serve both stages: order 2 in the node's own equations,
/// order 1 in the coupling and in a stimulus that changes in time. The same kick on predictor and result is, for noise that does not depend
/// on the state, Platen's explicit scheme of weak order 2 (Kloeden and Platen 1992, section 15.1, doi:10.1007/978-3-662-12616-5): means
/// over many runs are off by dt^2, where Euler's are by dt.
struct Heun {
    static constexpr Method method = Method::heun;
    static constexpr bool splits_at_jumps = false;
    static constexpr bool samples_each_stage = false;

    template <class X, class Rate, class Settle>
    KATION_INLINE static X step(const X& x, double dt, const Rate& rate, const Settle& settle) {
        const X k1 = rate(x, 0);
        const X predicted = settle(moved(x, dt, k1));
        return settle(moved(x, 0.5 * dt, sum_of(k1, rate(predicted, 0))));
    }
};

}  // namespace kation
