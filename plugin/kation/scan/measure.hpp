#pragma once

#include <kation/monitors/recruitment.hpp>
#include <kation/network/network.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace kation {

/// What a measure may know of its trial before the trial starts; network and zone outlive its gauge.
struct MeasuredTrial {
    const Network& network;
    const std::vector<bool>& zone;  ///< of each region: in the epileptogenic zone
    double from, to;                ///< [ms] the window, cut at the trial's duration: rows outside of it are not handed over
    double period;                  ///< [ms] between rows
};

/// Rows of the variables that a measure asks for. The spans end with the call: what is needed later has to be added up.
struct MeasuredRows {
    std::span<const double> times;                ///< [ms]
    std::vector<std::span<const double>> values;  ///< of each variable: [time][region], regions fastest
};

/// What is known when a trial has ended.
struct TrialEnd {
    const Recruitment& recruitment;
    double simulated;  // [ms]
};

/// One number that is asked for: power, (8, 12), the regions.
struct Question {
    std::string_view measure;              ///< name of the kind
    std::span<const double> arguments;     ///< that stand in parentheses
    std::span<const std::size_t> regions;  ///< over which it is taken: one for name[label] and name[*], those outside the zone for a name
};

/// Gathers what measures need while a trial runs, in memory that does not grow with time. What it answers must not depend on how rows are
/// cut into chunks.
class Gauge {
  public:
    virtual ~Gauge() = default;

    /// Before the trial: ConfigurationError if a question has no answer.
    virtual void check(const Question& /*question*/) const {}
    /// Rows in the order of time; never called if the network lacks a variable.
    virtual void add(const MeasuredRows& /*rows*/) {}
    /// Once, after the last rows and before the first question.
    virtual void finish(const TrialEnd& /*end*/) {}
    /// NaN where there is nothing to answer with.
    [[nodiscard]] virtual double value(const Question& question) const = 0;
};

/// A measure as scans find it: by its name. A header in scan/measures/, or one of a plug-in, brings a list of them:
///     inline std::span<const MeasureKind> my_measure();      // in my_measure.hpp, namespace kation::measures
/// Kinds that share the function `gauge` share what it makes, for the same variable.
struct MeasureKind {
    enum class Rows {
        none,     ///< recruitment alone
        steps,    ///< the variables at every step
        averages  ///< their means over each `scan.sampling` [ms], as the average monitor takes them
    };
    std::string_view name;
    std::string_view unit;
    std::string_view description;
    Rows rows;
    std::vector<std::string_view> variables;  ///< that it asks for; empty though it takes rows: the one it is asked of, as in V.mean
    std::vector<std::string_view> arguments;  ///< names of the numbers in parentheses
    bool of_one_region;                       ///< means nothing for several: asked for as name[label] or name[*]
    std::unique_ptr<Gauge> (*gauge)(const MeasuredTrial&);
    bool grows = false;  ///< of recruitment alone, and never falls while a trial goes on: that it is at least so much may be known early

    [[nodiscard]] bool of_variable() const { return rows != Rows::none && variables.empty(); }
};

/// The gauge of a kind: `make_gauge<MyGauge>` stands in its list.
template <class MyGauge>
std::unique_ptr<Gauge> make_gauge(const MeasuredTrial& trial) {
    return std::make_unique<MyGauge>(trial);
}

}  // namespace kation
