#pragma once

#include <kation/connectome/graph.hpp>
#include <kation/scan/measure.hpp>
#include <kation/support/error.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace kation::measures {

/// How fast a seizure goes along the tracts: for each recruited region, the length of the shortest path of connections from the region
/// where it began (the first onset in the zone; without a zone, the first of all), divided by the time between the two onsets.
///
/// Of several regions it is the median. A line through all points would follow the latest regions, whose onsets are the most erratic; of a
/// median half may be off. A front of constant speed has that speed in both.
class PropagationGauge : public Gauge {
  public:
    explicit PropagationGauge(const MeasuredTrial& trial) : brain_(&trial.network.connectivity()), zone_(&trial.zone) {}

    void check(const Question&) const override {
        if (!brain_->has_lengths()) throw ConfigurationError("a speed needs tract lengths, and " + brain_->source() + " has none");
    }

    void finish(const TrialEnd& end) override {
        const std::vector<double>& onset = end.recruitment.onset_ms;
        const bool any_zone = std::ranges::find(*zone_, true) != zone_->end();
        std::size_t origin = onset.size();
        for (std::size_t region = 0; region < onset.size(); ++region)
            if (end.recruitment.recruited[region] && ((*zone_)[region] || !any_zone) &&
                (origin == onset.size() || onset[region] < onset[origin]))
                origin = region;
        speed_.assign(onset.size(), nothing);
        if (origin == onset.size()) return;
        const arma::vec distance = path_lengths_from(*brain_, origin);  // [mm]
        for (std::size_t region = 0; region < onset.size(); ++region)
            if (end.recruitment.recruited[region] && onset[region] > onset[origin] && distance[region] > 0)
                speed_[region] = distance[region] / (onset[region] - onset[origin]);
    }

    [[nodiscard]] double value(const Question& question) const override {
        std::vector<double> speeds;
        for (const std::size_t region : question.regions)
            if (speed_[region] < inf) speeds.push_back(speed_[region]);
        if (speeds.empty()) return nothing;
        std::ranges::sort(speeds);
        const std::size_t half = speeds.size() / 2;
        return speeds.size() % 2 == 1 ? speeds[half] : 0.5 * (speeds[half - 1] + speeds[half]);
    }

  private:
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    const Connectivity* brain_;
    const std::vector<bool>* zone_;
    std::vector<double> speed_;  ///< [region, mm/ms]; NaN: not recruited, or not after the origin
};

inline std::span<const MeasureKind> propagation() {
    static const std::array<MeasureKind, 1> kinds{{
        {"speed",
         "mm/ms",
         "tract length from where the seizure began, over the time between onsets; median over the recruited regions",
         MeasureKind::Rows::none,
         {},
         {},
         false,
         &make_gauge<PropagationGauge>},
    }};
    return kinds;
}

}  // namespace kation::measures
