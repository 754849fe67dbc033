#pragma once

#include <kation/io/configuration.hpp>
#include <kation/scan/measure.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// All kinds of measures: those of the library, in the order of their headers, and those of the plug-ins that the catalogue has loaded.
/// InputError if two have one name.
std::vector<const MeasureKind*> known_measures(const Catalogue& catalogue);

/// The words of a kind as one asks for it: "recruited", "onset[label]", "V.power(low, high)".
std::string form_of(const MeasureKind& kind);

/// One column of a scan's table: "recruited", "V.mean", "V.power(8, 12)", "V.max[D]". A bare name is taken over the regions outside the
/// zone, name[label] of one region; name[*] became a column for each.
struct Measure {
    std::string column;  ///< as it stands in the table's header
    const MeasureKind* kind;
    std::vector<std::string> variables;  ///< that it is taken of
    std::vector<double> arguments;
    std::vector<std::size_t> regions;

    [[nodiscard]] Question question() const { return {kind->name, arguments, regions}; }
};

/// ConfigurationError with the nearest names for what is not known.
std::vector<Measure> measures_from(std::span<const std::string> names, const RunConfiguration& run,
                                   std::span<const MeasureKind* const> kinds);

/// What a scan measures of each trial, and when.
struct MeasureSettings {
    std::vector<std::string> names;
    double from = 0.0, to = inf;       ///< [ms] the window in which variables are measured
    std::optional<double> sampling{};  ///< [ms] over which they are averaged for what needs no single steps; default: about 1 ms
};

/// Takes the measures of one network while it runs, in memory that does not grow with time. It listens to monitors of its own.
class TrialMeasures : public Sink {
  public:
    /// @param measures  outlive this object, as do network and zone
    /// ConfigurationError if one of them cannot be taken.
    TrialMeasures(std::span<const Measure> measures, const MeasureSettings& settings, const Network& network, const std::vector<bool>& zone,
                  double dt, double duration);

    /// What the simulator has to monitor; empty if all is about recruitment. Their names cannot be those of a user's monitors.
    [[nodiscard]] const std::vector<MonitorSettings>& monitors() const { return monitors_; }

    void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
               std::size_t regions) override;
    /// @param chunk  of these monitors, numbered from 0
    void write(const Chunk& chunk) override;

    /// A value for each measure, when the trial has ended.
    [[nodiscard]] std::vector<double> values(const TrialEnd& end);

  private:
    /// A gauge with what it is fed from.
    struct Fed {
        std::unique_ptr<Gauge> (*maker)(const MeasuredTrial&);
        const std::vector<std::string>* variables;
        std::unique_ptr<Gauge> gauge;
        std::size_t monitor = 0;           ///< of monitors_
        std::vector<std::size_t> columns;  ///< of that monitor's variables; empty: it is not fed
    };
    void listen(Fed& fed, const MeasureKind& kind, const Network& network, double period);

    std::span<const Measure> measures_;
    double from_, to_;  // [ms]
    std::size_t regions_;
    std::vector<MonitorSettings> monitors_;
    std::vector<Fed> fed_;
    std::vector<std::size_t> gauge_of_;  ///< [measure]: place in fed_
};

}  // namespace kation
