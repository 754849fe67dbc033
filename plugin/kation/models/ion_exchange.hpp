#pragma once

#include <kation/model/model.hpp>
#include <kation/support/math.hpp>

#include <numbers>

namespace kation::models {

/// Mean field of Hodgkin-Huxley-type neurons that exchange ions with their surroundings: seizures from potassium.
struct IonExchange {
    static constexpr Info info{
        .name = "ion_exchange",
        .title = "Mean field of neurons with ion exchange: seizures from potassium",
        .equations =
            "dr   = R- Delta/pi + 2 R_s (V - c_s) r - J r^2                     s: '-' if V <= Vstar, else '+'\n"
            "dV   = -(I_Cl + I_Na + I_K + I_pump)/Cm - R_s (pi/R-)^2 r^2 + (J r + J I_input + c)(E - V) + eta\n"
            "dn   = (n_inf(V) - n)/tau_n\n"
            "dDKi = -(gamma/omega_i)(I_K - 2 I_pump)\n"
            "dKg  = epsilon (K_bath - K_ext)\n"
            "I_Na = (g_Nal + g_Na m_inf(V) h(n)) (V - 26.64 ln(Na_ext/Na_int)),  I_K = (g_Kl + g_K n)(V - 26.64 ln(K_ext/K_int))\n"
            "I_Cl = g_Cl (V + 26.64 ln(Cl_ext/Cl_int)),  I_pump = rho / (1 + exp(10.5 - 0.5 Na_int)) / (1 + exp(5.5 - K_ext))\n"
            "K_int = 130 + DKi, Na_int = 16 - DKi, Na_ext = 138 + beta DKi, K_ext = 4.8 - beta DKi + Kg, beta = omega_i/omega_ext\n"
            "m_inf = 1/(1 + exp((Vm - V)/km)), n_inf = 1/(1 + exp((Vn - V)/kn)), h = 1.1 - 1/(1 + exp(-8 (n - 0.4)))",
        .source =
            "Rabuffo, Bandyopadhyay et al. 2026, eLife 104249, doi:10.7554/eLife.104249, Eqs. 2-4, 38-40; gating constants from "
            "Depannemaecker et al. 2022, Journal of Neurophysiology",
        .corrections =
            "The gating constants printed in Eq. 3 (n: -30, 5; m: -22, 15) give tonic spiking at every K_bath; the default is m (-24, 12), "
            "n (-19, 18), the printed ones are the preset printed_gating. Vstar is nowhere given in the paper: -31 mV. Table S2 lists x(0) "
            "while Eq. 38 integrates r = R- x/pi. Units are nominal: current/Cm counts as mV/ms, epsilon as 1/ms. Above Vstar "
            "(depolarisation "
            "block) r reaches 2.3 kHz and is no firing rate: activity is reported as events. With self_conductance = false the local term "
            "J r (E - V) is left out of dV, as in The Virtual Brain.",
        .largest_dt = {0.005, 0.01, 0.05},
    };

    static constexpr double nernst = 26.64;  // R T/F at 36 degrees Celsius [mV]

    template <class T>
    struct State {
        T r = Field{"r", 0.006, "1/ms", valid{0.0, inf}, explore{0.0, 0.5}, "mean-field rate; a firing rate only while V is below Vstar"};
        T V = Field{"V", -70.0, "mV", explore{-90.0, 30.0}, "mean membrane potential"};
        T n = Field{"n", 0.05, "1", valid{0.0, 1.0}, explore{0.0, 1.0}, "gating variable of potassium"};
        T DKi = Field{"DKi", 0.0, "mM", valid{-46.0, 16.0, open}, explore{-10.0, 2.0}, "change of the intracellular potassium"};
        T Kg = Field{"Kg", 3.0, "mM", explore{-20.0, 20.0}, "potassium buffered by the surroundings"};
    };
    template <class T>
    struct Parameters {
        T K_bath = Field{"K_bath", 5.5, "mM", valid{0.0, inf, open}, explore{4.0, 25.0}, "potassium of the bath: sets the regime"};
        T J = Field{"J", 0.08, "1", valid{0.0, inf}, explore{0.01, 2.0}, "strength of the population's coupling to itself"};
        T Delta = Field{"Delta", 1.0, "mV", valid{0.0, inf}, explore{0.1, 2.0}, "half width of the currents' distribution"};
        T eta = Field{"eta", 0.0, "mV/ms", explore{-10.0, 10.0}, "centre of the currents' distribution"};
        T E = Field{"E", 0.0, "mV", explore{-80.0, 0.0}, "reversal potential of synapses"};
        T Cm = Field{"Cm", 1.0, "pF", valid{0.0, inf, open}, explore{0.5, 20.0}, "membrane capacitance"};
        T tau_n = Field{"tau_n", 4.0, "ms", valid{0.0, inf, open}, explore{1.0, 10.0}, "time constant of the potassium gate"};
        T gamma = Field{"gamma", 0.04, "um^3 mM/(ms pA)", explore{1e-4, 0.1}, "current to change of concentration"};
        T epsilon = Field{"epsilon", 0.001, "1/ms", valid{0.0, inf}, explore{1e-4, 0.01}, "rate of exchange with the bath"};
        T R_minus = Field{"R_minus", 0.02, "1/(mV ms)", valid{0.0, inf, open}, explore{0.001, 0.5}, "curvature of the left parabola"};
        T R_plus = Field{"R_plus", -0.1, "1/(mV ms)", valid{-inf, 0.0, open}, explore{-0.5, -0.01}, "curvature of the right parabola"};
        T c_minus = Field{"c_minus", -44.24, "mV", explore{-50.0, -35.0}, "vertex of the left parabola"};
        T c_plus = Field{"c_plus", -20.4, "mV", explore{-25.0, -15.0}, "vertex of the right parabola"};
        T Vstar = Field{"Vstar", -31.0, "mV", explore{-40.0, -22.0}, "where the parabolas are joined"};
        T g_Cl = Field{"g_Cl", 7.5, "nS", valid{0.0, inf}, "conductance of chloride"};
        T g_K = Field{"g_K", 22.0, "nS", valid{0.0, inf}, "voltage-gated conductance of potassium"};
        T g_Na = Field{"g_Na", 40.0, "nS", valid{0.0, inf}, "voltage-gated conductance of sodium"};
        T g_Kl = Field{"g_Kl", 0.12, "nS", valid{0.0, inf}, "leak conductance of potassium"};
        T g_Nal = Field{"g_Nal", 0.02, "nS", valid{0.0, inf}, "leak conductance of sodium"};
        T omega_i = Field{"omega_i", 2160.0, "um^3", valid{0.0, inf, open}, "intracellular volume"};
        T omega_ext = Field{"omega_ext", 720.0, "um^3", valid{0.0, inf, open}, "extracellular volume"};
        T rho = Field{"rho", 250.0, "pA", valid{0.0, inf}, "largest current of the sodium-potassium pump"};
        T Cl_ext = Field{"Cl_ext", 112.0, "mM", valid{0.0, inf, open}, "extracellular chloride"};
        T Cl_int = Field{"Cl_int", 5.0, "mM", valid{0.0, inf, open}, "intracellular chloride"};
        T Vm = Field{"Vm", -24.0, "mV", "half activation of sodium"};
        T km = Field{"km", 12.0, "mV", valid{0.0, inf, open}, "width of the activation of sodium"};
        T Vn = Field{"Vn", -19.0, "mV", "half activation of potassium"};
        T kn = Field{"kn", 18.0, "mV", valid{0.0, inf, open}, "width of the activation of potassium"};
    };
    template <class T>
    struct Options {
        T self_conductance = Field{"self_conductance", 1.0, "0 or 1", valid{0.0, 1.0}, "keep J r (E - V) in dV; 0 as in The Virtual Brain"};
    };
    template <class T>
    struct Output {
        T r = Field{"r", 0.0, "1/ms", "mean-field rate"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1/ms", "coupling: a conductance, multiplies (E - V), Eq. 40"};
        T I_input = Field{"I_input", 0.0, "1/ms", "stimulus: a rate, J I_input multiplies (E - V), Eq. 39"};
    };
    template <class T>
    struct Observed {
        T K_ext = Field{"K_ext", 4.8, "mM", valid{0.0, inf, open}, explore{3.0, 20.0}, "extracellular potassium"};
        T Na_ext = Field{"Na_ext", 138.0, "mM", valid{0.0, inf, open}, explore{100.0, 150.0}, "extracellular sodium"};
        T K_int = Field{"K_int", 130.0, "mM", valid{0.0, inf, open}, explore{110.0, 140.0}, "intracellular potassium"};
        T Na_int = Field{"Na_int", 16.0, "mM", valid{0.0, inf, open}, explore{5.0, 30.0}, "intracellular sodium"};
    };

    /// What the parameters alone decide.
    template <class T>
    struct Constants {
        T beta;     // omega_i/omega_ext
        T E_Cl;     // 26.64 ln(Cl_ext/Cl_int) [mV]
        T r_noise;  // R- Delta/pi [1/ms^2]
        T x_per_r;  // pi/R- [mV ms]
        T ions;     // gamma/omega_i [mM/(ms pA)]
        T per_Cm, per_tau_n, per_km, per_kn;
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        constexpr double pi = std::numbers::pi;
        return {.beta = p.omega_i / p.omega_ext,
                .E_Cl = nernst * log_ratio(p.Cl_ext, p.Cl_int),
                .r_noise = p.R_minus * p.Delta / pi,
                .x_per_r = pi / p.R_minus,
                .ions = p.gamma / p.omega_i,
                .per_Cm = 1.0 / p.Cm,
                .per_tau_n = 1.0 / p.tau_n,
                .per_km = 1.0 / p.km,
                .per_kn = 1.0 / p.kn};
    }

    template <class T>
    KATION_INLINE static constexpr Observed<T> concentrations(const State<T>& x, const T& beta) {
        return {.K_ext = 4.8 - beta * x.DKi + x.Kg, .Na_ext = 138.0 + beta * x.DKi, .K_int = 130.0 + x.DKi, .Na_int = 16.0 - x.DKi};
    }
    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        return concentrations(x, T(p.omega_i / p.omega_ext));
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        const auto [K_ext, Na_ext, K_int, Na_int] = concentrations(x, k.beta);

        // m_inf h with one division: 1/(1 + e_m) (1.1 - 1/(1 + e_h)) = (0.1 + 1.1 e_h)/((1 + e_m)(1 + e_h)).
        const T e_m = exp((p.Vm - x.V) * k.per_km), e_h = exp(-8.0 * (x.n - 0.4));
        const T m_inf_h = (0.1 + 1.1 * e_h) / ((1.0 + e_m) * (1.0 + e_h));
        const T n_inf = 1.0 / (1.0 + exp((p.Vn - x.V) * k.per_kn));
        const T I_Na = (p.g_Nal + p.g_Na * m_inf_h) * (x.V - nernst * log_ratio(Na_ext, Na_int));
        const T I_K = (p.g_Kl + p.g_K * x.n) * (x.V - nernst * log_ratio(K_ext, K_int));
        const T I_Cl = p.g_Cl * (x.V + k.E_Cl);
        const T I_pump = p.rho / ((1.0 + exp(10.5 - 0.5 * Na_int)) * (1.0 + exp(5.5 - K_ext)));

        const bool left = x.V <= p.Vstar;
        const T R = select(left, p.R_minus, p.R_plus);
        const T c = select(left, p.c_minus, p.c_plus);
        const T conductance = p.J * (options.self_conductance * x.r + in.I_input) + in.c;
        return {
            .r = k.r_noise + 2.0 * R * (x.V - c) * x.r - p.J * square(x.r),
            .V = -(I_Cl + I_Na + I_K + I_pump) * k.per_Cm - R * square(k.x_per_r * x.r) + conductance * (p.E - x.V) + p.eta,
            .n = (n_inf - x.n) * k.per_tau_n,
            .DKi = -k.ions * (I_K - 2.0 * I_pump),
            .Kg = p.epsilon * (p.K_bath - K_ext),
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.r = x.r};
    }

    /// The vector field jumps where this changes sign.
    template <class T>
    KATION_INLINE static constexpr T branch(const State<T>& x, const Parameters<T>& p) {
        return x.V - p.Vstar;
    }
    static constexpr std::string_view jumps_at = "Vstar";

    static constexpr EventRule event_rule{"V", "mV", -20.0, -40.0};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.V;
    }

    static void review(const Parameters<double>& p, Review& verdict) {
        if (!(p.c_minus < p.Vstar && p.Vstar < p.c_plus))
            verdict.warnings.emplace_back("Vstar is not between c_minus and c_plus: the parabolas are joined beside their vertices");
    }

    /// Table S2 lists x; the state holds r = R- x/pi.
    static constexpr State<double> start(double x, double V, double n, double DKi, double Kg, double R_minus) {
        return {.r = R_minus * x / std::numbers::pi, .V = V, .n = n, .DKi = DKi, .Kg = Kg};
    }

    static constexpr auto presets() {
        return std::array{
            Preset<IonExchange>{"fig6",
                                "seizure-like events at K_bath 15.5, rest at 5.5, bursts at 7.5, tonic at 10, block at 25 (Figs. 5, 6)",
                                {},
                                start(0.1, -15.0, 0.45, -5.0, -16.0, 0.02)},
            Preset<IonExchange>{"fig3",
                                "the single population of Fig. 3: as fig6, depolarisation block already at K_bath 20",
                                {.J = 1.0, .R_minus = 0.34, .R_plus = -0.38},
                                start(0.1, -15.0, 0.45, -3.5, -12.0, 0.34)},
            Preset<IonExchange>{"fig4a",
                                "slow ionic exchange of Fig. 4a",
                                {.J = 0.01, .Cm = 16.0, .tau_n = 8.0, .gamma = 2.5e-4, .epsilon = 1e-4, .R_minus = 0.001, .R_plus = -0.01},
                                start(0.1, -15.0, 0.05, -0.23, 7.93, 0.001)},
            Preset<IonExchange>{"fig4e",
                                "strongly coupled population of Fig. 4e",
                                {.J = 2.0, .R_minus = 0.5, .R_plus = -0.5},
                                start(0.1, -15.0, 0.45, -5.0, -16.0, 0.5)},
            Preset<IonExchange>{"tvb",
                                "parameters of The Virtual Brain's KIonEx",
                                {.J = 0.1, .R_minus = 0.5, .R_plus = -0.5, .c_minus = -40.0, .c_plus = -20.0},
                                start(0.1, -15.0, 0.45, -5.0, -16.0, 0.5)},
            Preset<IonExchange>{"printed_gating",
                                "the gating constants as printed in Eq. 3: tonic spiking at every K_bath, also 5.5",
                                {.Vm = -22.0, .km = 15.0, .Vn = -30.0, .kn = 5.0},
                                start(0.1, -15.0, 0.45, -5.0, -16.0, 0.02)},
            Preset<IonExchange>{"rest",
                                "the parameters of fig6, starting from the rest state at K_bath 5.5",
                                {},
                                {.r = 0.00555586622, .V = -72.87517613, .n = 0.04774014298, .DKi = 0.72753345, .Kg = 2.88260035}},
        };
    }
};

}  // namespace kation::models
