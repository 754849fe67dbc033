#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

#include <numbers>

namespace kation::models {

/// Exact mean field of all-to-all coupled quadratic integrate-and-fire neurons with Lorentzian currents and weights.
struct MontbrioPazoRoxin {
    static constexpr Info info{
        .name = "montbrio_pazo_roxin",
        .title = "Exact mean field of quadratic integrate-and-fire neurons",
        .equations =
            "tau r' = Delta/(pi tau) + Gamma r/pi + 2 r v\n"
            "tau v' = v^2 + eta + J tau r + cr c_r + cv c_v + I - (pi tau r)^2\n"
            "Kuramoto order parameter Z = (1 - W*)/(1 + W*), W = pi tau r + i v",
        .source = "Montbrio, Pazo, Roxin 2015, Physical Review X 5, 021028, doi:10.1103/PhysRevX.5.021028, Eqs. 12, 18, E1",
        .corrections =
            "The quantiles of Appendix A need tan, not arctan (only network simulations are concerned). Coupling and stimulus are "
            "not multiplied by tau, as in The Virtual Brain, which declares Gamma but leaves it out of its right-hand side.",
    };

    template <class T>
    struct State {
        T r = Field{"r", 0.1, "1/ms", valid{0.0, inf}, explore{0.0, 2.0}, "population firing rate"};
        T v = Field{"v", -2.0, "1", explore{-2.0, 1.5}, "mean membrane potential, in units of the paper"};
    };
    template <class T>
    struct Parameters {
        T tau = Field{"tau", 1.0, "ms", valid{0.0, inf, open}, explore{1.0, 15.0}, "membrane time constant"};
        T Delta = Field{"Delta", 1.0, "1", valid{0.0, inf, open}, explore{0.1, 2.0}, "half width of the currents' distribution"};
        T eta = Field{"eta", -5.0, "1", explore{-10.0, 2.0}, "centre of the currents' distribution"};
        T J = Field{"J", 15.0, "1", explore{-25.0, 25.0}, "centre of the synaptic weights' distribution"};
        T Gamma = Field{"Gamma", 0.0, "1", valid{0.0, inf}, explore{0.0, 5.0}, "half width of the synaptic weights' distribution"};
        T cr = Field{"cr", 1.0, "1", explore{0.0, 1.0}, "how much of the rates sent along the tracts is heard"};
        T cv = Field{"cv", 0.0, "1", explore{0.0, 1.0}, "how much of the potentials sent along the tracts is heard"};
    };
    template <class T>
    struct Output {
        T r = Field{"r", 0.0, "1/ms", "firing rate"};
        T v = Field{"v", 0.0, "1", "mean membrane potential"};
    };
    template <class T>
    struct Input {
        T c_r = Field{"c_r", 0.0, "1/ms", "coupling by rates, times cr added to the current"};
        T c_v = Field{"c_v", 0.0, "1", "coupling by potentials, times cv added to the current"};
        T I = Field{"I", 0.0, "1", "stimulus: a current like eta"};
    };
    template <class T>
    struct Observed {
        T Z = Field{"Z", 0.0, "1", "modulus of the Kuramoto order parameter"};
        T Z_re = Field{"Z_re", 0.0, "1", "real part of the Kuramoto order parameter"};
        T Z_im = Field{"Z_im", 0.0, "1", "imaginary part of the Kuramoto order parameter"};
    };

    /// What the parameters alone decide: a division for each node and step would take longer than all the rest.
    template <class T>
    struct Constants {
        T rate;           ///< 1/tau [1/ms]
        T spread;         ///< Delta/(pi tau^2) [1/ms^2]
        T growth;         ///< Gamma/(pi tau) [1/ms]
        T pi_tau, J_tau;  ///< [ms]
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        constexpr double pi = std::numbers::pi;
        return {1.0 / p.tau, p.Delta / (pi * p.tau * p.tau), p.Gamma / (pi * p.tau), pi * p.tau, p.J * p.tau};
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k,
                                                       const Input<T>& in) {
        const T current = p.eta + p.cr * in.c_r + p.cv * in.c_v + in.I;
        return {
            .r = k.spread + x.r * (k.growth + 2.0 * x.v * k.rate),
            .v = (square(x.v) + current + k.J_tau * x.r - square(k.pi_tau * x.r)) * k.rate,
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.r = x.r, .v = x.v};
    }

    static constexpr bool listens(std::size_t channel, const Parameters<double>& p) { return channel == 0 ? p.cr != 0.0 : p.cv != 0.0; }

    template <class T>
    KATION_INLINE static Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        const T w = std::numbers::pi * p.tau * x.r;
        const T scale = square(1.0 + w) + square(x.v);
        const T re = (1.0 - square(w) - square(x.v)) / scale, im = 2.0 * x.v / scale;
        return {.Z = sqrt(square(re) + square(im)), .Z_re = re, .Z_im = im};
    }

    static constexpr EventRule event_rule{"tau r", "1", 0.5, 0.25};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>& p) {
        return p.tau * x.r;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<MontbrioPazoRoxin>{"bistable",
                                      "bistable between a silent node and an active focus (Fig. 2); starts at the node",
                                      {},
                                      {.r = 0.08113444195011972, .v = -1.961619988583165}},
            Preset<MontbrioPazoRoxin>{
                "active", "the same parameters, starts at the active focus", {}, {.r = 1.030596798837572, .v = -0.154429883026426}},
            Preset<MontbrioPazoRoxin>{
                "chaos", "chaotic under I = 3 sin(pi t): largest Lyapunov exponent 0.183", {.eta = -2.5, .J = 10.5}, {.r = 0.1, .v = -2.0}},
            Preset<MontbrioPazoRoxin>{
                "tvb", "parameters of The Virtual Brain's default", {.Delta = 0.7, .eta = -4.6, .J = 14.5}, {.r = 0.1, .v = -2.0}},
        };
    }
};

}  // namespace kation::models
