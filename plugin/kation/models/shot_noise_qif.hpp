#pragma once

#include <kation/model/model.hpp>
#include <kation/support/complex.hpp>

#include <numbers>

namespace kation::models {

/// Sparse balanced inhibitory network of quadratic integrate-and-fire neurons, whose synaptic noise is shots: two circular cumulants.
struct ShotNoiseQif {
    static constexpr Info info{
        .name = "shot_noise_qif",
        .title = "Sparse balanced inhibitory network under shot noise: two circular cumulants",
        .equations =
            "T0 k1' = 2i k1 + R [Mob - k1 + k2 Mob''/2] + (i eta/2)[(1 + k1)^2 + k2]                       Mob = Mob(k1)\n"
            "T0 k2' = 4i k2 + R [(Mob - k1)^2 + k2 (Mob'^2 - 1 + (Mob - k1) Mob'')] + 2i eta (1 + k1) k2\n"
            "Mob(z) = ((1 + 2 zeta) z + zeta)/(1 - zeta z), zeta = -alpha/(alpha - 2i), alpha = K^(-3/4) q^(-1/2)\n"
            "R = K nut, nut = Re[(1 - k1)/(1 + k1) + 2 k2/(1 + k1)^3]/pi, T0 = tau_m/(K^(1/4) sqrt(i0)), q = i0/g0^2\n"
            "eta = stimulus + c/(q sqrt(K)); output nu/g0 = nut K^(1/4) sqrt(q)\n"
            "diffusion = 1:\n"
            "T0 k1' = 2i k1 + (i A/2)[(1 + k1)^2 + k2] - (alpha^2 R/4)[(1 + k1)^3 + 3 k2 (1 + k1)]         A = eta - alpha R\n"
            "T0 k2' = 4i k2 + 2i A (1 + k1) k2 - (alpha^2 R/4)[(1 + k1)^4 + 12 k2 (1 + k1)^2]\n"
            "ott_antonsen = 1: k2 = 0",
        .source =
            "Ageeva, Goldobin 2025, Low dimensional dynamics of a sparse balanced synaptic network of quadratic integrate-and-fire "
            "neurons, Eqs. 19, 24, 25, 30, 31; the mean field: Goldobin et al. 2025, Physical Review E 112, 034301, "
            "doi:10.1103/47h5-fbyy",
        .corrections =
            "Eq. 30 as printed lost a factor 1/2: the drift is (i A/2)[(1 + k1)^2 + k2], as Eq. 24 and the expansion of its shot "
            "noise in alpha have it. tau_m turns the paper's dimensionless time into ms. Eq. 24 needs eta > -1 (a current that "
            "stays excitatory): below, the rates are NaN and the run ends.",
        // The presets have T0 3.6 to 7.2 ms; these err by 3 %, 1 % and 0.002 % after 40 ms of oscillation.
        .largest_dt = {0.005, 0.1, 0.2},
        .if_invalid = "This mean field ends where eta, the stimulus with the coupling, is -1 or below, and with it a negative rate",
    };

    template <class T>
    struct State {
        T k1_re = Field{"k1_re", 0.0, "1", explore{-1.0, 1.0}, "real part of the first cumulant, the Kuramoto order parameter"};
        T k1_im = Field{"k1_im", 0.0, "1", explore{-1.0, 1.0}, "imaginary part of the first cumulant"};
        T k2_re = Field{"k2_re", 0.0, "1", explore{-0.2, 0.2}, "real part of the second cumulant, the distance from Ott and Antonsen"};
        T k2_im = Field{"k2_im", 0.0, "1", explore{-0.2, 0.2}, "imaginary part of the second cumulant"};
    };
    template <class T>
    struct Parameters {
        T q = Field{"q", 0.4, "1", valid{0.0, inf, open}, explore{0.01, 2.0}, "i0/g0^2: excitatory current over squared inhibition"};
        T K = Field{"K", 200.0, "1", valid{1.0, inf}, explore{10.0, 1000.0}, "in-degree: inhibitory synapses of one neuron"};
        T tau_m = Field{"tau_m", 20.0, "ms", valid{0.0, inf, open}, explore{5.0, 30.0}, "membrane time constant"};
        T i0 =
            Field{"i0", 1.0, "1", valid{0.0, inf, open}, explore{0.1, 10.0}, "excitatory current over sqrt(K): with tau_m, unit of time"};
    };
    template <class T>
    struct Options {
        T ott_antonsen = Field{"ott_antonsen", 0.0, "0 or 1", valid{0.0, 1.0}, "one cumulant: k2 is 0, or decays to it with T0"};
        T diffusion = Field{"diffusion", 0.0, "0 or 1", valid{0.0, 1.0}, "white Gaussian noise in the place of shots (Eqs. 30, 31)"};
    };
    template <class T>
    struct Output {
        T nu = Field{"nu", 0.0, "1", "firing rate in units of g0"};
    };
    template <class T>
    struct Input {
        T c = Field{"c", 0.0, "1", "coupling: c/(q sqrt(K)) adds to eta"};
        T eta = Field{"eta", 0.0, "1", "stimulus: relative change of the excitatory current; with the coupling above -1, or the run ends"};
    };
    template <class T>
    struct Observed {
        T nut = Field{"nut", 0.3, "1", valid{0.0, inf}, explore{0.0, 1.0}, "firing rate times T0"};
        T nu = Field{"nu", 0.3, "1", valid{0.0, inf}, explore{0.0, 3.0}, "firing rate in units of g0, as sent"};
        T rate = Field{"rate", 25.0, "Hz", valid{0.0, inf}, explore{0.0, 200.0}, "firing rate"};
        T k1 = Field{"k1", 0.0, "1", valid{0.0, 1.0, open_high}, "modulus of the Kuramoto order parameter"};
        T v = Field{"v", 0.0, "1", "mean membrane potential (Eq. 17)"};
    };

    /// What the parameters alone decide.
    template <class T>
    struct Constants {
        T per_T0;            // K^(1/4) sqrt(i0)/tau_m [1/ms]
        T alpha;             // height of a shot
        T zeta_re, zeta_im;  // -alpha/(alpha - 2i)
        T per_c;             // 1/(q sqrt(K))
    };
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        const T root = sqrt(p.K), alpha = 1.0 / sqrt(p.K * root * p.q), scale = 1.0 / (4.0 + square(alpha));
        return {.per_T0 = sqrt(root * p.i0) / p.tau_m,
                .alpha = alpha,
                .zeta_re = -square(alpha) * scale,
                .zeta_im = -2.0 * alpha * scale,
                .per_c = 1.0 / (p.q * root)};
    }

    /// pi nut - i v/sqrt(I0) (Eq. 18): 2/(1 + k1) - 1 + 2 k2/(1 + k1)^3.
    template <class T>
    KATION_INLINE static constexpr Complex<T> rate_and_potential(const State<T>& x) {
        const Complex<T> k2{x.k2_re, x.k2_im}, inverse_s = inverse(Complex<T>{1.0 + x.k1_re, x.k1_im});
        const Complex<T> half = inverse_s * fma(k2, square(inverse_s), Complex<T>{1.0, 0.0});
        return {2.0 * half.re - 1.0, 2.0 * half.im};
    }
    template <class T>
    KATION_INLINE static constexpr T nut(const State<T>& x) {
        return rate_and_potential(x).re * (1.0 / std::numbers::pi);
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        const Complex<T> k1{x.k1_re, x.k1_im}, k2{x.k2_re, x.k2_im}, zeta{k.zeta_re, k.zeta_im}, s = T(1.0) + k1;
        const T any_eta = in.eta + k.per_c * in.c, R = p.K * nut(x), D = options.diffusion;
        const T eta = select(any_eta > -1.0, any_eta, T(std::numeric_limits<double>::quiet_NaN()));

        // g = zeta/(1 - zeta k1) and w = g (1 + k1) give Mob - k1 = (1 + k1) w, Mob' = (1 + w)^2, Mob'' = 2 g Mob'. The diffusion
        // approximation has b = -i alpha/2 in the place of g, and other polynomials in w: to the second order in b the same.
        const Complex<T> shot = zeta * inverse(T(1.0) - zeta * k1), b{0.0 * k.alpha, -0.5 * k.alpha};
        const Complex<T> g = fma(D, b - shot, shot), w = g * s, w2 = square(w), s2 = square(s);
        const T shots = 1.0 - D;
        const Complex<T> to_k1 = g * fma(T(2.0 + D), w, fma(shots, w2, Complex<T>{1.0, 0.0}));
        const Complex<T> to_k2 = fma(w2, T(8.0 + 4.0 * D) + shots * fma(T(3.0), w2, T(8.0) * w), T(4.0) * w);
        const Complex<T> noise1 = fma(to_k1, k2, s * fma(D, w2, w)), noise2 = fma(to_k2, k2, s2 * w2);

        const Complex<T> turn1 = times_i(fma(T(0.5 * eta), s2 + k2, T(2.0) * k1));
        const Complex<T> turn2 = times_i(fma(T(2.0 * eta), s * k2, T(4.0) * k2));
        const Complex<T> rate1 = fma(R, noise1, turn1), free2 = fma(R, noise2, turn2);
        const Complex<T> rate2 = T(1.0 - options.ott_antonsen) * free2 - options.ott_antonsen * k2;
        return {.k1_re = k.per_T0 * rate1.re, .k1_im = k.per_T0 * rate1.im, .k2_re = k.per_T0 * rate2.re, .k2_im = k.per_T0 * rate2.im};
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>& p) {
        return {.nu = nut(x) * sqrt(sqrt(p.K) * p.q)};
    }

    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        const Complex<T> W = rate_and_potential(x);
        const T scaled = W.re * (1.0 / std::numbers::pi), root = sqrt(p.K), I0 = root * p.i0;
        return {.nut = scaled,
                .nu = scaled * sqrt(root * p.q),
                .rate = 1000.0 * scaled * sqrt(I0) / p.tau_m,
                .k1 = sqrt(square(x.k1_re) + square(x.k1_im)),
                .v = -W.im * sqrt(I0)};
    }

    static void review(const Parameters<double>& p, Review& verdict) {
        if (p.q < 0.03) verdict.warnings.emplace_back("two cumulants are inaccurate below q = 0.03: compare with shot_noise_qif_chain");
    }

    // Steady states have nu/g0 below q, which is balance: 0.33 at q 0.4. Above the Hopf point synchronous firing exceeds 1.
    static constexpr EventRule event_rule{"nu/g0", "1", 1.0, 0.5};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>& p) {
        return output(x, p).nu;
    }

    static constexpr auto presets() {
        return std::array{
            Preset<ShotNoiseQif>{"steady",
                                 "asynchronous: a constant rate, just below the Hopf point (K 205.2; of the whole chain 468.7)",
                                 {},
                                 {.k1_re = 0.395712273, .k1_im = -0.0250553159, .k2_re = -0.002846185, .k2_im = -0.0128663056}},
            Preset<ShotNoiseQif>{
                "oscillating", "global oscillations above the Hopf point, from a uniform density of phases (Fig. 5c)", {.K = 1000.0}, {}},
            Preset<ShotNoiseQif>{"driven",
                                 "asynchronous; resonates with a stimulus eta = 0.4 cos(2 t/T0) (Figs. 3a, 4)",
                                 {.q = 0.2, .K = 60.0},
                                 {.k1_re = 0.3869681825, .k1_im = -0.0791035688, .k2_re = -0.0265358327, .k2_im = -0.031995499}},
            Preset<ShotNoiseQif>{"low_current",
                                 "asynchronous at a low rate, where the noise is far from diffusion (Fig. 2b)",
                                 {.q = 0.03, .K = 100.0},
                                 {.k1_re = 0.5370649207, .k1_im = -0.3081238702, .k2_re = -0.1170354072, .k2_im = 0.0412202668}},
        };
    }
};

}  // namespace kation::models
