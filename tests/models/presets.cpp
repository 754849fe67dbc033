// Every preset of every model, alone and without noise, does what it says: its kind of regime here, its numbers in the model's own tests.
#include <kation/simulator/simulator.hpp>
#include <support/all_models.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>

#include <numeric>

using namespace kation;

namespace {

enum class Regime {
    settles,  ///< to a fixed point; value: its first output
    cycles,   ///< one event after the other at equal distances; value: the period [ms]
    bursts,   ///< groups of events with silence between them; value: from one group's first event to the next one's [ms]
    tonic,    ///< events without end whose distance drifts; value: the mean distance [ms]
};

struct Case {
    std::string_view model, preset;
    Regime regime;
    double value;
    double from, to;  ///< [ms] that are looked at
    std::optional<double> K_bath = {};
};

constexpr Case cases[] = {
    {"adex", "fig2", Regime::settles, 0.00141113, 4000, 5000},
    {"adex", "fig3", Regime::settles, 0.00201697, 4000, 5000},
    {"adex", "fig4_low", Regime::settles, 0.00135745, 4000, 5000},
    {"adex", "fig4_high", Regime::settles, 0.00336778, 4000, 5000},
    {"adex", "fig5", Regime::settles, 0, 4000, 5000},
    {"adex", "fig6", Regime::settles, 0, 4000, 5000},
    {"adex_second_order", "fig2", Regime::settles, 0.00145623, 4000, 5000},
    {"adex_second_order", "fig3", Regime::settles, 0.00206288, 4000, 5000},
    {"adex_second_order", "fig4_low", Regime::settles, 0.00143076, 4000, 5000},
    {"adex_second_order", "fig4_high", Regime::settles, 0.0033983, 4000, 5000},
    {"epileptor", "epileptogenic", Regime::bursts, 1933.26, 1000, 20000},
    {"epileptor", "healthy", Regime::settles, -1.46243, 5000, 10000},
    {"epileptor", "excitable", Regime::settles, -1.37059, 5000, 10000},
    {"epileptor_2d", "epileptogenic", Regime::cycles, 1721.64, 2000, 20000},
    {"epileptor_2d", "healthy", Regime::settles, -1.46243, 5000, 10000},
    {"epileptor_2d", "excitable", Regime::settles, -1.37059, 5000, 10000},
    {"ion_exchange", "fig6", Regime::settles, 0.00495624, 5000, 10000},
    {"ion_exchange", "fig3", Regime::settles, 0.00508663, 5000, 10000},
    {"ion_exchange", "fig4a", Regime::tonic, 39.3365, 1000, 20000},
    {"ion_exchange", "fig4e", Regime::bursts, 2234.62, 1000, 30000, 15.5},
    {"ion_exchange", "tvb", Regime::settles, 0.00437973, 5000, 10000},
    {"ion_exchange", "printed_gating", Regime::tonic, 8.127, 5000, 10000},
    {"ion_exchange", "rest", Regime::settles, 0.00555587, 0, 10000},
    {"izhikevich", "bistable", Regime::settles, 0.00150094, 4000, 5000},
    {"izhikevich", "active", Regime::settles, 0.0246108, 4000, 5000},
    {"izhikevich", "spiking", Regime::settles, 0.0308834, 4000, 5000},
    {"izhikevich", "limit_cycle", Regime::cycles, 259.71, 5000, 10000},
    {"izhikevich", "narrow_reset", Regime::settles, 0.0308834, 4000, 5000},
    {"izhikevich_rs_fs", "asynchronous", Regime::settles, 0.0264195, 4000, 5000},
    {"izhikevich_rs_fs", "oscillation", Regime::cycles, 85.5082, 4000, 5000},
    {"montbrio_pazo_roxin", "bistable", Regime::settles, 0.0811344, 400, 500},
    {"montbrio_pazo_roxin", "active", Regime::settles, 1.0306, 400, 500},
    {"montbrio_pazo_roxin", "chaos", Regime::settles, 0.147294, 400, 500},
    {"montbrio_pazo_roxin", "tvb", Regime::settles, 0.0571217, 400, 500},
    {"montbrio_pazo_roxin_ei", "quiet", Regime::settles, 0.078538, 400, 500},
    {"shot_noise_qif", "steady", Regime::settles, 0.326236, 4000, 5000},
    {"shot_noise_qif", "oscillating", Regime::cycles, 12.0507, 4000, 5000},
    {"shot_noise_qif", "driven", Regime::settles, 0.167141, 4000, 5000},
    {"shot_noise_qif", "low_current", Regime::settles, 0.0328777, 4000, 5000},
    {"shot_noise_qif_chain", "steady", Regime::settles, 0.32631, 400, 420},
    {"shot_noise_qif_chain", "oscillating", Regime::cycles, 13.8877, 400, 500},
    {"shot_noise_qif_chain", "driven", Regime::settles, 0.167334, 400, 420},
    {"shot_noise_qif_chain", "low_current", Regime::settles, 0.0330287, 900, 920},
};

const Case* case_of(const Entry& entry, const PresetValues& preset) {
    const auto found =
        std::ranges::find_if(cases, [&](const Case& one) { return one.model == entry.info.name && one.preset == preset.name; });
    return found == std::end(cases) ? nullptr : found;
}

/// What a single node does, looked at every ms.
struct Observed {
    std::vector<double> times, first;  ///< of the first variable [ms] and [its unit]
    double output = 0;                 ///< at the end

    Observed(const Entry& entry, const Case& wanted) {
        const double dt = std::min(0.5 * entry.info.largest_dt[static_cast<std::size_t>(Method::rk4)], 0.1);
        Network node(unconnected(1), entry, wanted.preset);
        if (wanted.K_bath) node.set_parameter("K_bath", *wanted.K_bath);
        Simulator simulator(node, instant(Integrator::rk4(1.0 / std::ceil(1.0 / dt))));
        simulator.run(wanted.from);
        while (simulator.time() < wanted.to) {
            simulator.run(1.0);
            times.push_back(simulator.time());
            first.push_back(simulator.state(0)[0]);
        }
        output = entry.output(simulator.state(0), simulator.network().region(0).parameters)[0];
    }
    [[nodiscard]] double lowest() const { return std::ranges::min(first); }
    [[nodiscard]] double highest() const { return std::ranges::max(first); }
    /// Times of rises through the middle of the range, between samples by a straight line.
    [[nodiscard]] std::vector<double> rises() const {
        const double middle = 0.5 * (lowest() + highest());
        std::vector<double> found;
        for (std::size_t k = 1; k < first.size(); ++k)
            if (first[k - 1] < middle && first[k] >= middle)
                found.push_back(times[k - 1] + (times[k] - times[k - 1]) * (middle - first[k - 1]) / (first[k] - first[k - 1]));
        return found;
    }
};

std::vector<double> distances(const std::vector<double>& times) {
    std::vector<double> result;
    for (std::size_t k = 1; k < times.size(); ++k) result.push_back(times[k] - times[k - 1]);
    return result;
}

double mean(const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// First events of groups that half the longest silence separates.
std::vector<double> groups(const std::vector<double>& events) {
    const double silence = 0.5 * std::ranges::max(distances(events));
    std::vector<double> firsts;
    for (std::size_t k = 1; k < events.size(); ++k)
        if (events[k] - events[k - 1] > silence) firsts.push_back(events[k]);
    return firsts;
}

void check_regime(const Observed& seen, const Entry& entry, const Case& wanted) {
    if (wanted.regime == Regime::settles) {
        CHECK(seen.highest() - seen.lowest() < 1e-3 * natural_size(entry.state[0]));
        CHECK_CLOSE(seen.output, wanted.value, .abs = 1e-9, .rel = 1e-3, .why = "the last of the transient");
        return;
    }
    CHECK(seen.highest() - seen.lowest() > 0.01 * natural_size(entry.state[0]));
    const std::vector<double> events = seen.rises();
    CHECK(events.size() > 4);
    if (events.size() < 4) return;
    const auto apart = distances(events);
    const double shortest = std::ranges::min(apart), longest = std::ranges::max(apart);
    if (wanted.regime == Regime::cycles) CHECK(longest - shortest < 2.0);
    if (wanted.regime == Regime::bursts) CHECK(longest > 10.0 * shortest);
    if (wanted.regime == Regime::tonic) CHECK(longest < 3.0 * shortest);
    const double found = mean(wanted.regime == Regime::bursts ? distances(groups(events)) : apart);
    CHECK_CLOSE(found, wanted.value, .abs = 0.02, .rel = 2e-3, .why = "looked at every ms");
}

}  // namespace

TEST_CASE("every preset shows its regime, and stays within the ranges that are declared valid") {
    for (const Entry* entry : all_models())
        for (const PresetValues& preset : entry->presets) {
            CAPTURE(std::string(entry->info.name));
            CAPTURE(std::string(preset.name));
            const Case* wanted = case_of(*entry, preset);
            REQUIRE_MESSAGE(wanted != nullptr, "a preset needs a case here");
            check_regime(Observed(*entry, *wanted), *entry, *wanted);
        }
}
