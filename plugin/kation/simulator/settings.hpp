#pragma once

#include <kation/monitors/recording.hpp>
#include <kation/monitors/recruitment.hpp>
#include <kation/network/network.hpp>
#include <kation/simulator/coupling.hpp>
#include <kation/simulator/integrator.hpp>
#include <kation/simulator/noise.hpp>
#include <kation/simulator/stimulus.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace kation {

/// State of a region at a time t <= 0 [ms], in the order of its model's table. Without one the past is the state at t = 0, constant.
using Past = std::function<std::vector<double>(std::size_t region, double time)>;

/// Everything about a simulation but its network and its length.
struct SimulatorSettings {
    Coupling coupling{};
    double speed = 3.0;             ///< conduction speed [mm/ms]; infinity: no delays. The default is The Virtual Brain's
    std::optional<double> delay{};  ///< [ms]: instead of the speed, the same delay for every connection between different regions
    Integrator integrator{};
    Noise noise{};
    std::vector<Stimulus> stimuli{};
    std::vector<MonitorSettings> monitors{};
    RecruitmentSettings recruitment{};
    Past past{};
    int threads = 0;  ///< 0: as many as pay, at most as OpenMP offers
};

/// ConfigurationError for the first setting that is out of its range, or does not fit the network or another one.
void check(const SimulatorSettings& settings, const Network& network);

/// Delays in steps, axes (to, from), as a simulation with these settings uses them.
StepMatrix delays_of(const Connectivity& connectivity, const SimulatorSettings& settings);

/// A simulation before it begins.
struct Simulation {
    Network network;
    SimulatorSettings settings;
};

}  // namespace kation
