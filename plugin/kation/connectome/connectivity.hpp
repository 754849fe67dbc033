#pragma once

#include <armadillo>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

using StepMatrix = arma::Mat<std::int64_t>;

/// How weights are scaled before a simulation; all factors are recorded by the caller, nothing is scaled in silence.
enum class Normalisation {
    none,
    max,      ///< largest weight 1
    row,      ///< each row (all input of a region) sums to 1; a row of zeros stays
    max_row,  ///< largest row sum 1: The Virtual Brain's "region"
    total     ///< all weights sum to 1
};

/// "none", "max", "row", "max_row" or "total"; ConfigurationError otherwise.
Normalisation normalisation_from(std::string_view name);

/// What a connectome consists of, before it is checked. Empty members are unknown; Connectivity says what follows from that.
struct ConnectomeParts {
    arma::mat weights;                      ///< N x N, axes (to, from), no unit
    arma::mat tract_lengths;                ///< N x N [mm], axes (to, from); empty: distance between centres, or no lengths
    std::vector<std::string> labels;        ///< N; empty: "region_0" ...; repeated ones become label#1, label#2
    arma::mat centres;                      ///< N x 3 [mm]; empty or all zero: unknown
    std::vector<std::uint8_t> hemispheres;  ///< N, 1 = right; empty: unknown
    std::vector<std::uint8_t> cortical;     ///< N, 1 = cortex; empty: unknown
    arma::vec areas;                        ///< N [mm^2]; empty: unknown
    arma::mat orientations;                 ///< N x 3; empty: unknown
    std::string source;                     ///< where it came from, for messages and provenance
};

/// A connectome that was checked: square, finite, sizes that agree, unique labels, lengths not negative.
///
/// Axes are named once: weight(to, from), as in The Virtual Brain (row = target). Weights may have any sign; zero means no connection.
class Connectivity {
  public:
    /// Checks the parts. InputError that names the source if they do not fit together.
    explicit Connectivity(ConnectomeParts parts);

    [[nodiscard]] std::size_t regions() const { return parts_.weights.n_rows; }
    [[nodiscard]] double weight(std::size_t to, std::size_t from) const { return parts_.weights(to, from); }
    [[nodiscard]] double length(std::size_t to, std::size_t from) const { return parts_.tract_lengths(to, from); }  // [mm]
    [[nodiscard]] const arma::mat& weights() const { return parts_.weights; }
    [[nodiscard]] const arma::mat& tract_lengths() const { return parts_.tract_lengths; }  // [mm], zeros if nothing is known
    [[nodiscard]] const std::vector<std::string>& labels() const { return parts_.labels; }
    [[nodiscard]] const std::string& label(std::size_t region) const { return parts_.labels[region]; }
    [[nodiscard]] const ConnectomeParts& parts() const { return parts_; }
    [[nodiscard]] const std::string& source() const { return parts_.source; }
    [[nodiscard]] bool has_centres() const { return !parts_.centres.empty(); }
    [[nodiscard]] bool has_lengths() const { return has_lengths_; }

    /// What the reader or the checks want the user to know (no lengths, repeated labels, ...), one sentence each.
    /// @param delays  false: what is only about delays is left out
    [[nodiscard]] std::vector<std::string> warnings(bool delays = true) const;

    /// Number of a region by its exact label; ConfigurationError with the nearest labels otherwise.
    [[nodiscard]] std::size_t index_of(std::string_view label) const;

    /// Numbers of all regions whose label fits a shell pattern (* and ?), in file order; ConfigurationError if none does.
    [[nodiscard]] std::vector<std::size_t> matching(std::string_view pattern) const;

    /// Weights divided as asked; where they have both signs, maxima and sums are those of magnitudes, so that no sign changes.
    [[nodiscard]] Connectivity normalised(Normalisation how) const;
    [[nodiscard]] Connectivity without_self_connections() const;
    /// ConfigurationError if the weight is not finite, or the length not in [0, inf).
    [[nodiscard]] Connectivity with_weight(std::size_t to, std::size_t from, double weight) const;
    [[nodiscard]] Connectivity with_length(std::size_t to, std::size_t from, double millimetres) const;

    /// Delays in steps, rint(length / speed / dt), half to even as in The Virtual Brain. N x N, axes (to, from).
    /// @param speed [mm/ms], > 0, infinity for no delays.  @param dt [ms], > 0
    [[nodiscard]] StepMatrix delays(double speed, double dt) const;

  private:
    ConnectomeParts parts_;
    bool has_lengths_ = false;
    std::vector<std::string> warnings_;
    std::string about_lengths_;  ///< a warning for those who want delays
};

}  // namespace kation
