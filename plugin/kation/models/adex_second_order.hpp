#pragma once

#include <kation/model/jet.hpp>
#include <kation/models/adex.hpp>

namespace kation::models {

/// The mean field of adex to second order: with the covariances of the rates, which populations of finite size have.
struct AdexSecondOrder {
    static constexpr Info info{
        .name = "adex_second_order",
        .title = "Mean field of adaptive exponential integrate-and-fire neurons, second order",
        .equations =
            "F_e, F_i and W as in adex; F_m,k and F_m,kl are the exact derivatives of F_m by nu_k and nu_l\n"
            "T nu_m' = F_m - nu_m + (c_ee F_m,ee + 2 c_ei F_m,ei + c_ii F_m,ii)/2\n"
            "T c_ee' = F_e (1/T - F_e)/N_e + (F_e - nu_e)^2 + 2 c_ee F_e,e + 2 c_ei F_e,i - 2 c_ee\n"
            "T c_ii' = F_i (1/T - F_i)/N_i + (F_i - nu_i)^2 + 2 c_ii F_i,i + 2 c_ei F_i,e - 2 c_ii\n"
            "T c_ei' = (F_e - nu_e)(F_i - nu_i) + c_ee F_i,e + c_ei (F_e,e + F_i,i) + c_ii F_e,i - 2 c_ei",
        .source = "di Volo, Romagnoni, Capone, Destexhe 2019, Neural Computation 31, 653, doi:10.1162/neco_a_01173, Eqs. 4, 5",
        .corrections =
            "Q_e and coefficients as in adex. The derivatives are exact; those of The Virtual Brain are off by factors of 1e3 and 1e6 with "
            "cross terms transposed. The second order truly diverges in strong transients: the run then stops, and says so.",
        .largest_dt = {1.0, 1.0, 1.0},
        .if_invalid = "The second order diverges in strong transients: a weaker or slower stimulus, larger N_e and N_i, or adex do not",
    };

    template <class T>
    struct State {
        T nu_e = Field{"nu_e", 2e-3, "kHz", valid{0.0, inf}, explore{0.0, 0.03}, usual{0.0, 0.1}, "rate of the excitatory population"};
        T nu_i = Field{"nu_i", 1e-2, "kHz", valid{0.0, inf}, explore{0.0, 0.05}, "rate of the inhibitory population"};
        T c_ee = Field{"c_ee", 0.0, "kHz^2", valid{0.0, inf}, explore{0.0, 3e-6}, "variance of the excitatory rate"};
        T c_ei = Field{"c_ei", 0.0, "kHz^2", explore{0.0, 5e-6}, "covariance of the rates"};
        T c_ii = Field{"c_ii", 0.0, "kHz^2", valid{0.0, inf}, explore{0.0, 1e-5}, "variance of the inhibitory rate"};
        T W = Field{"W", 60.0, "pA", explore{0.0, 200.0}, "adaptation current of the excitatory population"};
    };
    template <class T>
    struct Parameters : Adex::Parameters<T> {
        T N_e = Field{"N_e", 8000.0, "1", valid{1.0, inf}, explore{500.0, 1e5}, "number of excitatory cells"};
        T N_i = Field{"N_i", 2000.0, "1", valid{1.0, inf}, explore{100.0, 25000.0}, "number of inhibitory cells"};
    };
    template <class T>
    using Options = Adex::Options<T>;
    template <class T>
    using Output = Adex::Output<T>;
    template <class T>
    using Input = Adex::Input<T>;
    template <class T>
    struct Observed {
        T mu_V = Field{"mu_V",
                       -56.0,
                       "mV",
                       explore{-65.0, -45.0},
                       usual{-75.0, inf},
                       "mean potential of excitatory cells, without what coupling and stimulus add"};
        T determinant = Field{
            "determinant", 0.0, "kHz^4", valid{0.0, inf}, explore{0.0, 1e-11}, "c_ee c_ii - c_ei^2: below 0 there are no such covariances"};
        T c_ee_share = Field{"c_ee_share",
                             0.0,
                             "1",
                             valid{0.0, 1.0},
                             explore{0.0, 0.1},
                             "c_ee T^2: above 1 the variance exceeds that of the largest rate, 1/T"};
    };

    template <class T>
    using Constants = Adex::Constants<T>;
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        return Adex::constants<T>(p);
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        using J = Jet<T>;
        const T floor = 1e-6 * options.rate_floor, zero = T(0.0);
        const T nu_e = Adex::excitation<T>(x.nu_e, p.nu_drive, in) + floor, nu_i = Adex::positive(x.nu_i) + floor;
        const J f_e(p.K_e * nu_e, p.K_e, zero, zero, zero, zero), f_i(p.K_i * nu_i, zero, p.K_i, zero, zero, zero);
        const auto arriving = Adex::synapses<J, T>(f_e, f_i, p, k);
        const T W_stationary = Adex::stationary<T>(x.nu_e, arriving.current.value, arriving.mu_G.value, p);
        const T W = x.W + options.stationary_adaptation * (W_stationary - x.W);
        const auto e = Adex::membrane<J, T>(arriving, p.E_L_e, W, p, k), i = Adex::membrane<J, T>(arriving, p.E_L_i, zero, p, k);
        const J F_e = Adex::firing_rate<J, T>(e, Adex::coefficients(p.P_e, Adex::table1_e, options.table1), k);
        const J F_i = Adex::firing_rate<J, T>(i, Adex::coefficients(p.P_i, Adex::table1_i, options.table1), k);
        const T off_e = F_e.value - x.nu_e, off_i = F_i.value - x.nu_i;
        return {
            .nu_e = k.rate * (off_e + 0.5 * (x.c_ee * F_e.xx + x.c_ii * F_e.yy) + x.c_ei * F_e.xy),
            .nu_i = k.rate * (off_i + 0.5 * (x.c_ee * F_i.xx + x.c_ii * F_i.yy) + x.c_ei * F_i.xy),
            .c_ee = k.rate * (F_e.value * (k.rate - F_e.value) / p.N_e + square(off_e) + 2.0 * (x.c_ee * (F_e.x - 1.0) + x.c_ei * F_e.y)),
            .c_ei = k.rate * (off_e * off_i + x.c_ee * F_i.x + x.c_ei * (F_e.x + F_i.y - 2.0) + x.c_ii * F_e.y),
            .c_ii = k.rate * (F_i.value * (k.rate - F_i.value) / p.N_i + square(off_i) + 2.0 * (x.c_ii * (F_i.y - 1.0) + x.c_ei * F_i.x)),
            .W = Adex::adapting<T>({x.nu_e, x.nu_i, x.W}, e.mu_V.value, W_stationary, p, k, options.stationary_adaptation),
        };
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>&) {
        return {.nu_e = x.nu_e};
    }

    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        const auto first = Adex::observe<T>({x.nu_e, x.nu_i, x.W}, p);
        return {.mu_V = first.mu_V, .determinant = x.c_ee * x.c_ii - square(x.c_ei), .c_ee_share = x.c_ee * square(p.T_)};
    }

    static constexpr EventRule event_rule = Adex::event_rule;
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>&) {
        return x.nu_e;
    }

    static constexpr auto presets() {
        using P = Preset<AdexSecondOrder>;
        const auto with_T = [](Parameters<double> p, double a, double drive) {
            p.T_ = 5.0, p.a = a, p.nu_drive = drive;
            return p;
        };
        return std::array{
            P{"fig2",
              "asynchronous irregular under a drive of 2.5 Hz, with T 5 ms",
              with_T({}, 4.0, 2.5e-3),
              {1.456232978e-3, 9.119859887e-3, 1.45108626e-7, 2.90198100e-7, 7.35587286e-7, 75.39414244}},
            P{"fig3",
              "the same without adaptation by potential: the response to stimuli",
              with_T({}, 0.0, 2.5e-3),
              {2.062884622e-3, 10.480422483e-3, 2.60855155e-7, 5.17716069e-7, 1.23384176e-6, 61.88653865}},
            P{"fig4_low",
              "drive 1.5 Hz: little conductance, answers strongly",
              with_T({}, 0.0, 1.5e-3),
              {1.430764565e-3, 6.746879212e-3, 3.26740906e-7, 7.19499771e-7, 1.76797564e-6, 42.92293695}},
            P{"fig4_high",
              "drive 7 Hz: much conductance, answers weakly",
              with_T({}, 0.0, 7e-3),
              {3.398300441e-3, 22.550232099e-3, 1.81530484e-7, 2.91292979e-7, 7.24835312e-7, 101.94901322}},
        };
    }
};

}  // namespace kation::models
