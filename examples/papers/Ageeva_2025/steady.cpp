// Steady states of Ageeva, Goldobin 2025, also where they are unstable: rate and growth against the in-degree, for the whole chain, two
// cumulants and the ansatz of Ott and Antonsen.
//
//   ageeva_2025_steady          the curves of Fig. 2; CSV on standard output
//   ageeva_2025_steady Q K      the states at one q = i0/g0^2 and in-degree
#include <kation/model/catalogue.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <string_view>
#include <vector>

namespace {

using namespace kation;

/// One of the three models of the paper.
struct Form {
    std::string_view name, model_name;
    std::vector<double> options;

    [[nodiscard]] const Entry& entry() const { return model(model_name); }
    [[nodiscard]] arma::vec rates(const arma::vec& x, const std::vector<double>& p) const {
        return arma::vec(entry().derivative({x.begin(), x.end()}, p, no_input, options));
    }
    [[nodiscard]] arma::mat jacobian(const arma::vec& x, const std::vector<double>& p) const {
        return entry().jacobian({x.begin(), x.end()}, p, no_input, options);
    }
    /// The steady state near x, by Newton's method.
    [[nodiscard]] arma::vec steady(arma::vec x, const std::vector<double>& p) const {
        for (int k = 0; k < 20 && arma::norm(rates(x, p)) > 1e-13; ++k) x -= arma::solve(jacobian(x, p), rates(x, p));
        return x;
    }
    /// Phases almost evenly spread, as at large currents: z_n = z_1^n, one cumulant.
    [[nodiscard]] arma::vec start() const {
        const std::complex<double> z1(0.01, -0.3);
        const bool is_chain = entry().state.size() > 4;
        const arma::uword modes = is_chain ? entry().state.size() / 2 : 1;
        arma::vec x(entry().state.size(), arma::fill::zeros);
        std::complex<double> z = 1.0;
        for (arma::uword n = 0; n < modes; ++n) {
            z *= z1;
            x(n) = z.real(), x(modes + n) = z.imag();
        }
        return x;
    }

  private:
    static const std::vector<double> no_input;
};
const std::vector<double> Form::no_input{0.0, 0.0};

/// q, K, tau_m [ms], i0 with which T0 is 1 ms, so that growth is per T0.
std::vector<double> parameters(double q, double K) { return {q, K, std::pow(K, 0.25), 1.0}; }

int usage() {
    fmt::print(stderr, "ageeva_2025_steady [Q K]      Q from 0.005, K from 20\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    // Wanted: q and K, or the curves of the figure.
    std::vector<double> currents{0.01, 0.03, 0.06, 0.4}, degrees;
    for (int k = 0; k <= 40; ++k) degrees.push_back(20.0 * std::pow(50.0, k / 40.0));
    if (count == 3) {
        const auto q = number_from(arguments[1]), K = number_from(arguments[2]);
        if (!q || !K || *q < 0.005 || *K < 20) return usage();
        currents = {*q};
        degrees.clear();
        for (double low = 20.0; low < *K; low *= 1.15) degrees.push_back(low);
        degrees.push_back(*K);
    } else if (count != 1) {
        return usage();
    }
    fmt::print("form,q,K,nu,growth,residual\n");
    for (const Form& form : {Form{"chain", "shot_noise_qif_chain", {64.0, 0.0}}, Form{"two cumulants", "shot_noise_qif", {0.0, 0.0}},
                             Form{"one cumulant", "shot_noise_qif", {1.0, 0.0}}})
        for (const double q : currents) {
            // From a large current, where the states of all forms are near each other, down; then on to higher degrees.
            arma::vec x = form.start();
            for (double above = 1.6; above > q; above *= 0.85) x = form.steady(x, parameters(above, degrees.front()));
            for (const double K : degrees) {
                const std::vector<double> p = parameters(q, K);
                x = form.steady(x, p);
                if (count == 3 && K != degrees.back()) continue;
                fmt::print("{},{},{:.8g},{:.8f},{:.4g},{:.2g}\n", form.name, q, K, form.entry().output({x.begin(), x.end()}, p).front(),
                           arma::real(arma::eig_gen(form.jacobian(x, p))).max(), arma::norm(form.rates(x, p)));
            }
        }
}
