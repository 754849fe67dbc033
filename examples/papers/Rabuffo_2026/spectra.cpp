// Fig. S1 of Rabuffo, Bandyopadhyay et al. 2026: power spectra of V while one parameter of the two parabolas changes.
//
//   rabuffo_2026_spectra PRESET                 all four parameters at K_bath 15.5; CSV on standard output
//   rabuffo_2026_spectra PRESET K_BATH...       spectra of the preset in these baths, on a fine grid
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace kation;

constexpr const char* usage = "rabuffo_2026_spectra PRESET [K_BATH in mM]...";

constexpr double transient = 30000.0;                                    // [ms]: the first burst lasts up to 25 s
constexpr std::size_t samples = 32768;                                   // [ms] of a segment
constexpr std::size_t segments = 3;                                      // each overlaps half of the one before
constexpr double duration = transient + 0.5 * (segments + 1) * samples;  // [ms]

/// Power spectral density [mV^2/Hz] at k/32.768 Hz of a series sampled every ms: Welch's mean over segments under Hann's window.
arma::vec spectrum(const arma::vec& series) {
    const arma::vec window = 0.5 - 0.5 * arma::cos(2 * std::numbers::pi * arma::regspace(0, samples - 1.0) / samples);
    arma::vec power(samples / 2, arma::fill::zeros);
    for (std::size_t k = 0; k < segments; ++k) {
        const arma::vec piece = series.subvec(k * samples / 2, k * samples / 2 + samples - 1);
        const arma::cx_vec transform = arma::fft(arma::vec(window % (piece - arma::mean(piece))));
        power += arma::square(arma::abs(transform.head(samples / 2)));
    }
    return power * 2e-3 / (segments * arma::dot(window, window));
}

double frequency(std::size_t k) { return 1000.0 * static_cast<double>(k) / samples; }  // [Hz]

/// Spectra of unconnected populations that differ in one parameter, one column each.
arma::mat spectra(std::string_view preset, const std::string& parameter, const std::vector<double>& values) {
    ConnectomeParts parts;
    parts.weights.zeros(values.size(), values.size());
    Network network(Connectivity(std::move(parts)), model("ion_exchange"), preset);
    network.set_parameter("K_bath", 15.5);
    for (std::size_t k = 0; k < values.size(); ++k) network.set_parameter(k, parameter, values[k]);
    Simulator simulator(network, {.coupling = Coupling::linear(0.0),
                                  .speed = inf,
                                  .integrator = Integrator::rk4(0.02),
                                  .monitors = {MonitorSettings::average(1.0, {"V"})}});
    const Recording recording = simulator.run(duration);
    const arma::mat V = recording.series()["V"].tail_rows(static_cast<arma::uword>(duration - transient));
    arma::mat found(samples / 2, values.size());
    for (std::size_t k = 0; k < values.size(); ++k) found.col(k) = spectrum(V.col(k));
    return found;
}

/// A parameter of the parabolas and the values it takes.
struct Sweep {
    const char* parameter;
    double from, to;
};

void print_sweeps(std::string_view preset) {
    constexpr std::size_t values = 48, bins = 160;
    constexpr double lowest = 0.1, highest = 500.0;  // [Hz]
    fmt::print("parameter,value,frequency_hz,power_db\n");
    for (const auto& [parameter, from, to] :
         {Sweep{"c_minus", -58, -36}, {"R_minus", 0.1, 0.6}, {"c_plus", -30, -16}, {"R_plus", -0.7, -0.1}}) {
        std::vector<double> places;
        for (std::size_t k = 0; k < values; ++k) places.push_back(from + (to - from) * static_cast<double>(k) / (values - 1));
        const arma::mat power = spectra(preset, parameter, places);
        for (std::size_t k = 0; k < values; ++k)
            for (std::size_t bin = 0; bin < bins; ++bin) {
                const auto edge = [&](std::size_t b) { return lowest * std::pow(highest / lowest, static_cast<double>(b) / bins); };
                const auto first = static_cast<std::size_t>(edge(bin) * samples / 1000);
                const auto last = std::max(first, static_cast<std::size_t>(edge(bin + 1) * samples / 1000) - 1);
                fmt::print("{},{:.5g},{:.5g},{:.1f}\n", parameter, places[k], std::sqrt(edge(bin) * edge(bin + 1)),
                           10 * std::log10(power.col(k).subvec(first, std::min<std::size_t>(last, samples / 2 - 1)).max() + 1e-12));
            }
    }
}

void print_spectra(std::string_view preset, const std::vector<double>& baths) {
    const arma::mat power = spectra(preset, "K_bath", baths);
    fmt::print("frequency_hz,{}\n", fmt::join(baths, ","));
    for (std::size_t k = 0; k < power.n_rows; ++k) {
        fmt::print("{:.6g}", frequency(k));
        for (std::size_t bath = 0; bath < power.n_cols; ++bath) fmt::print(",{:.6g}", power(k, bath));
        fmt::print("\n");
    }
}

}  // namespace

int main(int count, char** arguments) {
    try {
        if (count < 2) throw ConfigurationError(usage);
        std::vector<double> baths;
        for (int k = 2; k < count; ++k) {
            const auto bath = number_from(arguments[k]);
            if (!bath) throw ConfigurationError(usage);
            baths.push_back(*bath);
        }
        if (baths.empty())
            print_sweeps(arguments[1]);
        else
            print_spectra(arguments[1], baths);
    } catch (const Error& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return 2;
    }
}
