#pragma once

#include <kation/models/izhikevich.hpp>

namespace kation::models {

/// A population of regular-spiking excitatory and one of fast-spiking inhibitory Izhikevich neurons, each as in the model izhikevich.
struct IzhikevichRsFs {
    static constexpr Info info{
        .name = "izhikevich_rs_fs",
        .title = "Mean field of regular- and fast-spiking Izhikevich neurons",
        .equations =
            "for each of the two populations, p = rs, fs, with its own C, k, v_r, vb, Delta, a, b, kappa and I:\n"
            "C r' = Delta k^2 (v - v_r)/(pi C) + r (k (2 v - v_r - vb) - g (se + si))\n"
            "C v' = k v (v - v_r - vb) - pi C r (Delta + pi C r/k) + k v_r vb - u + I* + g se (E_e - v) + g si (E_i - v)    + I_stim on "
            "rs\n"
            "u'  = a (b (v - v_r) - u) + kappa r\n"
            "se' = -se/tau_e + w_p_rs r_rs    + c on rs\n"
            "si' = -si/tau_i + w_p_fs r_fs\n"
            "I* = I; with finite_reset as in the model izhikevich, from alpha = k (v_r + vb) + g (se + si) and\n"
            "beta = k v_r vb + g (se E_e + si E_i) - u + I",
        .source = "Gast, Solla, Kennedy 2023, Physical Review E 107, 024306, doi:10.1103/PhysRevE.107.024306, Eqs. 22-25, 34, Fig. 3",
        .corrections =
            "Eq. 37 as printed lost the k of k v_r vb. Weights and I_rs are not printed in the paper: they are those of the authors' "
            "published "
            "code. Where v < v_r the term with Delta may drive r below 0 although dt is small; a run stops there.",
        .largest_dt = {0.05, 0.1, 0.2},
        .if_invalid = "A rate below 0 is where this mean field ends: potentials have stayed below v_r",
    };

    template <class T>
    struct State {
        T r_rs =
            Field{"r_rs", 0.001, "1/ms", valid{0.0, inf}, explore{0.0, 0.05}, "firing rate of rs; below 0 where v_rs stays below v_r_rs"};
        T v_rs = Field{"v_rs", -58.0, "mV", explore{-60.0, -40.0}, "mean membrane potential of rs"};
        T u_rs = Field{"u_rs", 0.0, "pA", explore{-20.0, 60.0}, "mean recovery current of rs"};
        T se_rs = Field{"se_rs", 0.0, "1", explore{0.0, 3.0}, "excitatory synapses on rs"};
        T si_rs = Field{"si_rs", 0.0, "1", explore{0.0, 3.0}, "inhibitory synapses on rs"};
        T r_fs =
            Field{"r_fs", 0.001, "1/ms", valid{0.0, inf}, explore{0.0, 0.1}, "firing rate of fs; below 0 where v_fs stays below v_r_fs"};
        T v_fs = Field{"v_fs", -53.0, "mV", explore{-55.0, -40.0}, "mean membrane potential of fs"};
        T u_fs = Field{"u_fs", 0.0, "pA", explore{0.0, 1.0}, "mean recovery current of fs"};
        T se_fs = Field{"se_fs", 0.0, "1", explore{0.0, 1.0}, "excitatory synapses on fs"};
        T si_fs = Field{"si_fs", 0.0, "1", explore{0.0, 1.0}, "inhibitory synapses on fs"};
    };
    template <class T>
    struct Parameters {
        T C_rs = Field{"C_rs", 100.0, "pF", valid{0.0, inf, open}, explore{50.0, 150.0}, "membrane capacitance of rs"};
        T k_rs = Field{"k_rs", 0.7, "nS/mV", valid{0.0, inf, open}, explore{0.5, 2.0}, "leakage parameter of rs"};
        T v_r_rs = Field{"v_r_rs", -60.0, "mV", explore{-75.0, -55.0}, "resting potential of rs, below vb_rs"};
        T vb_rs = Field{"vb_rs", -40.0, "mV", explore{-50.0, -30.0}, "centre of the spike thresholds' distribution of rs"};
        T Delta_rs = Field{"Delta_rs", 1.0, "mV", valid{0.0, inf, open}, explore{0.1, 2.0}, "half width of the spike thresholds of rs"};
        T a_rs = Field{"a_rs", 0.03, "1/ms", valid{0.0, inf, open}, explore{0.01, 0.2}, "rate of the recovery current of rs"};
        T b_rs = Field{"b_rs", -2.0, "nS", explore{-5.0, 5.0}, "recovery current of rs by the potential"};
        T kappa_rs = Field{"kappa_rs", 20.0, "pA", explore{0.0, 150.0}, "growth of the recovery current of rs by a spike"};
        T I_rs = Field{"I_rs", 50.0, "pA", explore{0.0, 100.0}, "constant current of rs"};
        T C_fs = Field{"C_fs", 20.0, "pF", valid{0.0, inf, open}, explore{10.0, 100.0}, "membrane capacitance of fs"};
        T k_fs = Field{"k_fs", 1.0, "nS/mV", valid{0.0, inf, open}, explore{0.5, 2.0}, "leakage parameter of fs"};
        T v_r_fs = Field{"v_r_fs", -55.0, "mV", explore{-70.0, -50.0}, "resting potential of fs, below vb_fs"};
        T vb_fs = Field{"vb_fs", -40.0, "mV", explore{-50.0, -30.0}, "centre of the spike thresholds' distribution of fs"};
        T Delta_fs = Field{"Delta_fs", 0.1, "mV", valid{0.0, inf, open}, explore{0.05, 1.0}, "half width of the spike thresholds of fs"};
        T a_fs = Field{"a_fs", 0.2, "1/ms", valid{0.0, inf, open}, explore{0.01, 0.5}, "rate of the recovery current of fs"};
        T b_fs = Field{"b_fs", 0.025, "nS", explore{-5.0, 5.0}, "recovery current of fs by the potential"};
        T kappa_fs = Field{"kappa_fs", 0.0, "pA", explore{0.0, 50.0}, "growth of the recovery current of fs by a spike"};
        T I_fs = Field{"I_fs", 20.0, "pA", explore{0.0, 80.0}, "constant current of fs"};
        T tau_e = Field{"tau_e", 6.0, "ms", valid{0.0, inf, open}, explore{2.0, 20.0}, "time constant of excitatory synapses"};
        T tau_i = Field{"tau_i", 8.0, "ms", valid{0.0, inf, open}, explore{2.0, 20.0}, "time constant of inhibitory synapses"};
        T E_e = Field{"E_e", 0.0, "mV", explore{-20.0, 0.0}, "reversal potential of excitatory synapses"};
        T E_i = Field{"E_i", -65.0, "mV", explore{-80.0, -60.0}, "reversal potential of inhibitory synapses"};
        T g = Field{"g", 1.0, "nS", valid{0.0, inf}, explore{0.5, 2.0}, "largest conductance of all synapses"};
        T w_rs_rs = Field{"w_rs_rs", 16.0, "1", valid{0.0, inf}, explore{0.0, 30.0}, "weight onto rs from rs"};
        T w_rs_fs = Field{"w_rs_fs", 16.0, "1", valid{0.0, inf}, explore{0.0, 30.0}, "weight onto rs from fs"};
        T w_fs_rs = Field{"w_fs_rs", 4.0, "1", valid{0.0, inf}, explore{0.0, 30.0}, "weight onto fs from rs"};
        T w_fs_fs = Field{"w_fs_fs", 4.0, "1", valid{0.0, inf}, explore{0.0, 30.0}, "weight onto fs from fs"};
        T v_p = Field{"v_p", 1000.0, "mV", explore{40.0, 1000.0}, "peak potential of spikes, above (v_r + vb)/2; counts with finite_reset"};
        T v_0 = Field{"v_0", -1000.0, "mV", explore{-1000.0, -60.0}, "reset after spikes, below (v_r + vb)/2; counts with finite_reset"};
    };
    template <class T>
    struct Options {
        T finite_reset = Field{"finite_reset", 0.0, "0 or 1", valid{0.0, 1.0}, "correct the currents I for finite v_p and v_0 (Eq. 34)"};
    };
    template <class T>
    struct Output {
        T r_rs = Field{"r_rs", 0.0, "1/ms", "firing rate of rs"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling, added to the excitatory synapses on rs"};
        T I_stim = Field{"I_stim", 0.0, "pA", "stimulus: a current, added to I* of rs"};
    };

    /// What the parameters alone decide.
    template <class T>
    struct Constants {
        T per_C_rs, per_k_rs, per_C_fs, per_k_fs, per_tau_e, per_tau_i;
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        return {.per_C_rs = 1.0 / p.C_rs,
                .per_k_rs = 1.0 / p.k_rs,
                .per_C_fs = 1.0 / p.C_fs,
                .per_k_fs = 1.0 / p.k_fs,
                .per_tau_e = 1.0 / p.tau_e,
                .per_tau_i = 1.0 / p.tau_i};
    }

    template <class T>
    using Cells = Izhikevich::Cells<T>;
    template <class T>
    KATION_INLINE static constexpr Cells<T> rs(const Parameters<T>& p, const Constants<T>& k) {
        return {p.C_rs, p.k_rs, p.v_r_rs, p.vb_rs, p.Delta_rs, p.I_rs, p.v_p, p.v_0, k.per_C_rs, k.per_k_rs};
    }
    template <class T>
    KATION_INLINE static constexpr Cells<T> fs(const Parameters<T>& p, const Constants<T>& k) {
        return {p.C_fs, p.k_fs, p.v_r_fs, p.vb_fs, p.Delta_fs, p.I_fs, p.v_p, p.v_0, k.per_C_fs, k.per_k_fs};
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        const auto on_rs = Izhikevich::membrane<T>(x.r_rs, x.v_rs, x.u_rs, rs(p, k), p.g * (x.se_rs + x.si_rs),
                                                   p.g * (x.se_rs * p.E_e + x.si_rs * p.E_i), in.I_stim, options.finite_reset);
        const auto on_fs = Izhikevich::membrane<T>(x.r_fs, x.v_fs, x.u_fs, fs(p, k), p.g * (x.se_fs + x.si_fs),
                                                   p.g * (x.se_fs * p.E_e + x.si_fs * p.E_i), T(0.0), options.finite_reset);
        return {
            .r_rs = on_rs.r,
            .v_rs = on_rs.v,
            .u_rs = p.a_rs * (p.b_rs * (x.v_rs - p.v_r_rs) - x.u_rs) + p.kappa_rs * x.r_rs,
            .se_rs = -x.se_rs * k.per_tau_e + p.w_rs_rs * x.r_rs + in.c,
            .si_rs = -x.si_rs * k.per_tau_i + p.w_rs_fs * x.r_fs,
            .r_fs = on_fs.r,
            .v_fs = on_fs.v,
            .u_fs = p.a_fs * (p.b_fs * (x.v_fs - p.v_r_fs) - x.u_fs) + p.kappa_fs * x.r_fs,
            .se_fs = -x.se_fs * k.per_tau_e + p.w_fs_rs * x.r_rs,
            .si_fs = -x.si_fs * k.per_tau_i + p.w_fs_fs * x.r_fs,
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.r_rs = x.r_rs};
    }

    // As of the model izhikevich.
    static constexpr EventRule event_rule{"r_rs", "1/ms", 0.02, 0.01};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.r_rs;
    }

    static void review(const Parameters<double>& p, Review& verdict) {
        const auto k = constants(p);
        Izhikevich::review_potentials(rs(p, k), "_rs", verdict);
        Izhikevich::review_potentials(fs(p, k), "_fs", verdict);
    }

    static constexpr auto presets() {
        return std::array{
            Preset<IzhikevichRsFs>{"asynchronous", "weak drive of fs: both populations fire at constant rates (Fig. 3)", {}, {}},
            Preset<IzhikevichRsFs>{
                "oscillation", "between the Hopf points at I_fs 31.18 and 51.96 pA: synchronous oscillations (Fig. 3)", {.I_fs = 40.0}, {}},
        };
    }
};

}  // namespace kation::models
