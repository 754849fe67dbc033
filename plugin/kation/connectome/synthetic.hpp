#pragma once

#include <kation/connectome/connectivity.hpp>

#include <cstdint>

namespace kation {

/// What a synthetic connectome is made with; connectomes/README.md tells what the defaults stand for.
struct SyntheticOptions {
    std::size_t regions = 76;         ///< even, >= 4: each region of the right hemisphere has a mirror image in the left one
    std::uint64_t seed = 1;           ///< same seed and options, same bits
    double semi_axis_x = 70;          ///< [mm], left to right; the two hemispheres are the halves of one ellipsoid
    double semi_axis_y = 85;          ///< [mm], back to front
    double semi_axis_z = 60;          ///< [mm], bottom to top
    double density = 0.27;            ///< connections per ordered pair of regions, (0, 1]
    double probability_decay = 0.15;  ///< lambda [1/mm]: far pairs are connected with a probability that falls as exp(-lambda d)
    double weight_decay = 0.06;       ///< [1/mm]: the median weight falls as exp(-weight_decay d)
    double weight_spread = 1.0;       ///< standard deviation of ln(weight) about it
    double asymmetry = 0.1;           ///< standard deviation by which ln(weight) of either direction leaves the pair's
    double homotopic_factor = 3.0;    ///< connections between mirror images always exist, and are this much stronger than their length says
    double exceptions = 0.015;        ///< share of connections that ignore the distance rule
    double exception_distance = 80;   ///< [mm]: they join regions at least this far apart ...
    double exception_strength_at = 15;  ///< [mm]: ... and are as strong as connections of this length
    double length_factor = 1.2;         ///< tract length per distance
};

/// A connectome with the statistics of a human one, made of nothing but a seed.
///
/// Lengths and centres are rounded to 0.01 mm and weights to six digits, which is what a text file of it holds: written and read back it is
/// the same. Takes seconds for thousands of regions. ConfigurationError if an option is outside its range.
Connectivity synthetic_connectome(const SyntheticOptions& options = {});

}  // namespace kation
