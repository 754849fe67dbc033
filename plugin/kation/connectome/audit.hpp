#pragma once

#include <kation/connectome/connectivity.hpp>

#include <string>
#include <vector>

namespace kation {

/// What a run is going to ask of a connectome.
struct AuditOptions {
    double speed = 3.0;  ///< [mm/ms], infinity for no delays; The Virtual Brain's default
    double dt = 0.1;     ///< [ms]
};

enum class Severity { note, warning };

struct Finding {
    Severity severity;
    std::string sentence;
};

/// Numbers that decide whether a connectome is fit for a run, and sentences about those that deserve attention.
/// Connections are weights that are not zero; all but `self_connections` count those between different regions only.
struct Audit {
    std::size_t regions = 0;
    std::size_t connections = 0;
    std::size_t self_connections = 0;
    double density = 0;                ///< connections per ordered pair of different regions
    std::size_t one_way_pairs = 0;     ///< pairs connected in one direction only
    std::size_t asymmetric_pairs = 0;  ///< pairs connected in both directions, with different weights
    std::size_t negative_weights = 0;
    std::size_t components = 0;
    std::vector<std::string> isolated;    ///< labels of regions without connections
    double smallest_weight = 0;           ///< by magnitude, of connections
    double largest_weight = 0;            ///< by magnitude, of connections
    double shortest_length = 0;           // [mm] of connections
    double longest_length = 0;            // [mm] of connections
    double longest_delay = 0;             // [ms] on the grid of dt
    std::size_t zero_delay = 0;           ///< connections whose delay rounds to zero steps
    double largest_rounding_error = 0;    // [ms] between length / speed and the delay on the grid
    double mean_rounding_error = 0;       ///< mean of error / delay over connections with a length
    std::size_t implausible_lengths = 0;  ///< no length, shorter than the straight line between centres, or above 300 mm
    double memory = 0;                    // [bytes] for matrices, connections and history
    double run_time = 0;                  // [s] per simulated second on one core, for ion_exchange by Heun's method
    std::vector<Finding> findings;        ///< warnings first
};

/// ConfigurationError if speed or dt is not allowed.
Audit audit(const Connectivity& connectome, const AuditOptions& options = {});

}  // namespace kation
