#pragma once

#include <kation/models/epileptor.hpp>

namespace kation::models {

/// The epileptor without its fast variables: onset and end of seizures only.
struct Epileptor2d {
    static constexpr Info info{
        .name = "epileptor_2d",
        .title = "Epileptor reduced to two dimensions: onset and end of seizures",
        .equations =
            "x' = tt (c - z + Iext1 + Kvf c1 - f x) + I         f = a x^2 + (d - b) x if x < 0, else -slope - 0.6 (z - 4)^2 + d x\n"
            "z' = tt r (4 (x - x0) - z + f_z + Ks c1)           f_z = -0.1 z^7 if z < 0, else 0\n"
            "c1 is a sum over differences x_j - x_i: set the network's coupling to `difference`",
        .source =
            "Proix, Bartolomei, Chauvel, Bernard, Jirsa 2014, Journal of Neuroscience 34, 15009, doi:10.1523/JNEUROSCI.1417-14.2014; "
            "coupling "
            "as in The Virtual Brain",
        .corrections =
            "Signs are The Virtual Brain's: with difference coupling a negative Ks spreads a seizure. A unit of time is about 1 ms at tt = "
            "1, "
            "by convention. f x has a kink at x = 0: a step across it is of order 2.",
        .largest_dt = {0.05, 0.1, 0.2},
    };

    template <class T>
    struct State {
        T x = Field{"x", -1.6, "1", explore{-2.0, 2.0}, "fast variable: below -1 at rest, above 0 in a seizure"};
        T z = Field{"z", 3.2, "1", explore{2.0, 5.0}, "permittivity: slow, decides between rest and seizure"};
    };
    template <class T>
    struct Parameters {
        T x0 = Field{"x0", -1.6, "1", explore{-2.6, -1.4}, "excitability: seizures by itself above about -2.06"};
        T Iext1 = Field{"Iext1", 3.1, "1", explore{1.5, 5.0}, "constant current"};
        T slope = Field{"slope", 0.0, "1", explore{-16.0, 6.0}, "linear term of f x right of 0"};
        T r = Field{"r", 3.5e-4, "1", valid{0.0, inf, open}, explore{1e-5, 1e-3}, "slowness of z"};
        T tt = Field{"tt", 1.0, "1/ms", valid{0.0, inf, open}, explore{0.05, 1.0}, "units of time in a millisecond"};
        T a = Field{"a", 1.0, "1", explore{0.5, 2.0}, "cubic term of f x"};
        T b = Field{"b", 3.0, "1", explore{2.0, 4.0}, "quadratic term of f x left of 0"};
        T c = Field{"c", 1.0, "1", explore{0.5, 2.0}, "constant term"};
        T d = Field{"d", 5.0, "1", explore{4.0, 6.0}, "quadratic term of f x"};
        T Kvf = Field{"Kvf", 0.0, "1", explore{0.0, 4.0}, "fast coupling: of c1 into x'"};
        T Ks = Field{"Ks", 0.0, "1", explore{-4.0, 0.0}, "permittivity coupling: of c1 into z'; below 0 it spreads seizures"};
    };
    template <class T>
    struct Output {
        T x = Field{"x", 0.0, "1", "fast variable"};
    };
    template <class T>
    struct Input {
        T c1 = Field{"c1", 0.0, "1", "coupling through x, times Kvf and Ks"};
        T I = Field{"I", 0.0, "1/ms", "stimulus, added to x'"};
    };

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Input<T>& in) {
        const T f = select(x.x < 0.0, (p.a * x.x + p.d - p.b) * x.x, p.d * x.x - p.slope - 0.6 * square(x.z - 4.0));
        return {
            .x = p.tt * (p.c - x.z + p.Iext1 + p.Kvf * in.c1 - f * x.x) + in.I,
            .z = Epileptor::permittivity(x.x, x.z, in.c1, p),
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.x = x.x};
    }

    static constexpr bool listens(std::size_t, const Parameters<double>& p) { return p.Kvf != 0.0 || p.Ks != 0.0; }

    // One event in each seizure.
    static constexpr EventRule event_rule{"x", "1", -0.5, -1.2};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.x;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<Epileptor2d>{"epileptogenic", "seizures by itself, one after the other", {}, {}},
            Preset<Epileptor2d>{
                "healthy", "no seizure of its own; starts at rest", {.x0 = -2.2}, {.x = -1.4624260073338, .z = 2.9502959706647}},
            Preset<Epileptor2d>{"excitable",
                                "no seizure of its own, but nearly: I = 1 for 20 ms evokes one; starts at rest",
                                {.x0 = -2.1},
                                {.x = -1.3705893624908, .z = 2.9176425500367}},
        };
    }
};

}  // namespace kation::models
