#pragma once

#include <kation/network/blocks.hpp>
#include <kation/support/columns.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// Additive noise on a state variable, in every region whose model has it: dX = f dt + sqrt(2 D) dW. With tau the noise is coloured:
/// X' gets a term xi with d xi = -xi/tau dt + sqrt(2 D)/tau dW (exact on the grid, stationary from the start).
struct VariableNoise {
    std::string variable;
    double D;                   ///< [unit of the variable squared per ms]; with tau [unit squared / ms]
    std::optional<double> tau;  ///< [ms]
};

/// An Ornstein-Uhlenbeck process on the stimulus input of every region, stationary from the start.
struct StimulusNoise {
    double tau;  ///< [ms]
    double sd;   ///< stationary standard deviation, in the unit of the model's stimulus input
};

struct Noise {
    std::vector<VariableNoise> variables;
    std::optional<StimulusNoise> stimulus;
    [[nodiscard]] bool none() const { return variables.empty() && !stimulus; }
};

/// The random part of a run. Its numbers depend on seed, region, variable and step alone: not on threads, chunks or other regions.
class NoiseSource {
  public:
    NoiseSource(const Noise& noise, const Blocks& blocks, double dt, std::uint64_t seed);

    /// What noise adds to each state variable of a group's nodes in this step: [variable][node]; zeros where there is none.
    [[nodiscard]] ConstColumns kicks(std::size_t group) const { return kicks_[group].view(); }
    [[nodiscard]] bool stirs_state() const { return !streams_.empty(); }
    [[nodiscard]] bool stirs_stimulus() const { return stimulus_.has_value(); }

    /// Draws for one step, for the nodes of one part.
    void draw(const Part& part, std::int64_t step);

    /// Adds the process on the stimulus at this step to the rows of the part.
    void add_to_stimulus(const Part& part, std::int64_t step, double* row);

  private:
    /// One noisy variable of one group.
    struct Stream {
        std::size_t group, variable;
        double scale;   ///< white: sqrt(2 D dt). coloured: standard deviation of xi
        double memory;  ///< coloured: exp(-dt/tau). white: 0
        bool coloured;
        AlignedNumbers xi, second;  ///< of each node; `second`: the later of two normals drawn together
    };
    double normal(Stream& stream, std::size_t node, std::size_t region, std::uint32_t variable, std::int64_t step) const;
    void advance(Stream& stream, std::size_t node, std::size_t region, std::uint32_t variable, std::int64_t step) const;

    const Blocks* blocks_;
    double dt_;
    std::uint64_t seed_;
    std::vector<Stream> streams_;
    std::optional<std::vector<Stream>> stimulus_;  ///< one per group
    std::vector<ColumnStore> kicks_;
};

}  // namespace kation
