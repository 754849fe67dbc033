#include <kation/scan/plan.hpp>
#include <kation/scan/search.hpp>
#include <kation/scan/threshold.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kation {
namespace {

constexpr std::size_t factor_intervals = 32;

/// Window and sampling of the measures, where the configuration has a table [scan].
MeasureSettings measure_settings(const Document& base) {
    MeasureSettings settings;
    if (const auto window = base.table()["scan"]["window"].as_array(); window != nullptr && window->size() == 2) {
        settings.from = (*window)[0].value<double>().value_or(settings.from);
        settings.to = (*window)[1].value<double>().value_or(settings.to);
    }
    settings.sampling = base.table()["scan"]["sampling"].value<double>();
    return settings;
}

void check(const ThresholdSettings& settings) {
    const auto fail = [](const std::string& sentence) { throw ConfigurationError(sentence); };
    if (trimmed(settings.key) == "scan" || trimmed(settings.key).starts_with("scan."))
        fail(fmt::format("--key {} is about scans, not about the network", settings.key));
    if (!std::isfinite(settings.from) || !std::isfinite(settings.to) || !(settings.from < settings.to))
        fail(fmt::format("--from {} is not below --to {}", shortest(settings.from), shortest(settings.to)));
    const double width = settings.to - settings.from;
    constexpr double least = 1e-9;
    if (settings.tolerance && !(*settings.tolerance >= least * width && *settings.tolerance <= width))
        fail(fmt::format("--tolerance {} is not between a billionth of the range and the range, {} to {}", shortest(*settings.tolerance),
                         shortest(least * width), shortest(width)));
    if (settings.coarse < 1 || settings.coarse > settings.intervals())
        fail(fmt::format("--coarse {} is not between 1 and {}, the number of intervals that the tolerance makes", settings.coarse,
                         settings.intervals()));
    if (!(settings.raise > 1) || !std::isfinite(settings.raise)) fail(fmt::format("--raise {} is not above 1", shortest(settings.raise)));
}

/// The values of the key.
Axis axis_of(const ThresholdSettings& settings, const Document& base) {
    const std::size_t cells = settings.intervals();
    const SweptKey key{.key = settings.key, .from = settings.from, .to = settings.to, .steps = cells + 1};
    Axis axis{.name = settings.key,
              .value = [key](std::size_t point) { return key.value(point); },
              .document =
                  [key, &base](std::size_t point) {
                      Document document = base;
                      document.set(fmt::format("{}={}", key.key, key.value(point)));
                      return document;
                  },
              .first = {}};
    for (std::size_t part = 0; part <= settings.coarse; ++part)
        axis.first.push_back(static_cast<std::size_t>(
            std::lround(static_cast<double>(part) * static_cast<double>(cells) / static_cast<double>(settings.coarse))));
    return axis;
}

/// The region that was recruited first, and that `counts`.
template <class Counts>
std::optional<Reached> first_reached(const Recruitment& recruitment, const std::vector<std::string>& regions, const Counts& counts) {
    std::optional<Reached> first;
    for (std::size_t region = 0; region < regions.size(); ++region)
        if (recruitment.recruited[region] && counts(region) && (!first || recruitment.onset_ms[region] < first->onset_ms))
            first = Reached{regions[region], recruitment.onset_ms[region]};
    return first;
}

/// What the answers to one question say.
template <class Counts>
Crossing crossing_of(const Search& search, const Inquiry& question, const Axis& axis, const std::vector<std::string>& regions,
                     const Counts& counts) {
    using Kind = Crossing::Kind;
    const auto value = [&](std::size_t point) { return number_from(axis.value(point)).value(); };
    const auto between = question.bracket();
    if (!between) {
        const bool answer = question.answers.begin()->second;
        return {answer ? Kind::always_true : Kind::always_false, value(question.answers.begin()->first),
                value(question.answers.rbegin()->first)};
    }
    const bool rises = !question.answers.at(between->first);
    Crossing crossing{rises ? Kind::rises : Kind::falls, value(between->first), value(between->second)};
    if (rises) crossing.reached = first_reached(search.at(question.axis, between->second, question.control)->recruitment, regions, counts);
    return crossing;
}

/// "true from 40 on", for people.
std::string known_of(const Inquiry& question, const Axis& axis) {
    if (question.answers.empty()) return "nothing";
    if (const auto between = question.bracket())
        return fmt::format("{} at {}, {} at {}", question.answers.at(between->first), axis.value(between->first),
                           question.answers.at(between->second), axis.value(between->second));
    return fmt::format("{} at {} to {}", question.answers.begin()->second, axis.value(question.answers.begin()->first),
                       axis.value(question.answers.rbegin()->first));
}

struct Connection {
    std::size_t to, from;
    double weight, drive;  ///< weight times the source's events
};

/// Connections from active regions to regions that were not reached, the strongest drive first.
std::vector<Connection> connections_out(const Recruitment& recruitment, const RunConfiguration& run, std::size_t most) {
    std::vector<Connection> connections;
    const Connectivity& brain = run.network.connectivity();
    for (std::size_t to = 0; to < brain.regions(); ++to)
        for (std::size_t from = 0; from < brain.regions(); ++from) {
            const bool active = recruitment.recruited[from] || (run.zone[from] && recruitment.events[from] > 0);
            if (to == from || !active || recruitment.recruited[to] || run.zone[to] || !(brain.weight(to, from) > 0)) continue;
            const double weight = brain.weight(to, from);
            connections.push_back({to, from, weight, weight * static_cast<double>(recruitment.events[from])});
        }
    std::ranges::stable_sort(connections, std::ranges::greater{}, &Connection::drive);
    connections.resize(std::min(connections.size(), most));
    return connections;
}

/// The search over the values of the key.
class Threshold {
  public:
    Threshold(const ThresholdSettings& settings, const Document& base, const Catalogue& catalogue)
        : settings_(settings),
          catalogue_(catalogue),
          axis_(axis_of(settings, base)),
          end_(read_configuration(axis_.document(settings.intervals()), catalogue)),
          search_({axis_}, questions(), measure_settings(base), catalogue) {
        const RunConfiguration begin = read_configuration(axis_.document(0), catalogue);
        if (begin.network.connectivity().labels() != labels())
            throw ConfigurationError(fmt::format("--key {} changes which regions there are: a threshold is of one network", settings.key));
    }

    ThresholdReport find(std::size_t threads, const ThresholdWatcher& watcher) {
        search_.run(threads, watcher, [this](const Search& search) {
            const auto& asked = search.questions();
            return known_of(asked[0], axis_) + (has_control() ? fmt::format("; control: {}", known_of(asked[1], axis_)) : "");
        });
        ThresholdReport report = report_of_search();
        if (settings_.limiting > 0) raise_connections(report, threads, watcher);
        return report;
    }

  private:
    [[nodiscard]] const std::vector<std::string>& labels() const { return end_.network.connectivity().labels(); }
    [[nodiscard]] bool has_control() const { return end_.control.has_value(); }

    /// The condition, the control's, and where they are wanted those of the regions outside the zone, in this order.
    [[nodiscard]] std::vector<Inquiry> questions() const {
        std::vector<Inquiry> all{{0, false, Condition::from(settings_.until, "--until"), "--until"}};
        const Condition control = Condition::from(settings_.control_until, "--control-until");
        if (has_control()) all.push_back({0, true, control, "--control-until"});
        for (std::size_t region = 0; settings_.per_region && region < labels().size(); ++region)
            if (!end_.zone[region])
                all.push_back(
                    {0, false, {fmt::format("recruited[{}]", labels()[region]), Condition::Comparison::at_least, 1}, "--per-region"});
        return all;
    }

    [[nodiscard]] ThresholdReport report_of_search() const {
        const auto& asked = search_.questions();
        const auto outside = [&](std::size_t region) { return !end_.zone[region]; };
        ThresholdReport report{.condition = asked[0].condition.text(),
                               .control_condition = has_control() ? asked[1].condition.text() : "",
                               .regions = labels(),
                               .zone = end_.zone,
                               .duration = end_.duration,
                               .trial = crossing_of(search_, asked[0], axis_, labels(), outside),
                               .warnings = warnings()};
        if (has_control()) report.control = crossing_of(search_, asked[1], axis_, labels(), [](std::size_t) { return true; });
        std::size_t question = has_control() ? 2 : 1;
        for (std::size_t region = 0; settings_.per_region && region < labels().size(); ++region)
            if (outside(region))
                report.by_region.push_back({labels()[region], crossing_of(search_, asked[question++], axis_, labels(),
                                                                          [&](std::size_t other) { return other == region; })});
        for (const Search::Trial& trial : search_.trials()) report.trials.push_back(trial.run);
        add_cost(report);
        return report;
    }

    [[nodiscard]] std::vector<std::string> warnings() const {
        SimulatorSettings settings = end_.settings;
        settings.monitors.clear();
        settings.threads = 1;
        return Simulator(end_.network, settings).warnings();
    }

    void add_cost(ThresholdReport& report) const {
        double simulated = 0;
        for (const ThresholdTrial& trial : report.trials) {
            report.evaluations += trial.evaluations;
            simulated += trial.simulated;
        }
        const double whole_trial = static_cast<double>(report.evaluations) / simulated * report.duration;
        const auto evaluations = [&](std::size_t trials) { return std::llround(whole_trial * static_cast<double>(trials)); };
        const std::size_t values = settings_.intervals() + 1;
        report.grid_trials = values * (has_control() ? 2 : 1);
        report.grid_evaluations = evaluations(report.grid_trials);
        std::size_t silent = 0;
        for (std::size_t question = 0; question < (has_control() ? 2U : 1U); ++question) {
            const Inquiry& asked = search_.questions()[question];
            const auto between = asked.bracket();
            if (between && !asked.answers.at(between->first)) silent += between->first + 1;
            if (!between && !asked.answers.begin()->second) silent += values;
        }
        report.grid_evaluations_at_least = evaluations(silent);
    }

    /// Raises connections one by one at the last value where the condition is false.
    void raise_connections(ThresholdReport& report, std::size_t threads, const ThresholdWatcher& watcher) const {
        const Inquiry& asked = search_.questions()[0];
        const auto between = asked.bracket();
        if (!between || report.trial.kind != Crossing::Kind::rises) return;
        const ThresholdTrial& below = *search_.at(0, between->first, false);
        const Document document = axis_.document(between->first);
        const RunConfiguration run = read_configuration(document, catalogue_);
        std::vector<Axis> axes;
        std::vector<Inquiry> questions;
        for (const Connection& each : connections_out(below.recruitment, run, settings_.limiting)) {
            const std::size_t number = axes.size();
            report.connections.push_back({labels()[each.to], labels()[each.from], each.weight});
            axes.push_back(factor_axis(document, report.connections.back(), number));
            questions.push_back({number, false, asked.condition, "--until", {{0, false}}});
        }
        Search raised(axes, questions, measure_settings(document), catalogue_);
        const std::size_t before = report.trials.size();
        ThresholdWatcher counted = watcher;
        if (watcher.tell) counted.tell = [&](std::size_t trials, const std::string& known) { watcher.tell(before + trials, known); };
        raised.run(threads, counted, [&](const Search& search) {
            const auto enough = std::ranges::count_if(search.questions(), [](const Inquiry& each) { return each.bracket().has_value(); });
            return fmt::format("at {} = {}, {} of {} connections raised alone are enough", settings_.key, axis_.value(between->first),
                               enough, search.questions().size());
        });
        for (std::size_t k = 0; k < axes.size(); ++k) {
            const Crossing crossing = crossing_of(raised, raised.questions()[k], axes[k], labels(), [&](std::size_t region) {
                return !run.zone[region] && !below.recruitment.recruited[region];
            });
            if (crossing.kind != Crossing::Kind::rises) continue;
            report.connections[k].factor = crossing.high;
            report.connections[k].reached = crossing.reached;
        }
        for (const Search::Trial& trial : raised.trials()) report.trials.push_back(trial.run);
        const auto least_first = [](const RaisedConnection& each) { return each.factor.value_or(inf); };
        std::vector<std::size_t> order(report.connections.size()), place(order.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t k) { return least_first(report.connections[k]); });
        std::vector<RaisedConnection> sorted;
        for (const std::size_t k : order) {
            place[k] = sorted.size();
            sorted.push_back(report.connections[k]);
        }
        report.connections = std::move(sorted);
        for (ThresholdTrial& trial : report.trials)
            if (trial.connection) trial.connection = place[*trial.connection];
    }

    /// Factors of a connection's weight.
    [[nodiscard]] Axis factor_axis(const Document& document, const RaisedConnection& connection, std::size_t number) const {
        const SweptKey factor{.key = "factor", .from = 1.0, .to = settings_.raise, .steps = factor_intervals + 1};
        const std::string key = fmt::format("connectome.weights.{}.{}", key_text(connection.to), key_text(connection.from));
        return {.name = "factor of " + key,
                .value = [factor](std::size_t point) { return factor.value(point); },
                .document =
                    [&document, factor, key, weight = connection.weight](std::size_t point) {
                        Document raised = document;
                        raised.set(fmt::format("{}={}", key, shortest(weight * number_from(factor.value(point)).value())));
                        return raised;
                    },
                .first = {factor_intervals},
                .connection = number};
    }

    const ThresholdSettings& settings_;
    const Catalogue& catalogue_;
    Axis axis_;
    RunConfiguration end_;  ///< at the end of the range
    Search search_;
};

}  // namespace

std::size_t ThresholdSettings::intervals() const {
    constexpr double few_roundings = 1e-9;
    return static_cast<std::size_t>(std::max(1.0, std::ceil((to - from) / tolerance.value_or((to - from) / 100) * (1 - few_roundings))));
}

std::optional<ThresholdReport::Window> ThresholdReport::window() const {
    using Kind = Crossing::Kind;
    if (!control || (trial.kind != Kind::rises && trial.kind != Kind::always_true)) return std::nullopt;
    if (control->kind != Kind::rises && control->kind != Kind::always_false) return std::nullopt;
    const bool silent_throughout = control->kind == Kind::always_false;
    const double from = trial.kind == Kind::rises ? trial.high : trial.low, to = silent_throughout ? control->high : control->low;
    if (from > to) return std::nullopt;
    return Window{from, to, silent_throughout};
}

ThresholdReport find_threshold(const ThresholdSettings& settings, const Document& base, const Catalogue& catalogue, std::size_t threads,
                               const ThresholdWatcher& watcher) {
    check(settings);
    return Threshold(settings, base, catalogue).find(threads, watcher);
}

}  // namespace kation
