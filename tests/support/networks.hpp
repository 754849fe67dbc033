#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/simulator/simulator.hpp>

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

/// Numbers that are the same on every machine.
class Uniform {
  public:
    explicit Uniform(std::uint64_t seed) : engine_(seed) {}
    double operator()(double low = 0.0, double high = 1.0) { return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53); }

  private:
    std::mt19937_64 engine_;
};

/// What a random connectome is made with. Its two directions differ in weight and length, and in whether they exist at all.
struct RandomConnectome {
    std::size_t regions = 13;
    double density = 0.6;
    double shortest = 0.0, longest = 40.0;  // [mm]
    bool self_connections = false;
    std::uint64_t seed = 7;
};

inline kation::Connectivity random_connectome(const RandomConnectome& options) {
    Uniform uniform(options.seed);
    kation::ConnectomeParts parts;
    parts.weights.zeros(options.regions, options.regions);
    parts.tract_lengths.zeros(options.regions, options.regions);
    parts.source = "random connectome";
    for (std::size_t from = 0; from < options.regions; ++from)
        for (std::size_t to = 0; to < options.regions; ++to) {
            const double chance = uniform(), weight = uniform(0.05, 1.0), length = uniform(options.shortest, options.longest);
            if (chance >= options.density || (to == from && !options.self_connections)) continue;
            parts.weights(to, from) = weight;
            parts.tract_lengths(to, from) = length;
        }
    return kation::Connectivity(std::move(parts));
}

/// Regions that do not hear each other.
inline kation::Connectivity unconnected(std::size_t regions) {
    kation::ConnectomeParts parts;
    parts.weights.zeros(regions, regions);
    parts.source = "unconnected regions";
    return kation::Connectivity(std::move(parts));
}

/// A connectome from its matrices, axes (to, from).
inline kation::Connectivity connectome(arma::mat weights, arma::mat lengths = {}) {
    kation::ConnectomeParts parts;
    parts.weights = std::move(weights);
    parts.tract_lengths = std::move(lengths);
    parts.source = "connectome of a test";
    return kation::Connectivity(std::move(parts));
}

/// Settings without delays.
inline kation::SimulatorSettings instant(kation::Integrator integrator, kation::Coupling coupling = kation::Coupling::linear(1.0)) {
    kation::SimulatorSettings settings;
    settings.integrator = std::move(integrator);
    settings.coupling = coupling;
    settings.speed = kation::inf;
    return settings;
}

/// Starts that differ between regions: the preset's numbers with every variable moved by up to `spread` of itself.
inline void scatter_starts(kation::Network& network, double spread, std::uint64_t seed = 3) {
    Uniform uniform(seed);
    for (std::size_t region = 0; region < network.regions(); ++region) {
        const auto& node = network.region(region);
        const auto start = node.initial;
        for (std::size_t k = 0; k < start.size(); ++k)
            network.set_initial(region, node.model->state[k].name.view(), start[k] * (1.0 + spread * uniform(-1.0, 1.0)));
    }
}

/// All states one after the other, in the order of regions.
inline std::vector<double> states_of(const kation::Simulator& simulator) {
    std::vector<double> states;
    for (std::size_t region = 0; region < simulator.network().regions(); ++region)
        for (const double value : simulator.state(region)) states.push_back(value);
    return states;
}

/// The states after `duration`.
inline std::vector<double> final_states(kation::Network network, kation::SimulatorSettings settings, double duration) {
    kation::Simulator simulator(std::move(network), std::move(settings));
    simulator.run(duration);
    return states_of(simulator);
}

/// Largest difference between two lists of numbers.
inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = a.size() == b.size() ? 0.0 : kation::inf;
    for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
    return largest;
}
