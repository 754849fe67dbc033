#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>
#include <kation/support/text.hpp>

#include <numbers>

namespace kation::models {

/// Mean field of all-to-all coupled Izhikevich neurons with Lorentzian spike thresholds and spike-frequency adaptation.
struct Izhikevich {
    static constexpr Info info{
        .name = "izhikevich",
        .title = "Mean field of Izhikevich neurons with heterogeneous spike thresholds",
        .equations =
            "C r' = Delta_v k^2 (v - v_r)/(pi C) + r (k (2 v - v_r - vb) - g s)\n"
            "C v' = k v (v - v_r - vb) - pi C r (Delta_v + pi C r/k) + k v_r vb - u + I* + I_stim + g s (E - v)\n"
            "tau_u u' = b (v - v_r) - u + tau_u kappa r\n"
            "s' = -s/tau_s + J r + c\n"
            "I* = I; with finite_reset, where mu > 0: I* = pi^2 k mu/(4 gam^2) + alpha^2/(4 k) + u - k v_r vb - g s E\n"
            "alpha = k (v_r + vb) + g s, beta = k v_r vb + g s E - u + I, mu = 4 beta/k - (alpha/k)^2\n"
            "gam = atan((2 v_p - alpha/k)/sqrt(mu)) - atan((2 v_0 - alpha/k)/sqrt(mu))",
        .source = "Gast, Solla, Kennedy 2023, Physical Review E 107, 024306, doi:10.1103/PhysRevE.107.024306, Eqs. 22-25, 31, 34",
        .corrections =
            "Eq. 37 as printed lost the k of k v_r vb, an error of -720 pA at the default parameters. The mean field takes the thresholds' "
            "distribution to be unbounded: where v < v_r the term with Delta_v is below 0 and may drive r below 0 although dt is small. A "
            "run stops there.",
        .largest_dt = {0.05, 0.1, 0.2},
        .if_invalid = "A rate below 0 is where this mean field ends: potentials have stayed below v_r",
    };

    template <class T>
    struct State {
        T r =
            Field{"r", 0.0015, "1/ms", valid{0.0, inf}, explore{0.0, 0.05}, "firing rate; below 0 where v stays below v_r: the run stops"};
        T v = Field{"v", -54.2, "mV", explore{-60.0, -40.0}, "mean membrane potential"};
        T u = Field{"u", -11.1, "pA", explore{-20.0, 60.0}, "mean recovery current"};
        T s = Field{"s", 0.135, "1", explore{0.0, 3.0}, "synaptic activation"};
    };
    template <class T>
    struct Parameters {
        T C = Field{"C", 100.0, "pF", valid{0.0, inf, open}, explore{20.0, 150.0}, "membrane capacitance"};
        T k = Field{"k", 0.7, "nS/mV", valid{0.0, inf, open}, explore{0.5, 2.0}, "leakage parameter"};
        T v_r = Field{"v_r", -60.0, "mV", explore{-75.0, -55.0}, "resting potential, below vb"};
        T vb =
            Field{"vb", -40.0, "mV", explore{-50.0, -30.0}, "centre of the spike thresholds' distribution, the paper's v_theta with a bar"};
        T Delta_v =
            Field{"Delta_v", 1.0, "mV", valid{0.0, inf, open}, explore{0.1, 2.0}, "half width of the spike thresholds' distribution"};
        T g = Field{"g", 1.0, "nS", valid{0.0, inf}, explore{0.5, 2.0}, "largest synaptic conductance"};
        T E = Field{"E", 0.0, "mV", explore{-80.0, 0.0}, "reversal potential of synapses"};
        T tau_u = Field{"tau_u", 33.33, "ms", valid{0.0, inf, open}, explore{5.0, 200.0}, "time constant of the recovery current"};
        T tau_s = Field{"tau_s", 6.0, "ms", valid{0.0, inf, open}, explore{2.0, 20.0}, "time constant of the synapses"};
        T kappa = Field{"kappa", 10.0, "pA", explore{0.0, 150.0}, "growth of the recovery current by a spike: adaptation"};
        T b = Field{"b", -2.0, "nS", explore{-5.0, 5.0}, "recovery current by the potential"};
        T J = Field{"J", 15.0, "1", valid{0.0, inf}, explore{0.0, 30.0}, "strength of the population's coupling to itself"};
        T I = Field{"I", 40.0, "pA", explore{0.0, 100.0}, "constant current"};
        T v_p =
            Field{"v_p", 1000.0, "mV", explore{40.0, 1000.0}, "peak potential of a spike, above (v_r + vb)/2; counts with finite_reset"};
        T v_0 = Field{"v_0", -1000.0, "mV", explore{-1000.0, -60.0}, "reset after a spike, below (v_r + vb)/2; counts with finite_reset"};
    };
    template <class T>
    struct Options {
        T finite_reset = Field{"finite_reset", 0.0, "0 or 1", valid{0.0, 1.0}, "correct the current I for finite v_p and v_0 (Eq. 34)"};
    };
    template <class T>
    struct Output {
        T r = Field{"r", 0.0, "1/ms", "firing rate"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling, added to J r in s'"};
        T I_stim = Field{"I_stim", 0.0, "pA", "stimulus: a current, added to I*"};
    };

    /// What the parameters alone decide.
    template <class T>
    struct Constants {
        T per_C, per_k, per_tau_u, per_tau_s;
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        return {.per_C = 1.0 / p.C, .per_k = 1.0 / p.k, .per_tau_u = 1.0 / p.tau_u, .per_tau_s = 1.0 / p.tau_s};
    }

    /// The cells of one population, and their spikes.
    template <class T>
    struct Cells {
        T C, k, v_r, vb, Delta, I, v_p, v_0;
        T per_C, per_k;
    };
    template <class T>
    struct Membrane {
        T r, v;
    };

    /// r' and v' of a population. `gs`: the conductance of its synapses, `gs_E` the same times their reversal potentials.
    template <class T>
    KATION_INLINE static constexpr Membrane<T> membrane(const T& r, const T& v, const T& u, const Cells<T>& cells, const T& gs,
                                                        const T& gs_E, const T& I_stim, const T& finite_reset) {
        constexpr double pi = std::numbers::pi;
        const T middle = cells.v_r + cells.vb, w = pi * cells.C * r, k_v_r_vb = cells.k * cells.v_r * cells.vb;

        // Eq. 34 is I* = I + (k mu/4) (pi^2/gam^2 - 1), which goes to I with mu -> 0. The two arctangents, whose difference lies between 0
        // and pi, are one: cot(gam) = (mu + (2 v_p - alpha/k)(2 v_0 - alpha/k)) / (2 (v_p - v_0) sqrt(mu)).
        const T beta = k_v_r_vb + gs_E - u + cells.I, alpha_k = middle + gs * cells.per_k;
        const T above = finite_reset * (4.0 * beta * cells.per_k - square(alpha_k));
        const T mu = select(above > 0.0, above, T(1.0));
        const T product = (2.0 * cells.v_p - alpha_k) * (2.0 * cells.v_0 - alpha_k);
        const T gam = 0.5 * pi - atan_ratio(mu + product, 2.0 * (cells.v_p - cells.v_0) * sqrt(mu));
        const T I_star = cells.I + select(above > 0.0, 0.25 * cells.k * mu * (square(pi / gam) - 1.0), T(0.0));

        return {
            .r = cells.Delta * square(cells.k * cells.per_C) * (1.0 / pi) * (v - cells.v_r) +
                 r * (cells.k * (2.0 * v - middle) - gs) * cells.per_C,
            .v = (cells.k * v * (v - middle) - w * (cells.Delta + w * cells.per_k) + k_v_r_vb - u + I_star + I_stim + gs_E - gs * v) *
                 cells.per_C,
        };
    }

    /// Refuses potentials that do not go together. `of`: what the names of the population's parameters end in.
    static void review_potentials(const Cells<double>& cells, const std::string& of, Review& verdict) {
        const auto require = [&](bool holds, const std::string& name, double value, const char* side, const std::string& limit,
                                 double number) {
            if (holds) return;
            verdict.refusals.push_back(name + " = " + shortest(value) + " mV must be " + side + " " + limit + " = " + shortest(number) +
                                       " mV");
        };
        const double middle = 0.5 * (cells.v_r + cells.vb);
        const std::string half = "(v_r" + of + " + vb" + of + ")/2";
        require(cells.vb > cells.v_r, "vb" + of, cells.vb, "above", "v_r" + of, cells.v_r);
        require(cells.v_0 < middle, "v_0", cells.v_0, "below", half, middle);
        require(cells.v_p > middle, "v_p", cells.v_p, "above", half, middle);
    }

    template <class T>
    KATION_INLINE static constexpr Cells<T> cells(const Parameters<T>& p, const Constants<T>& k) {
        return {p.C, p.k, p.v_r, p.vb, p.Delta_v, p.I, p.v_p, p.v_0, k.per_C, k.per_k};
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        const T gs = p.g * x.s;
        const auto rate = membrane<T>(x.r, x.v, x.u, cells(p, k), gs, gs * p.E, in.I_stim, options.finite_reset);
        return {
            .r = rate.r,
            .v = rate.v,
            .u = (p.b * (x.v - p.v_r) - x.u) * k.per_tau_u + p.kappa * x.r,
            .s = -x.s * k.per_tau_s + p.J * x.r + in.c,
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.r = x.r};
    }

    // Between the low state (r up to 0.003) and the active one (0.018 to 0.025 where both exist, above it beyond), re-armed above the first
    // and below the second. The cycle at kappa 100, I 55 peaks at 0.0191: to count its turns, lower the threshold.
    static constexpr EventRule event_rule{"r", "1/ms", 0.02, 0.01};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.r;
    }

    static void review(const Parameters<double>& p, Review& verdict) { review_potentials(cells(p, constants(p)), "", verdict); }

    static constexpr auto presets() {
        return std::array{
            Preset<Izhikevich>{"bistable",
                               "bistable between I 23.62 and 40.67 pA (kappa 10, Fig. 1); starts at the low state",
                               {},
                               {.r = 0.0015009416271234719, .v = -54.20493736613848, .u = -11.089861423402786, .s = 0.13508474644111246}},
            Preset<Izhikevich>{"active",
                               "the same parameters, starts at the active state",
                               {},
                               {.r = 0.024610809690074367, .v = -48.91947101734562, .u = -13.958275095606972, .s = 2.214972872106693}},
            Preset<Izhikevich>{"spiking", "above the bistable range: only the active state is left, r 0.0309/ms", {.I = 65.0}, {}},
            Preset<Izhikevich>{"limit_cycle",
                               "strong adaptation: cycles of 259.71 ms between two Hopf points at I 49.98 and 61.14 pA (kappa 100, Fig. 1)",
                               {.kappa = 100.0, .I = 55.0},
                               {.r = 0.0185, .v = -50.1, .u = 23.2, .s = 1.67}},
            Preset<Izhikevich>{"narrow_reset",
                               "spikes from -100 to 50 mV (Fig. 2): with the option finite_reset neurons at I 65 fire faster than without",
                               {.I = 65.0, .v_p = 50.0, .v_0 = -100.0},
                               {}},
        };
    }
};

}  // namespace kation::models
