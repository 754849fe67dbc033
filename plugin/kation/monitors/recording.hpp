#pragma once

#include <armadillo>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// What a monitor keeps.
struct MonitorSettings {
    enum class Kind {
        raw,        ///< every step from t = 0 on
        subsample,  ///< every `period`, from t = 0 on
        average     ///< the mean over each window of `period`, stamped in the middle of the window as The Virtual Brain does
    };
    Kind kind = Kind::raw;
    double period = 0.0;                 ///< [ms]; raw: not used
    std::vector<std::string> variables;  ///< state variables and derived quantities; empty: all state variables
    std::string name;                    ///< empty: the kind

    static MonitorSettings raw(std::vector<std::string> variables = {}) { return {Kind::raw, 0.0, std::move(variables), {}}; }
    static MonitorSettings subsample(double period, std::vector<std::string> variables = {}) {
        return {Kind::subsample, period, std::move(variables), {}};
    }
    static MonitorSettings average(double period, std::vector<std::string> variables = {}) {
        return {Kind::average, period, std::move(variables), {}};
    }
    [[nodiscard]] std::string label() const;
    bool operator==(const MonitorSettings&) const = default;
};

/// A variable as it is recorded.
struct RecordedVariable {
    std::string name, unit;
};

/// Rows that a monitor hands over: times [ms] and, for each variable, one number per region and time ([time][region], regions fastest).
struct Chunk {
    std::size_t monitor;
    std::span<const double> times;
    std::vector<std::span<const double>> values;
};

/// Where recorded rows go: into memory or into a file. Called by one thread at a time, in the order of time.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Told once, before the first chunk: the monitors' names and variables.
    virtual void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
                       std::size_t regions) = 0;
    virtual void write(const Chunk& chunk) = 0;
};

/// One monitor's record in memory.
struct Series {
    std::string name;
    std::vector<RecordedVariable> variables;
    std::vector<double> time;       ///< [ms]
    std::vector<arma::mat> values;  ///< of each variable: T x N, axes (time, region)

    /// Values of a variable by its name; ConfigurationError if the monitor does not keep it.
    [[nodiscard]] const arma::mat& operator[](std::string_view variable) const;
};

/// Keeps everything in memory.
class Recording : public Sink {
  public:
    void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
               std::size_t regions) override;
    void write(const Chunk& chunk) override;

    /// A monitor's series, in the order of the settings or by name.
    [[nodiscard]] const Series& series(std::size_t monitor = 0) const;
    [[nodiscard]] const Series& series(std::string_view name) const;

  private:
    void assemble() const;

    std::size_t regions_ = 0;
    mutable std::vector<Series> series_;
    std::vector<std::vector<std::vector<double>>> rows_;  ///< [monitor][variable], regions fastest
};

}  // namespace kation
