// Runs of The Virtual Brain (library 2.11.0, float64), step by step. They use its connectivity_76.zip, which is third-party data: the
// cases are skipped where it is not given.
#include <kation/connectome/read.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/close.hpp>
#include <support/reference_table.hpp>
#include <support/skip.hpp>

#include <numbers>

using namespace kation;

namespace {

constexpr Tolerance parity{.abs = 1e-9, .rel = 1e-9, .why = "order of sums and fused operations"};

Connectivity tvb_brain() {
    return read_connectome(std::filesystem::path(KATION_REFERENCE_DATA) / "connectomes" / "connectivity_76.zip")
        .normalised(Normalisation::max);
}

/// The runs start node i at base (1 + 0.002 i).
double start_of(double base, std::size_t region) { return base * (1.0 + 0.002 * static_cast<double>(region)); }

/// Compares all rows of a file with a simulation; `expected`: the state variables in the model's order from a row.
template <class Expected>
void compare(Simulator& simulator, const std::string& file, const Expected& expected) {
    const ReferenceTable table(std::filesystem::path(KATION_REFERENCE_DATA) / "reference" / "tvb_parity" / file);
    double worst = 0;
    for (const auto& row : table.rows()) {
        const auto step = static_cast<std::int64_t>(ReferenceTable::number(row, "step"));
        if (step > simulator.step()) simulator.run(static_cast<double>(step - simulator.step()) * simulator.settings().integrator.dt);
        const auto node = static_cast<std::size_t>(ReferenceTable::number(row, "node"));
        const auto state = simulator.state(node);
        const std::vector<double> exact = expected(row);
        for (std::size_t k = 0; k < exact.size(); ++k) {
            CAPTURE(step);
            CAPTURE(node);
            CAPTURE(k);
            CHECK_CLOSE(state[k], exact[k], parity);
            worst = std::max(worst, std::abs(state[k] - exact[k]) / (1.0 + std::abs(exact[k])));
        }
    }
    MESSAGE(file << ": largest difference " << worst << " at " << table.rows().size() << " rows");
}

Network montbrio_network(double r, double v) {
    RegionModel node(model("montbrio_pazo_roxin"));
    Network network(tvb_brain(), node);
    const std::pair<const char*, double> parameters[] = {{"tau", 1.0},   {"Delta", 0.7}, {"J", 15.0}, {"eta", -4.6},
                                                         {"Gamma", 0.0}, {"cr", 1.0},    {"cv", 0.0}};
    for (const auto& [name, value] : parameters) network.set_parameter(name, value);
    for (std::size_t region = 0; region < network.regions(); ++region) {
        network.set_initial(region, "r", start_of(r, region));
        network.set_initial(region, "v", start_of(v, region));
    }
    return network;
}

std::vector<double> montbrio_row(const ReferenceTable::Row& row) {
    return {ReferenceTable::number(row, "r"), ReferenceTable::number(row, "V")};
}

SimulatorSettings tvb_settings(Integrator integrator, double a) {
    SimulatorSettings settings;
    settings.coupling = Coupling::linear(a);
    settings.speed = 4.0;
    integrator.bounds = Bounds::clip;
    settings.integrator = integrator;
    return settings;
}

}  // namespace

TEST_CASE("Montbrio networks equal The Virtual Brain's under Heun") {
    if (!reference_data()) return;
    Simulator simulator(montbrio_network(1.0, -0.5), tvb_settings(Integrator::heun(0.1), 0.05));
    compare(simulator, "mpr_heun.csv", montbrio_row);
}

TEST_CASE("Montbrio networks equal The Virtual Brain's under Euler") {
    if (!reference_data()) return;
    Simulator simulator(montbrio_network(1.0, -0.5), tvb_settings(Integrator::euler(0.1), 0.05));
    compare(simulator, "mpr_euler.csv", montbrio_row);
}

TEST_CASE("a pulse train enters Montbrio networks as in The Virtual Brain") {
    if (!reference_data()) return;
    SimulatorSettings settings = tvb_settings(Integrator::heun(0.05), 0.05);
    const std::pair<std::size_t, double> weights[] = {{0, 1.0}, {37, 0.5}, {75, -0.25}};
    for (const auto& [region, weight] : weights) {
        Stimulus stimulus;
        stimulus.regions = {region};
        stimulus.waveform = Stimulus::Waveform::pulse_train;
        stimulus.onset = 10.0;
        stimulus.period = 30.0;
        stimulus.width = 5.0;
        stimulus.amplitude = 1.5 * weight;
        settings.stimuli.push_back(stimulus);
    }
    Simulator simulator(montbrio_network(0.1, -1.5), settings);
    compare(simulator, "mpr_heun_stim.csv", montbrio_row);
}

TEST_CASE("ion-exchange networks equal The Virtual Brain's KIonEx under Heun") {
    if (!reference_data()) return;
    Network network(tvb_brain(), model("ion_exchange"), "tvb");
    network.set_parameter("K_bath", 15.5);
    network.set_option("self_conductance", 0.0);
    const double R_minus = 0.5;
    const auto r_of = [&](double x) { return R_minus * x / std::numbers::pi; };
    for (std::size_t region = 0; region < network.regions(); ++region) {
        network.set_initial(region, "r", r_of(start_of(0.1, region)));
        network.set_initial(region, "V", start_of(-20.0, region));
        network.set_initial(region, "n", start_of(0.4, region));
        network.set_initial(region, "DKi", start_of(-0.5, region));
        network.set_initial(region, "Kg", start_of(6.0, region));
    }
    Simulator simulator(std::move(network), tvb_settings(Integrator::heun(0.02), 0.1));
    compare(simulator, "kionex_heun.csv", [&](const ReferenceTable::Row& row) {
        return std::vector<double>{r_of(ReferenceTable::number(row, "x")), ReferenceTable::number(row, "V"),
                                   ReferenceTable::number(row, "n"), ReferenceTable::number(row, "DKi"), ReferenceTable::number(row, "Kg")};
    });
}

TEST_CASE("adaptive exponential networks equal The Virtual Brain's Zerlaut model of first order under Heun") {
    if (!reference_data()) return;
    Network network(tvb_brain(), model("adex"));
    network.set_parameter("b", 5.0);
    network.set_parameter("nu_drive", 0.315e-3);
    network.set_option("rate_floor", 1.0);
    for (std::size_t region = 0; region < network.regions(); ++region) {
        network.set_initial(region, "nu_e", start_of(0.005, region));
        network.set_initial(region, "nu_i", start_of(0.01, region));
        network.set_initial(region, "W", start_of(20.0, region));
    }
    Simulator simulator(std::move(network), tvb_settings(Integrator::heun(0.1), 0.02));
    compare(simulator, "z1_heun.csv", [](const ReferenceTable::Row& row) {
        return std::vector<double>{ReferenceTable::number(row, "E"), ReferenceTable::number(row, "I"), ReferenceTable::number(row, "W_e")};
    });
}
