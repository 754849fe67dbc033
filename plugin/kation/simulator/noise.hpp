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
    bool operator==(const VariableNoise&) const = default;
};

/// An Ornstein-Uhlenbeck process on the stimulus input of every region, stationary from the start.
struct StimulusNoise {
    double tau;  ///< [ms]
    double sd;   ///< stationary standard deviation, in the unit of the model's stimulus input
    bool operator==(const StimulusNoise&) const = default;
};

struct Noise {
    std::vector<VariableNoise> variables;
    std::optional<StimulusNoise> stimulus;
    [[nodiscard]] bool none() const { return variables.empty() && !stimulus; }
    bool operator==(const Noise&) const = default;
};

/// The random part of a run: normal numbers by seed, region, variable and step, for the nodes of a group at once. Its numbers depend on
/// seed, region, variable and step alone: not on threads, chunks or other regions.
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
        std::uint32_t id;     ///< of the variable, in the place of its random numbers
        double scale;         ///< of what is new in each step. white: sqrt(2 D dt)
        double memory;        ///< coloured: exp(-dt/tau). white: 0
        AlignedNumbers xi;    ///< coloured: of each node. white: empty
        ColumnStore normals;  ///< of the steps 2k and 2k + 1, which one draw gives together
    };
    [[nodiscard]] Stream white(std::size_t group, std::size_t variable, double scale) const;
    [[nodiscard]] Stream coloured(std::size_t group, std::size_t variable, std::uint32_t id, double sd, double tau) const;
    void add_streams(const VariableNoise& noise);
    /// Standard normal numbers of this step, for each node of a group; draws them for the nodes of the piece.
    const double* normals(Stream& stream, const Piece& piece, std::int64_t step) const;
    void advance(Stream& stream, const Piece& piece, std::int64_t step) const;
    [[nodiscard]] std::size_t end_of_nodes(const Piece& piece) const;

    const Blocks* blocks_;
    double dt_;
    std::uint64_t seed_;
    std::vector<Stream> streams_;
    std::optional<std::vector<Stream>> stimulus_;      ///< one per group
    std::vector<std::vector<std::uint64_t>> regions_;  ///< [group][slot]; padding hears no noise, whatever it draws
    std::vector<ColumnStore> kicks_;
};

}  // namespace kation
