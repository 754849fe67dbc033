#pragma once

#include <kation/model/model.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace kation {

/// What happens to a state variable outside its range.
enum class Bounds {
    error,  ///< the run stops and says where
    clip    ///< it is put back to the end of its range, as The Virtual Brain does
};

/// A range for clipping one variable, in place of the model's valid range.
struct Limit {
    std::string variable;
    double low, high;
    bool operator==(const Limit&) const = default;
};

/// How accurate each step of the adaptive scheme is. For a variable x whose interesting values span a width s, the error of a step is kept
/// below rtol |x| + atol s.
struct StepTolerance {
    static constexpr double least = 1e-14, most = 0.1;  ///< what both may be, both included
    double rtol = 1e-6, atol = 1e-9;
    bool operator==(const StepTolerance&) const = default;
};

/// How time advances.
struct Integrator {
    Method method = Method::rk4;
    double dt = 0.02;  ///< [ms]
    Bounds bounds = Bounds::error;
    std::vector<Limit> limits;
    std::uint64_t seed = 42;
    StepTolerance tolerance{};  ///< of the adaptive scheme
    bool operator==(const Integrator&) const = default;

    static Integrator of(Method method, double step) {
        Integrator integrator;
        integrator.method = method;
        integrator.dt = step;
        return integrator;
    }
    static Integrator euler(double step) { return of(Method::euler, step); }
    static Integrator heun(double step) { return of(Method::heun, step); }
    static Integrator rk4(double step) { return of(Method::rk4, step); }
    /// Steps of its own; `grid`: the dt on which results are given and to which delays are rounded [ms].
    static Integrator adaptive(double grid, StepTolerance tolerance = {}) {
        Integrator integrator = of(Method::adaptive, grid);
        integrator.tolerance = tolerance;
        return integrator;
    }
};

/// How many steps beyond the present one a scheme wants to know the delayed input: RK4's middle sample next to a kink.
constexpr std::int64_t steps_ahead(Method method) { return method == Method::rk4 ? 2 : 0; }

}  // namespace kation
