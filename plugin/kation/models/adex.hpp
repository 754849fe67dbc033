#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

#include <array>
#include <numbers>

namespace kation::models {

/// Mean field of conductance-coupled adaptive exponential integrate-and-fire neurons: regular-spiking excitatory cells with adaptation and
/// fast-spiking inhibitory cells. Rates in kHz, conductances in nS, potentials in mV, currents in pA.
struct Adex {
    static constexpr Info info{
        .name = "adex",
        .title = "Mean field of adaptive exponential integrate-and-fire neurons, first order",
        .equations =
            "T nu_e' = F_e - nu_e,   T nu_i' = F_i - nu_i,   W' = -W/tau_w + b nu_e + a (mu_V - E_L_e)/tau_w\n"
            "f_e = K_e max(0, nu_e + max(0, nu_drive + stimulus) + c),   f_i = K_i max(0, nu_i), the same into both populations\n"
            "mu_G = g_L + Q_e tau_e f_e + Q_i tau_i f_i,   T_m = C_m/mu_G\n"
            "mu_V = (Q_e tau_e f_e E_e + Q_i tau_i f_i E_i + g_L E_L - W)/mu_G, W only in the excitatory cell\n"
            "U_s = Q_s (E_s - mu_V)/mu_G,   sigma_V^2 = sum_s f_s (U_s tau_s)^2/(2 (T_m + tau_s))\n"
            "tau_V = sum_s f_s (U_s tau_s)^2 / sum_s [f_s (U_s tau_s)^2/(T_m + tau_s)]\n"
            "v = (mu_V + 60)/10, s = (sigma_V - 4)/6, t = tau_V g_L/C_m - 0.5\n"
            "V_thr = P0 + P1 v + P2 s + P3 t + P4 v^2 + P5 s^2 + P6 t^2 + P7 v s + P8 v t + P9 s t\n"
            "F = erfc((V_thr - mu_V)/(sqrt(2) sigma_V))/(2 tau_V); with sigma_V = 0: 0 below threshold, else 1/tau_V",
        .source = "di Volo, Romagnoni, Capone, Destexhe 2019, Neural Computation 31, 653, doi:10.1162/neco_a_01173, Eqs. 4-12",
        .corrections =
            "Q_e is 1.5 nS: with the 1 nS of the text the paper's own figures are not reached. The coefficients of the threshold are by "
            "default those of The Virtual Brain, of which Table 1 (option table1) is a rounded form. The drive is clipped at 0, and so is "
            "the "
            "sum of rates.",
        .largest_dt = {2.0, 2.0, 2.0},
    };

    template <class T>
    struct State {
        T nu_e = Field{"nu_e", 2e-3, "kHz", valid{0.0, inf}, explore{0.0, 0.03}, usual{0.0, 0.1}, "rate of the excitatory population"};
        T nu_i = Field{"nu_i", 1e-2, "kHz", valid{0.0, inf}, explore{0.0, 0.05}, "rate of the inhibitory population"};
        T W = Field{"W", 60.0, "pA", explore{0.0, 200.0}, "adaptation current of the excitatory population"};
    };
    template <class T>
    struct Parameters {
        T g_L = Field{"g_L", 10.0, "nS", valid{0.0, inf, open}, explore{5.0, 20.0}, "leak conductance"};
        T C_m = Field{"C_m", 200.0, "pF", valid{0.0, inf, open}, explore{100.0, 300.0}, "membrane capacitance"};
        T E_L_e = Field{"E_L_e", -65.0, "mV", explore{-70.0, -60.0}, "leak reversal potential of excitatory cells"};
        T E_L_i = Field{"E_L_i", -65.0, "mV", explore{-70.0, -60.0}, "leak reversal potential of inhibitory cells"};
        T E_e = Field{"E_e", 0.0, "mV", explore{-20.0, 20.0}, "reversal potential of excitatory synapses"};
        T E_i = Field{"E_i", -80.0, "mV", explore{-90.0, -70.0}, "reversal potential of inhibitory synapses"};
        T Q_e = Field{"Q_e", 1.5, "nS", valid{0.0, inf, open}, explore{0.5, 3.0}, "conductance of one excitatory event"};
        T Q_i = Field{"Q_i", 5.0, "nS", valid{0.0, inf, open}, explore{2.0, 10.0}, "conductance of one inhibitory event"};
        T tau_e = Field{"tau_e", 5.0, "ms", valid{0.0, inf, open}, explore{1.0, 10.0}, "decay of excitatory conductances"};
        T tau_i = Field{"tau_i", 5.0, "ms", valid{0.0, inf, open}, explore{1.0, 10.0}, "decay of inhibitory conductances"};
        T K_e = Field{"K_e", 400.0, "1", valid{0.0, inf, open}, explore{100.0, 1000.0}, "excitatory synapses of a cell: 8000 x 5 %"};
        T K_i = Field{"K_i", 100.0, "1", valid{0.0, inf, open}, explore{25.0, 250.0}, "inhibitory synapses of a cell: 2000 x 5 %"};
        T a = Field{"a", 4.0, "nS", valid{0.0, inf}, explore{0.0, 10.0}, "adaptation by potential"};
        T b = Field{"b", 60.0, "pA", valid{0.0, inf}, explore{0.0, 120.0}, "adaptation by spikes"};
        T tau_w = Field{"tau_w", 500.0, "ms", valid{0.0, inf, open}, explore{100.0, 1000.0}, "time constant of adaptation"};
        T T_ = Field{"T", 20.0, "ms", valid{0.0, inf, open}, explore{5.0, 40.0}, "time constant of the mean field"};
        T nu_drive = Field{"nu_drive", 2.5e-3, "kHz", explore{0.0, 0.01}, "external drive of both populations"};
        std::array<T, 10> P_e{
            Field{"P_e0", -49.83106, "mV", "excitatory threshold: constant"},
            Field{"P_e1", 5.063550882777035, "mV", "excitatory threshold: v"},
            Field{"P_e2", -23.470121807314552, "mV", "excitatory threshold: s"},
            Field{"P_e3", 2.2951513725067503, "mV", "excitatory threshold: t"},
            Field{"P_e4", -0.4105302652029825, "mV", "excitatory threshold: v^2"},
            Field{"P_e5", 10.547051343547399, "mV", "excitatory threshold: s^2"},
            Field{"P_e6", -36.59252821136933, "mV", "excitatory threshold: t^2"},
            Field{"P_e7", 7.437487505797858, "mV", "excitatory threshold: v s"},
            Field{"P_e8", 1.265064721846073, "mV", "excitatory threshold: v t"},
            Field{"P_e9", -40.72161294490446, "mV", "excitatory threshold: s t"},
        };
        std::array<T, 10> P_i{
            Field{"P_i0", -51.49122024209484, "mV", "inhibitory threshold: constant"},
            Field{"P_i1", 4.003689190271077, "mV", "inhibitory threshold: v"},
            Field{"P_i2", -8.352013668528155, "mV", "inhibitory threshold: s"},
            Field{"P_i3", 0.2414237992765705, "mV", "inhibitory threshold: t"},
            Field{"P_i4", -0.5070645080016026, "mV", "inhibitory threshold: v^2"},
            Field{"P_i5", 1.4345394104282397, "mV", "inhibitory threshold: s^2"},
            Field{"P_i6", -14.686689498949967, "mV", "inhibitory threshold: t^2"},
            Field{"P_i7", 4.502706285435741, "mV", "inhibitory threshold: v s"},
            Field{"P_i8", 2.8472190352532454, "mV", "inhibitory threshold: v t"},
            Field{"P_i9", -15.357804594594548, "mV", "inhibitory threshold: s t"},
        };
    };
    template <class T>
    struct Options {
        T stationary_adaptation = Field{"stationary_adaptation", 0.0, "0 or 1", valid{0.0, 1.0},
                                        "the cells feel the W that would be stationary at the present rates; W itself follows with T"};
        T rate_floor = Field{"rate_floor", 0.0, "0 or 1", valid{0.0, 1.0}, "adds 1e-6 kHz to nu_e and nu_i, as The Virtual Brain does"};
        T table1 =
            Field{"table1", 0.0, "0 or 1", valid{0.0, 1.0}, "thresholds by the rounded coefficients of Table 1, instead of P_e and P_i"};
    };
    template <class T>
    struct Output {
        T nu_e = Field{"nu_e", 0.0, "kHz", "rate of the excitatory population"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "kHz", explore{0.0, 0.01}, "coupling: a rate, added to nu_e where it reaches both populations"};
        T drive = Field{"drive", 0.0, "kHz", explore{0.0, 0.01}, "stimulus: added to nu_drive"};
    };
    template <class T>
    struct Observed {
        T mu_V = Field{"mu_V",
                       -56.0,
                       "mV",
                       explore{-65.0, -45.0},
                       usual{-75.0, inf},
                       "mean potential of excitatory cells, without what coupling and stimulus add"};
        T sigma_V = Field{"sigma_V", 4.0, "mV", explore{1.0, 6.0}, "its standard deviation"};
        T G_ratio = Field{"G_ratio", 1.3, "1", explore{0.0, 4.0}, "excitatory conductance over leak, without coupling and stimulus"};
    };

    static constexpr std::array<double, 10> table1_e{-49.8, 5.06, -25.0, 1.4, -0.41, 10.5, -36.0, 7.4, 1.2, -40.7};
    static constexpr std::array<double, 10> table1_i{-51.4, 4.0, -8.3, 0.2, -0.5, 1.4, -14.6, 4.5, 2.8, -15.3};

    /// What does not change while a node runs.
    template <class T>
    struct Constants {
        T charge_e, charge_i;  ///< Q tau [nS ms]
        T leak_rate;           ///< g_L/C_m [1/ms]
        T rate, rate_w;        ///< 1/T, 1/tau_w [1/ms]
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        return {p.Q_e * p.tau_e, p.Q_i * p.tau_i, p.g_L / p.C_m, 1.0 / p.T_, 1.0 / p.tau_w};
    }

    /// What reaches a cell of either population. S: T, or Jet<T> for derivatives by the rates.
    template <class S>
    struct Synapses {
        S f_e, f_i;                 ///< events [kHz]
        S mu_G, resistance;         ///< total conductance [nS] and its inverse
        S current;                  ///< of the synapses at 0 mV [pA]
        S T_m_e, share_e, share_i;  ///< T_m + tau_e [ms], 1/(T_m + tau_s) [1/ms]
    };
    template <class S, class T>
    KATION_INLINE static constexpr Synapses<S> synapses(const S& f_e, const S& f_i, const Parameters<T>& p, const Constants<T>& k) {
        const S by_e = k.charge_e * f_e, by_i = k.charge_i * f_i, mu_G = p.g_L + by_e + by_i, resistance = 1.0 / mu_G;
        const S T_m_e = p.C_m * resistance + p.tau_e, T_m_i = p.C_m * resistance + p.tau_i;
        return {f_e, f_i, mu_G, resistance, p.E_e * by_e + p.E_i * by_i, T_m_e, 1.0 / T_m_e, 1.0 / T_m_i};
    }

    /// The potential of a cell.
    template <class S>
    struct Membrane {
        S mu_V, twice_variance, tau_V;  ///< [mV], [mV^2], [ms]
        S rate_V;                       ///< 1/tau_V [1/ms]
        S per_deviation;                ///< 1/(sqrt(2) sigma_V) [1/mV]
    };

    template <class S, class T>
    KATION_INLINE static constexpr Membrane<S> membrane(const Synapses<S>& in, const T& E_L, const T& W, const Parameters<T>& p,
                                                        const Constants<T>& k) {
        const S mu_V = (in.current + (p.g_L * E_L - W)) * in.resistance;
        const S of_e = in.f_e * square(k.charge_e * ((p.E_e - mu_V) * in.resistance));
        const S of_i = in.f_i * square(k.charge_i * ((p.E_i - mu_V) * in.resistance));
        // Without any event all of them are 0: a variance this small stands for none.
        const S some = of_e * in.share_e + of_i * in.share_i, none = S(1e-60);
        const S twice_variance = select(some > none, some, none), sum = select(some > none, of_e + of_i, none * in.T_m_e);
        const S inverse = 1.0 / (sum * twice_variance), per_variance = sum * inverse;
        return {mu_V, twice_variance, sum * per_variance, square(twice_variance) * inverse, sqrt(twice_variance) * per_variance};
    }

    /// Rate of a cell [kHz] whose threshold has the coefficients P [mV].
    template <class S, class T>
    KATION_INLINE static constexpr S firing_rate(const Membrane<S>& m, const std::array<T, 10>& P, const Constants<T>& k) {
        const S sigma_V = (std::numbers::sqrt2 / 2.0) * (m.twice_variance * m.per_deviation);
        const S v = (m.mu_V + 60.0) * 0.1, s = (sigma_V - 4.0) * (1.0 / 6.0), t = m.tau_V * k.leak_rate - 0.5;
        const S threshold = P[0] + v * (P[1] + P[4] * v + P[7] * s) + s * (P[2] + P[5] * s + P[9] * t) + t * (P[3] + P[6] * t + P[8] * v);
        return 0.5 * (erfc((threshold - m.mu_V) * m.per_deviation) * m.rate_V);
    }

    template <class T>
    KATION_INLINE static constexpr T positive(const T& x) {
        return select(x > T(0.0), x, T(0.0));
    }

    /// Excitatory events per synapse [kHz].
    template <class T>
    KATION_INLINE static constexpr T excitation(const T& nu_e, const T& nu_drive, const Input<T>& in) {
        return positive(nu_e + positive(nu_drive + in.drive) + in.c);
    }

    /// The coefficients that count, of a population.
    template <class T>
    KATION_INLINE static constexpr std::array<T, 10> coefficients(const std::array<T, 10>& own, const std::array<double, 10>& table,
                                                                  const T& use_table) {
        return [&]<std::size_t... K>(std::index_sequence<K...>) KATION_INLINE_LAMBDA {
            return std::array<T, 10>{(own[K] + use_table * (table[K] - own[K]))...};
        }(std::make_index_sequence<10>{});
    }

    /// The adaptation that would be stationary: W = tau_w b nu_e + a (mu_V(W) - E_L), where mu_V falls by W/mu_G.
    template <class T>
    KATION_INLINE static constexpr T stationary(const T& nu_e, const T& current, const T& mu_G, const Parameters<T>& p) {
        return (p.tau_w * p.b * nu_e * mu_G + p.a * (current + (p.g_L - mu_G) * p.E_L_e)) / (mu_G + p.a);
    }

    /// W', and with stationary adaptation its return to what is stationary.
    template <class T>
    KATION_INLINE static constexpr T adapting(const State<T>& x, const T& mu_V, const T& W_stationary, const Parameters<T>& p,
                                              const Constants<T>& k, const T& is_stationary) {
        const T dynamic = (p.a * (mu_V - p.E_L_e) - x.W) * k.rate_w + p.b * x.nu_e;
        return dynamic + is_stationary * ((W_stationary - x.W) * k.rate - dynamic);
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        const T floor = 1e-6 * options.rate_floor;
        const T f_e = p.K_e * (excitation<T>(x.nu_e, p.nu_drive, in) + floor), f_i = p.K_i * (positive(x.nu_i) + floor);
        const auto arriving = synapses<T, T>(f_e, f_i, p, k);
        const T W_stationary = stationary<T>(x.nu_e, arriving.current, arriving.mu_G, p);
        const T W = x.W + options.stationary_adaptation * (W_stationary - x.W);
        const auto e = membrane<T, T>(arriving, p.E_L_e, W, p, k), i = membrane<T, T>(arriving, p.E_L_i, T(0.0), p, k);
        const T F_e = firing_rate<T, T>(e, coefficients(p.P_e, table1_e, options.table1), k);
        const T F_i = firing_rate<T, T>(i, coefficients(p.P_i, table1_i, options.table1), k);
        return {
            .nu_e = (F_e - x.nu_e) * k.rate,
            .nu_i = (F_i - x.nu_i) * k.rate,
            .W = adapting<T>(x, e.mu_V, W_stationary, p, k, options.stationary_adaptation),
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.nu_e = x.nu_e};
    }

    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        const T f_e = p.K_e * excitation<T>(x.nu_e, p.nu_drive, {T(0.0), T(0.0)});
        const auto k = constants<T>(p);
        const auto arriving = synapses<T, T>(f_e, p.K_i * positive(x.nu_i), p, k);
        const auto e = membrane<T, T>(arriving, p.E_L_e, x.W, p, k);
        return {.mu_V = e.mu_V, .sigma_V = sqrt(0.5 * e.twice_variance), .G_ratio = k.charge_e * f_e / p.g_L};
    }

    // Between the asynchronous state, 1 to 4 Hz, and the bumps of UP states.
    static constexpr EventRule event_rule{"nu_e", "kHz", 0.008, 0.004};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.nu_e;
    }

    static constexpr auto presets() {
        using P = Preset<Adex>;
        return std::array{
            P{"fig2",
              "asynchronous irregular under a drive of 2.5 Hz",
              {},
              {.nu_e = 1.411127535e-3, .nu_i = 8.996572175e-3, .W = 74.09876717}},
            P{"fig3",
              "the same without adaptation by potential: the response to stimuli",
              {.a = 0.0},
              {.nu_e = 2.016972901e-3, .nu_i = 10.355507210e-3, .W = 60.50918704}},
            P{"fig4_low",
              "drive 1.5 Hz: little conductance, answers strongly",
              {.a = 0.0, .nu_drive = 1.5e-3},
              {.nu_e = 1.357448973e-3, .nu_i = 6.550448768e-3, .W = 40.72346920}},
            P{"fig4_high",
              "drive 7 Hz: much conductance, answers weakly",
              {.a = 0.0, .nu_drive = 7e-3},
              {.nu_e = 3.367778256e-3, .nu_i = 22.471763236e-3, .W = 101.03334767}},
            P{"fig5",
              "bistable without any drive: silent, or active by itself after a kick; starts silent (paper: E_L_e -63)",
              {.E_L_e = -62.0, .a = 0.0, .b = 0.0, .nu_drive = 0.0},
              {.nu_e = 0.0, .nu_i = 0.0, .W = 0.0}},
            P{"fig6",
              "UP and DOWN states where noise of the drive (Ornstein-Uhlenbeck, tau 5 ms, standard deviation 0.525 Hz) carries it up and "
              "adaptation down",
              {.E_L_e = -63.0, .a = 0.0, .nu_drive = 0.315e-3},
              {.nu_e = 0.0, .nu_i = 0.0, .W = 0.0}},
        };
    }
};

}  // namespace kation::models
