// Sparse balanced networks under shot noise (Ageeva, Goldobin 2025) against independent solutions and independent forms of the equations.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <support/close.hpp>
#include <support/crossings.hpp>
#include <support/networks.hpp>
#include <support/reference_table.hpp>
#include <support/refused.hpp>

#include <fmt/format.h>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <complex>
#include <numbers>

using namespace kation;
using namespace std::complex_literals;

namespace {

constexpr double pi = std::numbers::pi;
constexpr std::size_t most = 64;
using Complexes = std::vector<std::complex<double>>;

const Entry& cumulants() { return model("shot_noise_qif"); }
const Entry& chain() { return model("shot_noise_qif_chain"); }

/// Parameters with which T0 = 1 ms, so that times are those of the paper.
std::vector<double> in_units_of_T0(double q, double K) { return {q, K, std::sqrt(std::sqrt(K)), 1.0}; }

/// A model with its options, as a vector field.
struct Form {
    const Entry* model;
    std::vector<double> options;

    [[nodiscard]] arma::vec rates(const arma::vec& x, const std::vector<double>& p, double eta = 0.0) const {
        return arma::vec(model->derivative({x.begin(), x.end()}, p, std::vector<double>{0.0, eta}, options));
    }
    [[nodiscard]] arma::mat jacobian(const arma::vec& x, const std::vector<double>& p) const {
        return model->jacobian({x.begin(), x.end()}, p, std::vector<double>{0.0, 0.0}, options);
    }
    [[nodiscard]] double nu(const arma::vec& x, const std::vector<double>& p) const {
        return model->output({x.begin(), x.end()}, p).front();
    }
    [[nodiscard]] arma::vec newton(arma::vec x, const std::vector<double>& p) const {
        for (int k = 0; k < 20 && arma::norm(rates(x, p)) > 1e-13; ++k) x -= arma::solve(jacobian(x, p), rates(x, p));
        return x;
    }
    /// The steady state, found by following it from large q, where it is near that of the diffusion approximation.
    [[nodiscard]] arma::vec steady(double q, double K) const;
    /// Largest real part of its eigenvalues.
    [[nodiscard]] double growth(double q, double K) const {
        return arma::real(arma::eig_gen(jacobian(steady(q, K), in_units_of_T0(q, K)))).max();
    }
};

const Form two_cumulants{&cumulants(), {0.0, 0.0}}, ott_antonsen{&cumulants(), {1.0, 0.0}}, full{&chain(), {64.0, 0.0}};
const Form two_cumulants_diffusion{&cumulants(), {0.0, 1.0}}, full_diffusion{&chain(), {64.0, 1.0}};

/// The moments z_1 ... z_64 as the chain's state, and back.
arma::vec state_of(const Complexes& z) {
    arma::vec x(2 * most);
    for (std::size_t n = 0; n < most; ++n) x(n) = z[n].real(), x(most + n) = z[n].imag();
    return x;
}
std::complex<double> moment(const arma::vec& x, std::size_t n) { return {x(n - 1), x(most + n - 1)}; }

/// Moments with two circular cumulants: z_n = k1^n + n (n - 1)/2 k2 k1^(n-2).
arma::vec moments_of(std::complex<double> k1, std::complex<double> k2) {
    Complexes z;
    std::complex<double> power = 1.0 / k1;
    for (std::size_t n = 1; n <= most; ++n) {
        z.push_back(power * k1 * k1 + 0.5 * static_cast<double>(n * (n - 1)) * k2 * power);
        power *= k1;
    }
    return state_of(z);
}

arma::vec Form::steady(double q, double K) const {
    arma::vec x = model == &chain() ? moments_of({0.01, -0.3}, 0.0) : arma::vec{0.01, -0.3, 0.0, 0.0};
    for (const double from : {1.6, 0.8, 0.4, 0.3, 0.2, 0.14, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.025, 0.02, 0.016, 0.013})
        if (from > q) x = newton(x, in_units_of_T0(from, K));
    return newton(x, in_units_of_T0(q, K));
}

}  // namespace

TEST_CASE("steady rates are those of independent solutions") {
    const double table[][5] = {{0.01, 100, 0.01303527, 0.01356585, 0.01761104},
                               {0.03, 100, 0.03300954, 0.03287767, 0.03482071},
                               {0.06, 100, 0.06043419, 0.06034346, 0.06033271},
                               {0.4, 200, 0.32631029, 0.32623629, 0.32615070}};
    const Form* forms[] = {&full, &two_cumulants, &ott_antonsen};
    for (const auto& row : table)
        for (std::size_t k = 0; k < 3; ++k) {
            const auto p = in_units_of_T0(row[0], row[1]);
            const arma::vec x = forms[k]->steady(row[0], row[1]);
            CAPTURE(row[0]);
            CAPTURE(k);
            CHECK(arma::norm(forms[k]->rates(x, p)) < 1e-12);
            CHECK_CLOSE(forms[k]->nu(x, p), row[2 + k], .abs = 1e-7, .why = "the table is given to 1e-7");
            MESSAGE("q " << row[0] << " K " << row[1] << " form " << k << ": " << fmt::format("{:.9f}", forms[k]->nu(x, p)));
        }
}

TEST_CASE("steady states become unstable at the Hopf points") {
    // The page of the models gives 205.244930 for two cumulants; Eqs. 20 and 21 in 30 digits (mpmath) give what stands here.
    for (const auto& [form, exact, from, to] :
         {std::tuple{&full, 468.663531, 468.6, 468.8}, {&two_cumulants, 205.2449288388, 205.2, 205.3}}) {
        // Bisection, then the secant through the last interval.
        double low = from, high = to;
        for (int k = 0; k < 6; ++k) (form->growth(0.4, 0.5 * (low + high)) < 0 ? low : high) = 0.5 * (low + high);
        const double below = form->growth(0.4, low), above = form->growth(0.4, high), found = low - below * (high - low) / (above - below);
        MESSAGE(std::string(form->model->info.name) << ": Hopf point at K = " << fmt::format("{:.8f}", found));
        CHECK(below < 0);
        CHECK(above > 0);
        CHECK_CLOSE(found, exact, .abs = 6e-7, .why = "half a unit of the last digit, and the secant's error of 1e-8");
    }
    CHECK(ott_antonsen.growth(0.4, 1000.0) < 0);  // one cumulant never oscillates by itself
}

namespace {

/// q and w of a run with eta = 0.4 cos(w t/T0) at K 60.
struct Driven {
    double q, w;
};
/// Beyond 10 the last one is locked to the drive and needs more than 64 modes.
const std::vector<Driven> driven_to_20{{0.2, 2.0}, {0.4, 2.0}, {0.8, 3.0}}, driven_to_10{{0.8, 2.0}};

/// Follows the table's runs, one region each; `columns`: a state variable and its column.
void follow(const Form& form, const std::vector<Driven>& runs, double dt, const std::vector<std::pair<std::string, std::string>>& columns,
            const std::string& nut_column) {
    const ReferenceTable table(std::filesystem::path(KATION_SOURCE_DIR "/tests/reference/shot_noise/ag_driven.csv"));
    Network network(unconnected(runs.size()), *form.model);
    SimulatorSettings settings = instant(Integrator::rk4(dt));
    for (std::size_t region = 0; region < runs.size(); ++region) {
        const auto p = in_units_of_T0(runs[region].q, 60.0);
        for (std::size_t k = 0; k < p.size(); ++k) network.set_parameter(region, form.model->parameters[k].name.view(), p[k]);
        for (const Field& variable : form.model->state) network.set_initial(region, variable.name.view(), 0.0);
        Stimulus drive;
        drive.regions = {region};
        drive.waveform = Stimulus::Waveform::sine;
        drive.amplitude = 0.4;
        drive.frequency = runs[region].w / (2 * pi);
        drive.phase = pi / 2;
        settings.stimuli.push_back(drive);
    }
    for (std::size_t k = 0; k < form.options.size(); ++k) network.set_option(form.model->options[k].name.view(), form.options[k]);
    Simulator simulator(network, settings);
    const Tolerance near_exact{.abs = 1e-9, .why = "the table is good to 1e-9, and RK4 errs less at this step"};
    std::vector<double> worst(runs.size());
    std::size_t compared = 0;
    for (int half = 0; half <= (runs.size() == 1 ? 20 : 40); ++half) {
        const double tau = 0.5 * half;
        simulator.run(tau - simulator.time());
        for (const auto& row : table.rows()) {
            const auto of = [&](const std::string& column) { return ReferenceTable::number(row, column); };
            const auto run = std::ranges::find_if(runs, [&](const Driven& each) { return each.q == of("q") && each.w == of("w"); });
            if (of("tau") != tau || run == runs.end()) continue;
            CAPTURE(tau);
            CAPTURE(run->q);
            const auto region = static_cast<std::size_t>(run - runs.begin());
            const auto compare = [&](double found, double exact) {
                CHECK_CLOSE(found, exact, near_exact);
                worst[region] = std::max(worst[region], std::abs(found - exact));
                ++compared;
            };
            compare(form.model->observe(simulator.state(region), network.region(region).parameters).front(), of(nut_column));
            for (const auto& [variable, column] : columns) compare(simulator.state(region, variable), of(column));
        }
    }
    CHECK(compared == (runs.size() == 1 ? 21 : 3 * 41) * (1 + columns.size()));
    for (std::size_t region = 0; region < runs.size(); ++region)
        MESSAGE(nut_column << ", q " << runs[region].q << ", w " << runs[region].w << ": largest error " << worst[region]);
}

}  // namespace

TEST_CASE("two cumulants and one follow the driven runs of the reference") {
    for (const auto& runs : {driven_to_20, driven_to_10}) {
        follow(two_cumulants, runs, 0.001, {{"k1_re", "re_k1"}, {"k1_im", "im_k1"}, {"k2_re", "re_k2"}, {"k2_im", "im_k2"}}, "nut_2cc");
        follow(ott_antonsen, runs, 0.001, {}, "nut_oa");
    }
}

TEST_CASE("[long] the chain follows the driven runs of the reference") {
    for (const auto& runs : {driven_to_20, driven_to_10})
        follow(full, runs, 0.001, {{"z1_re", "re_z1"}, {"z1_im", "im_z1"}, {"z2_re", "re_z2"}, {"z2_im", "im_z2"}}, "nut_chain");
}

namespace {

using Long = boost::multiprecision::cpp_bin_float_100;
struct LongComplex {
    Long re, im;
    friend LongComplex operator*(const LongComplex& a, const LongComplex& b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    friend LongComplex operator+(const LongComplex& a, const LongComplex& b) { return {a.re + b.re, a.im + b.im}; }
    friend LongComplex operator/(const LongComplex& a, const LongComplex& b) {
        const Long scale = b.re * b.re + b.im * b.im;
        return {(a.re * b.re + a.im * b.im) / scale, (a.im * b.re - a.re * b.im) / scale};
    }
};

/// The closed form that the paper prints above Eq. 10, in 100 digits, which its cancellations need.
std::complex<double> printed_matrix(std::size_t n, std::size_t m, double alpha) {
    const LongComplex a{alpha, 0}, shifted{alpha, -2}, zeta1 = LongComplex{-alpha, 0} / shifted, minus_zeta2 = LongComplex{alpha, 2} / a;
    const auto power = [](const LongComplex& x, std::size_t k) {
        LongComplex result{1, 0};
        while (k-- > 0) result = result * x;
        return result;
    };
    const auto factorial = [](std::size_t k) {
        Long result = 1;
        for (std::size_t j = 2; j <= k; ++j) result *= j;
        return result;
    };
    LongComplex sum{0, 0};
    if (m == 0)
        sum = power(zeta1, n) / (zeta1 + minus_zeta2);
    else
        for (std::size_t j = 0; j < std::min(n, m); ++j) {
            const Long factor = factorial(n + m - 1 - j) / (m * factorial(j) * factorial(m - 1 - j) * factorial(n - 1 - j));
            sum = sum + LongComplex{factor, 0} * power(zeta1, m + n - 1 - j) * power(minus_zeta2, j);
        }
    const LongComplex whole = LongComplex{4, 0} / (a * shifted) * sum;
    return {whole.re.convert_to<double>(), whole.im.convert_to<double>()};
}

}  // namespace

TEST_CASE("the chain's matrix of shots is the paper's closed form, evaluated in 100 digits") {
    double worst = 0;
    for (const double alpha : {0.03, 1.0, 1.9}) {
        // K and q that give this alpha. Columns of the matrix are differences of rates, which are linear but for the factor R.
        const double K = 100.0, q = std::pow(K, -1.5) / (alpha * alpha);
        const auto p = in_units_of_T0(q, K);
        const auto noise = [&](const Complexes& z) {
            const arma::vec x = state_of(z), rates = full.rates(x, p);
            const double R = K * chain().observe({x.begin(), x.end()}, p).front();
            Complexes result;
            for (std::size_t n = 1; n <= most; ++n) {
                const double turn = 2.0 * static_cast<double>(n);
                result.push_back((moment(rates, n) - 1i * turn * z[n - 1]) / R + z[n - 1]);
            }
            return result;
        };
        const Complexes first = noise(Complexes(most));
        for (const std::size_t m : {0U, 1U, 2U, 3U, 7U, 20U, 63U, 64U}) {
            Complexes unit(most);
            if (m > 0) unit[m - 1] = 1i;  // an imaginary moment leaves nut at 1/pi
            const Complexes both = noise(unit);
            for (std::size_t n = 1; n <= most; ++n) {
                const auto found = m == 0 ? first[n - 1] : (both[n - 1] - first[n - 1]) / 1i;
                const auto exact = printed_matrix(n, m, alpha);
                CAPTURE(alpha);
                CAPTURE(n);
                CAPTURE(m);
                CHECK_CLOSE(std::abs(found - exact), 0.0, .abs = 2e-13,
                            .why = "n m products of factors below 1, and 2 n z_n/R subtracted again: some hundred roundings");
                worst = std::max(worst, std::abs(found - exact));
            }
        }
    }
    MESSAGE("largest error of I_nm: " << worst);
}

namespace {

/// Eqs. 24 and 25 as printed, in the paper's time, for one point.
Complexes printed_two_cumulants(std::complex<double> k1, std::complex<double> k2, double q, double K, double eta) {
    const double alpha = std::pow(K, -0.75) / std::sqrt(q);
    const std::complex<double> zeta = -alpha / (alpha - 2i), s = 1.0 + k1, u = 1.0 - zeta * k1, one = 1.0 + zeta;
    const double nut = ((1.0 - k1) / s + 2.0 * k2 / (s * s * s)).real() / pi;
    const auto square = [](std::complex<double> x) { return x * x; };
    return {2i * k1 + 1i * eta * (s * s + k2) / 2.0 + K * nut * (zeta * s * s / u + zeta * square(one) / (u * u * u) * k2),
            4i * k2 + 2i * eta * s * k2 +
                K * nut *
                    (square(zeta * s * s / u) -
                     k2 * (1.0 - 2.0 * square(one / u) + 4.0 * square(one / u) * one / u - 3.0 * square(square(one / u))))};
}

/// Eqs. 30 (with the factor 1/2 that it lost) and 31 with their dimensions, g0 and i0 apart, over K^(1/4) sqrt(i0).
Complexes printed_diffusion(std::complex<double> k1, std::complex<double> k2, double q, double K, double eta) {
    const double i0 = 2.3, g0 = std::sqrt(i0 / q), unit = std::pow(K, 0.25) * std::sqrt(i0);
    const std::complex<double> s = 1.0 + k1;
    const double nu = unit * ((1.0 - k1) / s + 2.0 * k2 / (s * s * s)).real() / pi;
    const double A = eta - g0 * nu / i0, D = g0 * g0 * nu / (4 * i0 * std::sqrt(K));
    const std::complex<double> rate1 = 1i * unit * (2.0 * k1 + 0.5 * A * (s * s + k2)) - D * (s * s * s + 3.0 * k2 * s),
                               rate2 = 1i * unit * (4.0 * k2 + 2.0 * A * s * k2) - D * (s * s * s * s + 12.0 * k2 * s * s);
    return {rate1 / unit, rate2 / unit};
}

struct Point {
    std::complex<double> k1, k2;
    double q, K, eta;
};
std::vector<Point> random_points() {
    Uniform uniform(5);
    std::vector<Point> points;
    for (int k = 0; k < 40; ++k)
        points.push_back({std::polar(uniform(0.05, 0.6), uniform(-pi, pi)), std::polar(uniform(0.0, 0.05), uniform(-pi, pi)),
                          uniform(0.05, 1.0), uniform(50.0, 1000.0), uniform(-0.6, 0.6)});
    return points;
}
arma::vec state_at(const Point& at) { return {at.k1.real(), at.k1.imag(), at.k2.real(), at.k2.imag()}; }

constexpr Tolerance roundings{.abs = 1e-11, .rel = 1e-12, .why = "some tens of roundings of terms up to 100"};

}  // namespace

TEST_CASE("the cumulants' rates are the printed equations, for shots and in the diffusion approximation") {
    for (const Point& at : random_points())
        for (const auto& [form, printed] : {std::pair{&two_cumulants, printed_two_cumulants(at.k1, at.k2, at.q, at.K, at.eta)},
                                            {&two_cumulants_diffusion, printed_diffusion(at.k1, at.k2, at.q, at.K, at.eta)}}) {
            const arma::vec rates = form->rates(state_at(at), in_units_of_T0(at.q, at.K), at.eta);
            CHECK_CLOSE(rates(0), printed[0].real(), roundings);
            CHECK_CLOSE(rates(1), printed[0].imag(), roundings);
            CHECK_CLOSE(rates(2), printed[1].real(), roundings);
            CHECK_CLOSE(rates(3), printed[1].imag(), roundings);
        }
}

TEST_CASE("chain and cumulants agree where the density has two cumulants only") {
    for (const Point& at : random_points())
        for (const auto& [long_form, short_form] : {std::pair{&full, &two_cumulants}, {&full_diffusion, &two_cumulants_diffusion}}) {
            const auto p = in_units_of_T0(at.q, at.K);
            const arma::vec z = long_form->rates(moments_of(at.k1, at.k2), p, at.eta), k = short_form->rates(state_at(at), p, at.eta);
            const auto rate1 = moment(z, 1), rate2 = moment(z, 2) - 2.0 * at.k1 * rate1;
            const Tolerance cut{.abs = 1e-9, .rel = 1e-10, .why = "the moments left out are below 0.6^64 64^2 = 3e-11, times R alpha"};
            CHECK_CLOSE(rate1.real(), k(0), cut);
            CHECK_CLOSE(rate1.imag(), k(1), cut);
            CHECK_CLOSE(rate2.real(), k(2), cut);
            CHECK_CLOSE(rate2.imag(), k(3), cut);
        }
}

TEST_CASE("the chain in the diffusion approximation is alpha Q + alpha^2 Q^2/2") {
    // Eq. 28; the last row and column of Q that count lie beyond the chain.
    constexpr std::size_t size = most + 3;
    arma::cx_mat Q(size, size, arma::fill::zeros);
    for (std::size_t n = 1; n < size; ++n) {
        const std::complex<double> entry = -1i * static_cast<double>(n);
        Q(n, n - 1) = 0.5 * entry;
        Q(n, n) = entry;
        if (n + 1 < size) Q(n, n + 1) = 0.5 * entry;
    }
    for (const Point& at : random_points()) {
        const double alpha = std::pow(at.K, -0.75) / std::sqrt(at.q);
        const arma::vec x = moments_of(at.k1, at.k2);
        arma::cx_vec z(size, arma::fill::zeros);
        z(0) = 1.0;
        double nut = 1.0;
        for (std::size_t n = 1; n <= most; ++n) {
            z(n) = moment(x, n);
            nut += (n % 2 == 0 ? 2.0 : -2.0) * z(n).real();
        }
        const arma::cx_vec drift = Q * z, noise = alpha * drift + 0.5 * alpha * alpha * (Q * drift);
        const arma::vec rates = full_diffusion.rates(x, in_units_of_T0(at.q, at.K), at.eta);
        for (std::size_t n = 1; n <= most; ++n) {
            const std::complex<double> exact =
                1i * static_cast<double>(n) * ((2.0 + at.eta) * z(n) + 0.5 * at.eta * (z(n - 1) + z(n + 1))) + at.K * nut / pi * noise(n);
            CHECK_CLOSE(moment(rates, n).real(), exact.real(), roundings);
            CHECK_CLOSE(moment(rates, n).imag(), exact.imag(), roundings);
        }
    }
}

TEST_CASE("shots become diffusion at large in-degree") {
    // Their difference is of the third order in alpha: R alpha^3 = nut q^(-3/2) K^(-5/4).
    const arma::vec cumulant_state{0.1, -0.3, 0.01, -0.02}, moments = moments_of({0.1, -0.3}, {0.01, -0.02});
    const auto power_of_K = [](const Form& shots, const Form& diffusion, const arma::vec& x, double K) {
        const auto distance = [&](double degree) {
            const auto p = in_units_of_T0(0.4, degree);
            return arma::norm(shots.rates(x, p) - diffusion.rates(x, p));
        };
        return std::log10(distance(K) / distance(10 * K));
    };
    for (const double found :
         {power_of_K(two_cumulants, two_cumulants_diffusion, cumulant_state, 1e3), power_of_K(full, full_diffusion, moments, 1e3)})
        CHECK_CLOSE(found, 1.25, .abs = 0.05, .why = "the fourth order is felt at K 1000");
    for (const double found :
         {power_of_K(two_cumulants, two_cumulants_diffusion, cumulant_state, 1e4), power_of_K(full, full_diffusion, moments, 1e4)})
        CHECK_CLOSE(found, 1.25, .abs = 0.02, .why = "the fourth order is felt at K 10000");
}

TEST_CASE("coupling is a change of eta by c/(q sqrt(K)), and the output is the rate over g0") {
    for (const Form* form : {&two_cumulants, &full}) {
        const std::vector<double> p{0.3, 150.0, 10.0, 2.0}, x = form->model->presets.front().state;
        const auto coupled = form->model->derivative(x, p, std::vector<double>{0.7, 0.1}, form->options),
                   stimulated =
                       form->model->derivative(x, p, std::vector<double>{0.0, 0.1 + 0.7 / (0.3 * std::sqrt(150.0))}, form->options);
        for (std::size_t k = 0; k < x.size(); ++k) CHECK_CLOSE(coupled[k], stimulated[k], roundings);

        const auto observed = form->model->observe(x, p);
        const auto derived = [&](std::string_view name) {
            const auto found = std::ranges::find(form->model->observed, name, [](const Field& field) { return field.name.view(); });
            return observed.at(static_cast<std::size_t>(found - form->model->observed.begin()));
        };
        const double unit = std::pow(150.0, 0.25) * std::sqrt(2.0), g0 = std::sqrt(2.0 / 0.3);  // tau_m/T0
        const double nu = unit * derived("nut");                                                // spikes per tau_m
        CHECK_CLOSE(derived("nu"), nu / g0, roundings);
        CHECK_CLOSE(form->model->output(x, p).front(), nu / g0, roundings);
        CHECK_CLOSE(derived("rate"), nu / 10.0 * 1000.0, roundings);
    }
    // A point with two cumulants, against Eqs. 16 and 17.
    const std::complex<double> k1(0.1, -0.3), k2(0.01, -0.02), s = 1.0 + k1, W = (1.0 - k1) / s + 2.0 * k2 / (s * s * s);
    const auto observed = cumulants().observe(std::vector<double>{0.1, -0.3, 0.01, -0.02}, std::vector<double>{0.3, 150.0, 10.0, 2.0});
    CHECK_CLOSE(observed[0], W.real() / pi, roundings);
    CHECK_CLOSE(observed[3], std::abs(k1), roundings);
    CHECK_CLOSE(observed[4], -std::pow(150.0, 0.25) * std::sqrt(2.0) * W.imag(), roundings);
}

TEST_CASE("what is left out of the chain or of the cumulants decays, and the rest does not depend on it") {
    Network network(unconnected(1), chain());
    network.set_option("modes", 12.0);
    Simulator simulator(network, instant(Integrator::rk4(0.02)));
    simulator.run(200.0);
    CHECK(std::abs(simulator.state(0, "z12_re")) > 1e-12);
    CHECK(std::abs(simulator.state(0, "z13_re")) < 1e-20);

    Network one(unconnected(1), cumulants());
    one.set_option("ott_antonsen", 1.0);
    one.set_initial(0, "k2_re", 0.05);
    Simulator alone(one, instant(Integrator::rk4(0.1)));
    alone.run(500.0);
    CHECK(std::abs(alone.state(0, "k2_re")) < 1e-20);
}

namespace {

/// All presets side by side, the one called driven also with eta = 0.4 cos(2 t/T0), as one more region.
Crossings regimes(const Entry& entry, double dt, double from, double to) {
    Network network(unconnected(entry.presets.size() + 1), entry);
    for (std::size_t k = 0; k < entry.presets.size(); ++k) network.set_model(k, RegionModel(entry, entry.presets[k].name));
    const std::size_t last = entry.presets.size();
    network.set_model(last, RegionModel(entry, "driven"));
    Stimulus drive;
    drive.regions = {last};
    drive.waveform = Stimulus::Waveform::sine;
    drive.amplitude = 0.4;
    drive.frequency = std::pow(network.parameter(last, "K"), 0.25) / network.parameter(last, "tau_m") / pi;  // i0 is 1
    drive.phase = pi / 2;
    SimulatorSettings settings = instant(Integrator::rk4(dt));
    settings.stimuli = {drive};
    settings.monitors = {MonitorSettings::subsample(0.1, {"nu", "rate"})};
    Crossings crossings(entry.event.threshold, entry.event.rearm, from);
    Simulator(std::move(network), settings).run(to, crossings);
    for (std::size_t k = 0; k <= last; ++k)
        MESSAGE(std::string(k == last ? "driven by eta" : entry.presets[k].name)
                << ": nu/g0 " << crossings.range(0, k).low << " to " << crossings.range(0, k).high << ", " << crossings.range(1, k).low
                << " to " << crossings.range(1, k).high << " Hz, " << crossings.of(k).size() << " events");
    return crossings;
}

}  // namespace

TEST_CASE("presets show their regimes") {
    for (const auto& [form, dt] : {std::pair{&two_cumulants, 0.1}, {&full, 0.05}}) {
        const Entry& entry = *form->model;
        CAPTURE(std::string(entry.info.name));
        const Crossings found = regimes(entry, dt, 300.0, 500.0);
        const Tolerance start_forgotten{.rel = 0.06, .why = "what differs at the start decays as exp(-0.04 t/T0) at least, for 48 T0"};
        const double steady[] = {form == &full ? 0.32631029 : 0.32623629, 0.0, 0.0, form == &full ? 0.03300954 : 0.03287767};
        for (std::size_t k = 0; k < entry.presets.size(); ++k) {
            const PresetValues& preset = entry.presets[k];
            const auto [low, high] = found.range(0, k);
            CAPTURE(std::string(preset.name));
            const bool oscillates = preset.name == "oscillating";
            CHECK((form->growth(preset.parameters[0], preset.parameters[1]) > 0) == oscillates);
            CHECK(found.of(k).empty() == !oscillates);
            if (oscillates) CHECK(high > 3 * low);
            if (steady[k] > 0) {
                CHECK_CLOSE(low, steady[k], start_forgotten);
                CHECK_CLOSE(high, steady[k], start_forgotten);
            }
        }
        CHECK(found.range(0, 4).high > 4 * found.range(0, 4).low);  // follows eta, and more than in proportion
    }
}

TEST_CASE("parameters and states without meaning are refused, and runs that leave the model's ground end") {
    Network network(unconnected(1), cumulants());
    CHECK_REFUSED(ConfigurationError, "q = 0", network.set_parameter("q", 0.0));
    CHECK_REFUSED(ConfigurationError, "K = 0.5", network.set_parameter("K", 0.5));
    CHECK_REFUSED(ConfigurationError, "option ott_antonsen = 2 is outside [0, 1]", network.set_option("ott_antonsen", 2.0));

    Network locked = network;
    locked.set_initial(0, "k1_re", 1.0);
    locked.set_initial(0, "k1_im", 0.0);
    locked.set_initial(0, "k2_re", 0.1);
    CHECK_REFUSED(ConfigurationError, "gives k1 = 1, which is outside [0, 1)", locked.check());
    Network negative(unconnected(1), cumulants(), "oscillating");
    negative.set_initial(0, "k2_re", -0.8);
    CHECK_REFUSED(ConfigurationError, "gives nut = -0.19", negative.check());

    Network coarse(unconnected(1), chain());
    coarse.set_parameter("q", 0.01);
    coarse.set_parameter("K", 8.0);
    CHECK_REFUSED(ConfigurationError, "alpha = K^(-3/4) q^(-1/2) is 2 or more", coarse.check());
    coarse.set_parameter("K", 9.0);
    coarse.check();
    coarse.set_option("modes", 2.0);
    CHECK_REFUSED(ConfigurationError, "option modes = 65 is outside [2, 64]", coarse.set_option("modes", 65.0));

    Network low(unconnected(1), cumulants());
    low.set_parameter("q", 0.02);
    const auto warned = [](const Network& those) {
        return std::ranges::any_of(those.warnings(),
                                   [](const std::string& warning) { return warning.find("below q = 0.03") != warning.npos; });
    };
    CHECK(warned(low));
    CHECK(!warned(network));

    for (const Entry* entry : {&cumulants(), &chain()}) {
        SimulatorSettings settings = instant(Integrator::rk4(0.02));
        Stimulus pulse;
        pulse.regions = {0};
        pulse.amplitude = -1.0;
        pulse.onset = 10.0;
        pulse.duration = 1.0;
        settings.stimuli = {pulse};
        Simulator simulator(Network(unconnected(1), *entry), settings);
        simulator.run(10.0);
        CHECK_REFUSED(InvalidState, "no finite number", simulator.run(10.0));
        settings.stimuli.front().amplitude = -0.99;
        Simulator(Network(unconnected(1), *entry), settings).run(20.0);
    }
}

TEST_CASE("a step that is too long ends the run with a rate below 0 or an order parameter above 1") {
    Network network(unconnected(1), cumulants(), "oscillating");
    Simulator simulator(network, instant(Integrator::euler(2.0)));
    CHECK_REFUSED(InvalidState, "nut = ", simulator.run(2000.0));
}
