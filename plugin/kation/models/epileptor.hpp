#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

namespace kation::models {

/// Phenomenological model of seizures: fast discharges (x1, y1), spike-and-wave events (x2, y2) and a slow permittivity z.
struct Epileptor {
    static constexpr Info info{
        .name = "epileptor",
        .title = "Epileptor: seizures from a slow permittivity variable",
        .equations =
            "x1' = tt (y1 - f1 - z + Iext1 + Kvf c1) + I        f1 = (a x1 - b) x1^2 if x1 < 0, else -(slope - x2 + 0.6 (z - 4)^2) x1\n"
            "y1' = tt (c - d x1^2 - y1)\n"
            "z'  = tt r (4 (x1 - x0) - z + f_z + Ks c1)         f_z = -0.1 z^7 if z < 0, else 0\n"
            "x2' = tt (-y2 + x2 - x2^3 + Iext2 + bb g - 0.3 (z - 3.5) + Kf c2)\n"
            "y2' = tt (f2 - y2)/tau                             f2 = aa (x2 + 0.25) if x2 >= -0.25, else 0\n"
            "g'  = -0.01 tt (g - 0.1 x1)\n"
            "c1 and c2 are sums over differences x1_j - x1_i and x2_j - x2_i: set the network's coupling to `difference`",
        .source =
            "Jirsa, Stacey, Quilichini, Ivanov, Bernard 2014, Brain 137, 2210, doi:10.1093/brain/awu133; coupling as in The Virtual Brain",
        .corrections =
            "Signs are The Virtual Brain's: with difference coupling a negative Ks spreads a seizure. A unit of time is about 1 ms at tt = "
            "1, "
            "by convention. f1 and f2 have kinks at x1 = 0 and x2 = -0.25: a step across one is of order 2.",
        .largest_dt = {0.01, 0.05, 0.1},  // at tt = 1: x1 decays at 17 to 24/ms at rest
    };

    template <class T>
    struct State {
        T x1 = Field{"x1", -1.6, "1", explore{-2.0, 2.0}, "fast discharges"};
        T y1 = Field{"y1", -11.8, "1", explore{-20.0, 2.0}, "recovery of x1"};
        T z = Field{"z", 3.2, "1", explore{2.0, 5.0}, "permittivity: slow, decides between rest and seizure"};
        T x2 = Field{"x2", -1.0, "1", explore{-2.0, 2.0}, "spike-and-wave events"};
        T y2 = Field{"y2", 0.0, "1", explore{0.0, 5.0}, "recovery of x2"};
        T g = Field{"g", -0.16, "1", explore{-0.2, 0.1}, "x1 through a low pass: lets the seizure drive spike-and-wave events"};
    };
    template <class T>
    struct Parameters {
        T x0 = Field{"x0", -1.6, "1", explore{-2.6, -1.4}, "excitability: seizures by itself above about -2.06"};
        T Iext1 = Field{"Iext1", 3.1, "1", explore{1.5, 5.0}, "constant current of x1"};
        T Iext2 = Field{"Iext2", 0.45, "1", explore{0.0, 1.0}, "constant current of x2"};
        T slope = Field{"slope", 0.0, "1", explore{-16.0, 6.0}, "linear term of f1"};
        T r = Field{"r", 3.5e-4, "1", valid{0.0, inf, open}, explore{1e-5, 1e-3}, "slowness of z"};
        T tt = Field{"tt", 1.0, "1/ms", valid{0.0, inf, open}, explore{0.05, 1.0}, "units of time in a millisecond"};
        T tau = Field{"tau", 10.0, "1", valid{0.0, inf, open}, explore{1.0, 20.0}, "time constant of y2"};
        T a = Field{"a", 1.0, "1", explore{0.5, 2.0}, "cubic term of f1"};
        T b = Field{"b", 3.0, "1", explore{2.0, 4.0}, "quadratic term of f1"};
        T c = Field{"c", 1.0, "1", explore{0.5, 2.0}, "constant term of y1'"};
        T d = Field{"d", 5.0, "1", explore{4.0, 6.0}, "quadratic term of y1'"};
        T aa = Field{"aa", 6.0, "1", explore{4.0, 8.0}, "slope of f2"};
        T bb = Field{"bb", 2.0, "1", explore{0.0, 4.0}, "how much g drives x2"};
        T Kvf = Field{"Kvf", 0.0, "1", explore{0.0, 4.0}, "fast coupling: of c1 into x1'"};
        T Kf = Field{"Kf", 0.0, "1", explore{0.0, 4.0}, "fast coupling: of c2 into x2'"};
        T Ks = Field{"Ks", 0.0, "1", explore{-4.0, 0.0}, "permittivity coupling: of c1 into z'; below 0 it spreads seizures"};
    };
    template <class T>
    struct Output {
        T x1 = Field{"x1", 0.0, "1", "fast discharges"};
        T x2 = Field{"x2", 0.0, "1", "spike-and-wave events"};
    };
    template <class T>
    struct Input {
        T c1 = Field{"c1", 0.0, "1", "coupling through x1, times Kvf and Ks"};
        T c2 = Field{"c2", 0.0, "1", "coupling through x2, times Kf"};
        T I = Field{"I", 0.0, "1/ms", "stimulus, added to x1'"};
    };
    template <class T>
    struct Observed {
        T lfp = Field{"lfp", 0.0, "1", "x2 - x1, compared with local field potentials in the paper"};
    };

    /// z', of epileptor_2d as well.
    template <class T, class P>
    KATION_INLINE static constexpr T permittivity(const T& x1, const T& z, const T& c1, const P& p) {
        const T below = select(z < 0.0, z, T(0.0)), f_z = -0.1 * below * square(below * square(below));
        return p.tt * p.r * (4.0 * (x1 - p.x0) - z + f_z + p.Ks * c1);
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        const T f1 = select(x.x1 < 0.0, (p.a * x.x1 - p.b) * x.x1, x.x2 - p.slope - 0.6 * square(x.z - 4.0)) * x.x1;
        const T f2 = select(x.x2 < -0.25, T(0.0), p.aa * (x.x2 + 0.25));
        return {
            .x1 = p.tt * (x.y1 - f1 - x.z + p.Iext1 + p.Kvf * in.c1) + in.I,
            .y1 = p.tt * (p.c - p.d * square(x.x1) - x.y1),
            .z = permittivity(x.x1, x.z, in.c1, p),
            .x2 = p.tt * (-x.y2 + x.x2 - x.x2 * square(x.x2) + p.Iext2 + p.bb * x.g - 0.3 * (x.z - 3.5) + p.Kf * in.c2),
            .y2 = p.tt * (f2 - x.y2) / p.tau,
            .g = -0.01 * p.tt * (x.g - 0.1 * x.x1),
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.x1 = x.x1, .x2 = x.x2};
    }
    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>&) {
        return {.lfp = x.x2 - x.x1};
    }

    static constexpr bool listens(std::size_t channel, const Parameters<double>& p) {
        return channel == 0 ? p.Kvf != 0.0 || p.Ks != 0.0 : p.Kf != 0.0;
    }

    // The onset of a seizure: between its discharges x1 stays above -1.2, at rest below.
    static constexpr EventRule event_rule{"x1", "1", -0.5, -1.2};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.x1;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<Epileptor>{"epileptogenic", "seizures by itself, one after the other", {}, {}},
            Preset<Epileptor>{"healthy",
                              "no seizure of its own; starts at rest",
                              {.x0 = -2.2},
                              {.x1 = -1.4624260073338,
                               .y1 = -9.6934491346319,
                               .z = 2.9502959706647,
                               .x2 = -0.75807526376465,
                               .y2 = 0.0,
                               .g = -0.14624260073338}},
            Preset<Epileptor>{"excitable",
                              "no seizure of its own, but nearly: I = 1 for 20 ms evokes one; starts at rest",
                              {.x0 = -2.1},
                              {.x1 = -1.3705893624908,
                               .y1 = -8.3925760028651,
                               .z = 2.9176425500367,
                               .x2 = -0.71289243289601,
                               .y2 = 0.0,
                               .g = -0.13705893624908}},
        };
    }
};

}  // namespace kation::models
