#pragma once

#include <kation/models/shot_noise_qif.hpp>

#include <numbers>

namespace kation::models {

/// The mean field of shot_noise_qif without its reduction to two cumulants: the chain of circular moments, as a reference.
struct ShotNoiseQifChain {
    static constexpr Info info{
        .name = "shot_noise_qif_chain",
        .title = "Sparse balanced inhibitory network under shot noise: chain of circular moments",
        .equations =
            "T0 z_n' = i n {(2 + eta) z_n + eta (z_(n-1) + z_(n+1))/2} + R [sum_m I_nm z_m - z_n]          n = 1 ... modes, z_0 = 1\n"
            "row n of I: the coefficients of Mob(x)^n, Mob(x) = zeta + (1 + zeta)^2 (x + zeta x^2 + zeta^2 x^3 + ...)\n"
            "zeta = -alpha/(alpha - 2i), alpha = K^(-3/4) q^(-1/2), q = i0/g0^2, T0 = tau_m/(K^(1/4) sqrt(i0))\n"
            "R = K nut, nut = (1 + 2 Re sum_n (-1)^n z_n)/pi\n"
            "eta = stimulus + c/(q sqrt(K)); output nu/g0 = nut K^(1/4) sqrt(q)\n"
            "diffusion = 1:\n"
            "T0 z_n' = i n {(2 + A) z_n + A (z_(n-1) + z_(n+1))/2}                                         A = eta - alpha R\n"
            "  - (alpha^2 R/2) n {(n-1)/4 z_(n-2) + (n-1/2) z_(n-1) + (3n/2) z_n + (n+1/2) z_(n+1) + (n+1)/4 z_(n+2)}",
        .source =
            "Ageeva, Goldobin 2025, Low dimensional dynamics of a sparse balanced synaptic network of quadratic integrate-and-fire "
            "neurons, Eqs. 7, 15, 23, 29; the mean field: Goldobin et al. 2025, Physical Review E 112, 034301, doi:10.1103/47h5-fbyy",
        .corrections =
            "The closed form of I_nm that the paper prints cancels beyond the digits of double precision (its error is 3e6 at alpha 1 "
            "and 64 modes); row n is the product of row n-1 with the series of Mob instead, which has no cancellation. tau_m turns "
            "the paper's dimensionless time into ms. Eq. 23 needs eta > -1 (a current that stays excitatory): below, the rates are "
            "NaN and the run ends. Explicit steps must stay below 2.8 T0/max(2 modes, 2 R): 0.1 ms at rest with the defaults.",
        .largest_dt = {0.002, 0.02, 0.05},  // of the presets: twice as long or little more, and they blow up
        .if_invalid = "This mean field ends where eta, the stimulus with the coupling, is -1 or below, and with it a negative rate",
    };
    static constexpr bool vectorised = false;  // one node has loops enough of its own

    static constexpr std::size_t most = 64;  // modes

    template <class T>
    struct State {
        std::array<T, most> re = numbered<most>(Field{"z#_re", 0.0, "1", valid{-1.0, 1.0}, "real part of circular moment #"});
        std::array<T, most> im = numbered<most>(Field{"z#_im", 0.0, "1", valid{-1.0, 1.0}, "imaginary part of circular moment #"});
    };
    template <class T>
    using Parameters = ShotNoiseQif::Parameters<T>;
    template <class T>
    struct Options {
        T modes = Field{"modes", 64.0, "1", valid{2.0, 64.0}, "length of the chain; moments beyond are 0, or decay to it with T0"};
        T diffusion = Field{"diffusion", 0.0, "0 or 1", valid{0.0, 1.0}, "white Gaussian noise in the place of shots (Eq. 29)"};
    };
    template <class T>
    using Output = ShotNoiseQif::Output<T>;
    template <class T>
    using Input = ShotNoiseQif::Input<T>;
    template <class T>
    struct Observed {
        T nut = Field{"nut", 0.3, "1", valid{0.0, inf}, explore{0.0, 1.0}, "firing rate times T0"};
        T nu = Field{"nu", 0.3, "1", valid{0.0, inf}, explore{0.0, 3.0}, "firing rate in units of g0, as sent"};
        T rate = Field{"rate", 25.0, "Hz", valid{0.0, inf}, explore{0.0, 200.0}, "firing rate"};
        T z1 = Field{"z1", 0.0, "1", valid{0.0, 1.0, open_high}, "modulus of the Kuramoto order parameter"};
        T k2 = Field{"k2", 0.0, "1", "modulus of the second circular cumulant z_2 - z_1^2"};
        T v = Field{"v", 0.0, "1", "mean membrane potential (Eq. 17)"};
    };

    template <class T>
    using Constants = ShotNoiseQif::Constants<T>;
    template <class T>
    static constexpr Constants<T> constants(const Parameters<T>& p) {
        return ShotNoiseQif::constants<T>(p);
    }

    /// pi nut - i v/sqrt(I0) (Eq. 18): 1 - 2 z_1 + 2 z_2 - ...
    template <class T>
    KATION_INLINE static constexpr Complex<T> rate_and_potential(const State<T>& x) {
        Complex<T> sum{0.5, 0.0};
        for (std::size_t n = 1; n <= most; ++n) {
            const Complex<T> z{x.re[n - 1], x.im[n - 1]};
            sum = n % 2 == 0 ? sum + z : sum - z;
        }
        return T(2.0) * sum;
    }
    template <class T>
    KATION_INLINE static constexpr T nut(const State<T>& x) {
        return rate_and_potential(x).re * (1.0 / std::numbers::pi);
    }

    template <class T>
    using Moments = std::array<Complex<T>, most + 3>;  // z_0, z_1, ... and two beyond the last

    /// sum_m I_nm z_m - z_n for all n. With y_m the sum of the coefficients of x^m P(x) times z, multiplying P by Mob takes y_m to
    /// zeta y_m + (1 + zeta)^2 (y_(m+1) + zeta y_(m+2) + ...): n times from y = z, y_0 is row n of I times z. A row alone is one chain of
    /// operations that wait for each other; eight go together, each a step behind the one before.
    template <class T>
    KATION_INLINE static constexpr Moments<T> shots(const Moments<T>& z, std::size_t modes, const Constants<T>& k) {
        constexpr std::size_t rows = 8;
        const Complex<T> zeta{k.zeta_re, k.zeta_im}, factor = square(T(1.0) + zeta);
        Moments<T> y = z, change{};
        for (std::size_t n = 1; n <= modes; n += rows) {
            // Of rows n, n + 1, ..., row n + r at m = modes + r - step. Real and imaginary parts apart, for the compiler to make vectors.
            std::array<T, rows + 1> re{}, im{};  // y, behind the y that comes in from the row before n
            std::array<T, rows> tail_re{}, tail_im{};
            for (std::size_t step = 0; step < modes + rows; ++step) {
                const Complex<T> first = step <= modes ? y[modes - step] : Complex<T>{0.0, 0.0};
                std::array<T, rows> before_re{}, before_im{};
                for (std::size_t r = 0; r < rows; ++r) before_re[r] = re[r], before_im[r] = im[r];
                before_re[0] = first.re, before_im[0] = first.im;
                for (std::size_t r = 0; r < rows; ++r) {
                    const Complex<T> before{before_re[r], before_im[r]}, tail{tail_re[r], tail_im[r]};
                    const Complex<T> now = fma(zeta, before, factor * tail), longer = fma(zeta, tail, before);
                    re[r + 1] = now.re, im[r + 1] = now.im;
                    tail_re[r] = longer.re, tail_im[r] = longer.im;
                }
                if (step + 1 >= rows) y[modes + rows - 1 - step] = {re[rows], im[rows]};
                if (step >= modes) change[n + step - modes] = Complex<T>{re[step - modes + 1], im[step - modes + 1]} - z[n + step - modes];
            }
        }
        return change;
    }

    /// The same in the diffusion approximation: Eq. 29 without its part from eta, over R.
    template <class T>
    KATION_INLINE static constexpr Moments<T> diffusion(const Moments<T>& z, std::size_t modes, const Constants<T>& k) {
        Moments<T> change{};
        const T spread = -0.5 * square(k.alpha);
        for (std::size_t mode = 1; mode <= modes; ++mode) {
            const auto n = static_cast<double>(mode);
            const Complex<T> two_below = mode >= 2 ? z[mode - 2] : Complex<T>{0.0, 0.0};  // its factor is 0
            const Complex<T> drift = z[mode] + T(0.5) * (z[mode - 1] + z[mode + 1]);
            const Complex<T> second = T(0.25 * (n - 1.0)) * two_below + T(n - 0.5) * z[mode - 1] + T(1.5 * n) * z[mode] +
                                      T(n + 0.5) * z[mode + 1] + T(0.25 * (n + 1.0)) * z[mode + 2];
            // Written as fma: of a sum of two products in which real and imaginary part differ in sign, g++ 12 makes fused operations of
            // its own where the machine has an instruction for it, although it was told not to.
            change[mode] = fma(T(n * spread), second, times_i(T(-n * k.alpha) * drift));
        }
        return change;
    }

    template <class T>
    KATION_INLINE static constexpr State<T> derivative(const State<T>& x, const Parameters<T>& p, const Constants<T>& k, const Input<T>& in,
                                                       const Options<T>& options) {
        std::size_t modes = 2;
        while (modes < most && T(static_cast<double>(modes)) < options.modes) ++modes;
        const T any_eta = in.eta + k.per_c * in.c, R = p.K * nut(x);
        const T eta = select(any_eta > -1.0, any_eta, T(std::numeric_limits<double>::quiet_NaN()));

        Moments<T> z{};
        z[0] = {1.0, 0.0};
        for (std::size_t n = 1; n <= modes; ++n) z[n] = {x.re[n - 1], x.im[n - 1]};
        const Moments<T> noise = options.diffusion > 0.5 ? diffusion(z, modes, k) : shots(z, modes, k);
        State<T> rates;
        for (std::size_t n = 1; n <= modes; ++n) {
            const Complex<T> turn = fma(T(0.5 * eta), z[n - 1] + z[n + 1], T(2.0 + eta) * z[n]);
            const Complex<T> rate = fma(R, noise[n], T(static_cast<double>(n)) * times_i(turn));
            rates.re[n - 1] = k.per_T0 * rate.re;
            rates.im[n - 1] = k.per_T0 * rate.im;
        }
        for (std::size_t n = modes; n < most; ++n) {
            rates.re[n] = -k.per_T0 * x.re[n];
            rates.im[n] = -k.per_T0 * x.im[n];
        }
        return rates;
    }

    template <class T>
    KATION_INLINE static constexpr Output<T> output(const State<T>& x, const Parameters<T>& p) {
        return {.nu = nut(x) * sqrt(sqrt(p.K) * p.q)};
    }

    template <class T>
    KATION_INLINE static constexpr Observed<T> observe(const State<T>& x, const Parameters<T>& p) {
        const Complex<T> W = rate_and_potential(x), z1{x.re[0], x.im[0]}, k2 = Complex<T>{x.re[1], x.im[1]} - square(z1);
        const T scaled = W.re * (1.0 / std::numbers::pi), root = sqrt(p.K), I0 = root * p.i0;
        return {.nut = scaled,
                .nu = scaled * sqrt(root * p.q),
                .rate = 1000.0 * scaled * sqrt(I0) / p.tau_m,
                .z1 = sqrt(square(z1.re) + square(z1.im)),
                .k2 = sqrt(square(k2.re) + square(k2.im)),
                .v = -W.im * sqrt(I0)};
    }

    static void review(const Parameters<double>& p, Review& verdict) {
        const double alpha = constants(p).alpha;
        if (!(alpha < 2.0)) verdict.refusals.emplace_back("alpha = K^(-3/4) q^(-1/2) is 2 or more: 64 moments do not hold such shots");
    }

    // As shot_noise_qif counts.
    static constexpr EventRule event_rule{"nu/g0", "1", 1.0, 0.5};
    template <class T>
    KATION_INLINE static constexpr T event(const State<T>& x, const Parameters<T>& p) {
        return output(x, p).nu;
    }

    /// z_n = k1^n + n (n - 1)/2 k2 k1^(n-2): a density with two circular cumulants.
    static constexpr State<double> start(Complex<double> k1, Complex<double> k2) {
        State<double> x;
        const auto times = [](Complex<double> a, Complex<double> b) {
            return Complex<double>{a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
        };
        Complex<double> now = k1, before{1.0, 0.0}, before_that{0.0, 0.0};  // powers of k1
        for (std::size_t n = 1; n <= most; ++n) {
            const Complex<double> correction = times(k2, before_that);
            const double pairs = 0.5 * static_cast<double>(n * (n - 1));
            x.re[n - 1] = now.re + pairs * correction.re;
            x.im[n - 1] = now.im + pairs * correction.im;
            before_that = before;
            before = now;
            now = times(now, k1);
        }
        return x;
    }

    static constexpr auto presets() {
        return std::array{
            // They start from the steady states of shot_noise_qif.
            Preset<ShotNoiseQifChain>{"steady",
                                      "asynchronous: a constant rate, below the Hopf point (K 468.7)",
                                      {},
                                      start({0.395712273, -0.0250553159}, {-0.002846185, -0.0128663056})},
            Preset<ShotNoiseQifChain>{"oscillating",
                                      "global oscillations above the Hopf point (Fig. 5c)",
                                      {.K = 1000.0},
                                      start({0.395712273, -0.0250553159}, {-0.002846185, -0.0128663056})},
            Preset<ShotNoiseQifChain>{"driven",
                                      "asynchronous; resonates with a stimulus eta = 0.4 cos(2 t/T0) (Figs. 3a, 4)",
                                      {.q = 0.2, .K = 60.0},
                                      start({0.3869681825, -0.0791035688}, {-0.0265358327, -0.031995499})},
            Preset<ShotNoiseQifChain>{"low_current",
                                      "asynchronous at a low rate, where the noise is far from diffusion (Fig. 2b)",
                                      {.q = 0.03, .K = 100.0},
                                      start({0.5370649207, -0.3081238702}, {-0.1170354072, 0.0412202668})},
        };
    }
};

}  // namespace kation::models
