#pragma once

#include <kation/io/document.hpp>
#include <kation/scan/measures.hpp>
#include <kation/scan/stopping.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// One key of a configuration and what it may be: listed values, or a range. All values are TOML, numbers in the shortest text that reads
/// back as the same double.
struct SweptKey {
    std::string key;                    ///< dotted, as for --set
    std::vector<std::string> values{};  ///< empty: a range
    double from = 0.0, to = 0.0;        ///< both included
    bool logarithmic = false;           ///< evenly spaced (grid), or uniform (random, latin), in the logarithm
    bool whole = false;                 ///< random and latin: whole numbers only
    std::size_t steps = 0;              ///< grid: number of values of the range

    /// How many values a grid or a list has of it.
    [[nodiscard]] std::size_t count() const { return values.empty() ? steps : values.size(); }
    /// Value k of them. Of a range each is computed from its number, so that errors do not add up; the ends are exact.
    [[nodiscard]] std::string value(std::size_t k) const;
    /// The value at a part of the way, 0 < part < 1: uniform if the part is.
    [[nodiscard]] std::string drawn(double part) const;
};

/// Which trials a scan consists of. A trial's number says all about it: its values follow from it alone, so that they are the same whoever
/// runs it, in whatever order, now or in a resumed scan.
class Plan {
  public:
    /// Every combination of the keys' values, the last key changing fastest.
    static Plan grid(std::vector<SweptKey> keys);
    /// Trial k has value k of every key.
    static Plan list(std::vector<SweptKey> keys);
    /// Every key of every trial is drawn independently: a number that belongs to (seed, key, trial), by Philox. More trials later do not
    /// change those that are there.
    static Plan random(std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed);
    /// A Latin hypercube (McKay, Beckman and Conover 1979): each key's range is cut into as many strata as there are trials; each stratum
    /// has one trial, which one is a permutation by the shuffle of Fisher and Yates with Philox numbers that belong to (seed, key). Within
    /// the stratum the value is drawn as of a random plan.
    static Plan latin(std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed);

    /// Gives every trial a noise seed of its own, drawn from this one and the trial's number, below 2^52.
    void draw_noise_seeds(std::uint64_t seed) { noise_seed_ = seed; }

    [[nodiscard]] const std::vector<SweptKey>& keys() const { return keys_; }
    [[nodiscard]] std::size_t trials() const { return trials_; }
    /// The value of each key in a trial.
    [[nodiscard]] std::vector<std::string> values(std::size_t trial) const;
    /// The trial's own noise seed; nothing if all share the configuration's.
    [[nodiscard]] std::optional<std::uint64_t> noise_seed(std::size_t trial) const;
    /// The configuration of a trial.
    [[nodiscard]] Document document(const Document& base, std::size_t trial) const;

  private:
    enum class Mode { grid, list, random, latin };
    Plan(Mode mode, std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed);

    Mode mode_;
    std::vector<SweptKey> keys_;
    std::size_t trials_;
    std::uint64_t seed_;
    std::vector<std::vector<std::uint32_t>> strata_;  ///< latin: [key][trial]
    std::optional<std::uint64_t> noise_seed_{};
};

/// The trials of a table with commas (RFC 4180): the header names dotted keys, each row is a trial, cells are TOML values, bare words
/// texts. InputError with file, line and column for what is wrong.
std::vector<SweptKey> read_trial_list(const std::filesystem::path& path);

/// Which trials leave their monitors' time series.
struct KeepSettings {
    bool series = false;
    std::vector<std::size_t> trials{};  ///< empty: all
    std::filesystem::path folder{};     ///< where trial-<number>.h5 goes: for whoever runs the scan to say

    [[nodiscard]] bool keeps(std::size_t trial) const;
};

/// The table [scan] of a configuration.
struct ScanSettings {
    Plan plan;
    MeasureSettings measures;
    StopSettings stop{};
    KeepSettings keep{};
};

/// ConfigurationError with the place for everything that is not understood; InputError for a list of trials.
ScanSettings read_scan(const Document& document);

}  // namespace kation
