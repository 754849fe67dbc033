// What Figs. 5 and 6 of di Volo, Romagnoni, Capone, Destexhe 2018 need beside runs: the rate that a population answers to its own, and
// where an active state exists without any drive, and where it is stable.
//
//   di_volo_2018_curves response E_L_E [W] | transition        potentials in mV, W in pA; CSV on standard output
#include <kation/model/catalogue.hpp>
#include <kation/network/network.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace kation;

constexpr double Hz = 1e-3;  // [kHz]

/// Where a function that is above 0 at low falls through 0.
template <class Function>
double falls_through_zero(const Function& f, double low, double high) {
    for (int k = 0; k < 40; ++k) {
        const double middle = 0.5 * (low + high);
        (f(middle) > 0 ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/// Both populations without adaptation of their own and without drive.
class Populations {
  public:
    Populations(double E_L_e, double E_L_i, double W) : W_(W) {
        node_.parameters[node_.model->parameter_index("E_L_e")] = E_L_e;
        node_.parameters[node_.model->parameter_index("E_L_i")] = E_L_i;
    }

    /// The inhibitory rate that stays as it is while the excitatory rate is held.
    [[nodiscard]] double inhibition(double nu_e) const {
        return falls_through_zero([&](double nu_i) { return rates(nu_e, nu_i)[1]; }, 0.0, 0.3);
    }
    /// The excitatory rate that the cells answer [kHz]: T nu_e' + nu_e.
    [[nodiscard]] double response(double nu_e) const {
        const double T = node_.parameters[node_.model->parameter_index("T")];
        return nu_e + T * rates(nu_e, inhibition(nu_e))[0];
    }
    /// The active state, the highest fixed point below 12 Hz; nothing if there is none.
    [[nodiscard]] std::optional<double> active() const {
        constexpr double step = 0.1 * Hz;
        double high = 12.0 * Hz;
        while (high > step && response(high - step) <= high - step) high -= step;
        if (high <= 2 * step) return std::nullopt;
        return falls_through_zero([&](double nu_e) { return response(nu_e) - nu_e; }, high - step, high);
    }
    [[nodiscard]] bool stable(double nu_e) const {
        const arma::mat jacobian = node_.model->jacobian(std::array{nu_e, inhibition(nu_e), W_}, node_.parameters, silence, no_options);
        return arma::real(arma::eig_gen(jacobian.submat(0, 0, 1, 1))).max() < 0;
    }

  private:
    static constexpr std::array<double, 2> silence{};
    static constexpr std::array<double, 3> no_options{};

    [[nodiscard]] std::vector<double> rates(double nu_e, double nu_i) const {
        return node_.model->derivative(std::array{nu_e, nu_i, W_}, node_.parameters, silence, no_options);
    }

    RegionModel node_{model("adex"), "fig5"};
    double W_;
};

void print_response(double E_L_e, double W) {
    const Populations populations(E_L_e, -65.0, W);
    fmt::print("nu_e_hz,nu_i_hz,response_hz\n");
    for (int k = 0; k <= 240; ++k) {
        const double nu_e = 0.05 * k * Hz;
        fmt::print("{:.10g},{:.10g},{:.10g}\n", nu_e / Hz, populations.inhibition(nu_e) / Hz, populations.response(nu_e) / Hz);
    }
}

/// For each E_L_i the least E_L_e at which an active state exists, and at which it is stable.
void print_transition() {
    fmt::print("E_L_i,exists_from,nu_e_hz,nu_i_hz,stable_from\n");
    for (double E_L_i = -70.0; E_L_i < -59.9; E_L_i += 0.5) {
        const double exists = falls_through_zero([&](double E_L_e) { return Populations(E_L_e, E_L_i, 0.0).active() ? -1.0 : 1.0; },
                                                 E_L_i - 2.0, E_L_i + 6.0);
        const auto is_stable = [&](double E_L_e) {
            const Populations populations(E_L_e, E_L_i, 0.0);
            const auto nu_e = populations.active();
            return nu_e && populations.stable(*nu_e);
        };
        const double stable = falls_through_zero([&](double E_L_e) { return is_stable(E_L_e) ? -1.0 : 1.0; }, E_L_i - 2.0, E_L_i + 6.0);
        const Populations first(exists + 1e-9, E_L_i, 0.0);
        const double nu_e = first.active().value_or(0.0);
        fmt::print("{},{:.6f},{:.6g},{:.6g},{:.6f}\n", E_L_i, exists, nu_e / Hz, first.inhibition(nu_e) / Hz, stable);
    }
}

int usage() {
    fmt::print(stderr, "di_volo_2018_curves response E_L_E [W] | transition\n");
    return 2;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string wanted = count > 1 ? arguments[1] : "";
    const std::optional<double> E_L_e = count > 2 ? number_from(arguments[2]) : std::nullopt;
    const std::optional<double> W = count > 3 ? number_from(arguments[3]) : 0.0;
    if (wanted == "response" && (count == 3 || count == 4) && E_L_e && W)
        print_response(*E_L_e, *W);
    else if (wanted == "transition" && count == 2)
        print_transition();
    else
        return usage();
}
