#pragma once

#include <kation/io/configuration.hpp>
#include <kation/monitors/recruitment.hpp>

#include <span>
#include <string>
#include <vector>

namespace kation {

/// A number, or a few, that a trial leaves behind. "recruited", "first_onset", "V.mean", "V.max[D]", "events[*]".
///
/// Of recruitment: recruited (count), first_onset, last_onset [ms], events (sum), rate [Hz, mean]; of a series: mean, min, max, variance.
/// A bare name is taken over the regions outside the zone, name[label] of one region, name[*] gives a column for each.
struct Measure {
    std::string column;                ///< as it stands in the table's header
    std::string quantity;              ///< "recruited", ... or a variable's name
    std::string statistic;             ///< of a variable; empty for recruitment
    std::vector<std::size_t> regions;  ///< over which it is taken
};

/// ConfigurationError with the nearest names for what is not known.
std::vector<Measure> measures_from(std::span<const std::string> names, const RunConfiguration& run);

/// Gathers the moments of series while a trial runs, so that nothing is stored.
class SeriesMoments : public Sink {
  public:
    SeriesMoments(double from, double to) : from_(from), to_(to) {}
    void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
               std::size_t regions) override;
    void write(const Chunk& chunk) override;
    /// A statistic of a variable over all samples of the regions; NaN without samples, as for a variable that was not recorded.
    [[nodiscard]] double statistic(const Measure& measure) const;

  private:
    struct Moments {
        double count = 0, mean = 0, squares = 0, least = 0, greatest = 0;
        void add(double x);
        void add(const Moments& other);
    };
    double from_, to_;  // [ms]
    std::size_t regions_ = 0;
    std::vector<std::string> variables_;
    std::vector<std::vector<Moments>> moments_;  ///< [variable][region]
};

/// What a monitor has to keep for the measures; no variables if none is a series.
std::vector<std::string> variables_of(std::span<const Measure> measures);

/// Those of the variables that a network has: a control without the zone's model lacks what only that one knows.
std::vector<std::string> known_variables(std::vector<std::string> variables, const Network& network);

/// The value of a measure after a trial of so many simulated ms.
double value_of(const Measure& measure, const Recruitment& recruitment, const SeriesMoments& moments, double simulated);

}  // namespace kation
