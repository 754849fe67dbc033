#include <kation/connectome/audit.hpp>
#include <kation/connectome/graph.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kation {
namespace {

// Lengths and speeds beyond these are more likely a mistake in units than a brain.
constexpr double longest_plausible_length = 300;                               // [mm]
constexpr double slowest_plausible_speed = 0.5, fastest_plausible_speed = 30;  // [mm/ms]

// Measured on one core with AVX-512, for the estimate of the run time.
constexpr double seconds_per_node_step = 25e-9, seconds_per_connection_step = 0.25e-9;

std::string bytes(double count) { return count < 1e6 ? fmt::format("{:.3g} kB", count / 1e3) : fmt::format("{:.0f} MB", count / 1e6); }

/// Goes through a connectome topic by topic; each fills in its numbers and says what deserves attention.
class Auditor {
  public:
    Auditor(const Connectivity& connectome, const AuditOptions& options)
        : connectome_(connectome), options_(options), delays_(connectome.delays(options.speed, options.dt)) {}

    Audit result() {
        for (const std::string& warning : connectome_.warnings()) warn(warning);
        connections();
        directions();
        parts();
        lengths();
        delays();
        cost();
        std::ranges::stable_sort(audit_.findings, std::greater{}, &Finding::severity);
        return audit_;
    }

  private:
    void warn(std::string sentence) { audit_.findings.push_back({Severity::warning, std::move(sentence)}); }
    void note(std::string sentence) { audit_.findings.push_back({Severity::note, std::move(sentence)}); }

    [[nodiscard]] std::string arrow(std::size_t to, std::size_t from) const {
        return fmt::format("{} -> {}", connectome_.label(from), connectome_.label(to));
    }

    /// Calls visit(to, from) for each connection between different regions.
    template <class Visit>
    void for_each_connection(const Visit& visit) const {
        for (std::size_t from = 0; from < connectome_.regions(); ++from) {
            for (std::size_t to = 0; to < connectome_.regions(); ++to) {
                if (to != from && connectome_.weight(to, from) != 0) visit(to, from);
            }
        }
    }

    void connections() {
        audit_.regions = connectome_.regions();
        audit_.smallest_weight = std::numeric_limits<double>::infinity();
        for_each_connection([&](std::size_t to, std::size_t from) {
            const double weight = connectome_.weight(to, from);
            ++audit_.connections;
            audit_.negative_weights += weight < 0;
            audit_.smallest_weight = std::min(audit_.smallest_weight, std::abs(weight));
            audit_.largest_weight = std::max(audit_.largest_weight, std::abs(weight));
        });
        if (audit_.connections == 0) {
            audit_.smallest_weight = 0;
            warn("no region is connected to another one");
        }
        if (audit_.regions > 1)
            audit_.density = static_cast<double>(audit_.connections) / static_cast<double>(audit_.regions * (audit_.regions - 1));
        audit_.self_connections = arma::accu(connectome_.weights().diag() != 0);
        if (audit_.self_connections > 0) {
            warn(fmt::format("{} of {} regions are connected to themselves; self_connections = false drops these", audit_.self_connections,
                             audit_.regions));
        }
        if (audit_.negative_weights > 0) warn(fmt::format("{} of {} weights are negative", audit_.negative_weights, audit_.connections));
    }

    void directions() {
        double largest_difference = 0;
        std::string where;
        for_each_connection([&](std::size_t to, std::size_t from) {
            const double there = connectome_.weight(to, from), back = connectome_.weight(from, to);
            audit_.one_way_pairs += back == 0;
            if (back == 0 || there == back || to < from) return;
            ++audit_.asymmetric_pairs;
            const double difference = std::abs(there - back) / std::max(std::abs(there), std::abs(back));
            if (difference <= largest_difference) return;
            largest_difference = difference;
            where = arrow(to, from);
        });
        if (audit_.one_way_pairs + audit_.asymmetric_pairs == 0) return;
        std::string sentence = fmt::format(
            "weights are asymmetric: {} pairs of regions are connected in one direction only, {} differ between "
            "the directions",
            audit_.one_way_pairs, audit_.asymmetric_pairs);
        if (!where.empty()) sentence += fmt::format(" (most, by {:.3g} %, {})", 100 * largest_difference, where);
        note(sentence + "; rows are targets");
    }

    void parts() {
        audit_.components = 1 + std::ranges::max(components(connectome_));
        for (const std::size_t region : isolated_regions(connectome_)) audit_.isolated.push_back(connectome_.label(region));
        if (!audit_.isolated.empty()) {
            warn(fmt::format("{} regions have no connections: {}", audit_.isolated.size(), joined(audit_.isolated)));
        }
        const std::size_t larger = audit_.components - audit_.isolated.size();
        if (larger > 1) warn(fmt::format("the network falls apart into {} components of two and more regions", larger));
    }

    void lengths() {
        const double fastest = fastest_plausible_speed, slowest = slowest_plausible_speed;
        if (std::isfinite(options_.speed) && (options_.speed < slowest || options_.speed > fastest)) {
            warn(fmt::format("speed = {} mm/ms is implausible; white matter conducts at about 1 to 20 mm/ms", shortest(options_.speed)));
        }
        if (!connectome_.has_lengths() || audit_.connections == 0) return;
        std::size_t none = 0, short_ones = 0, long_ones = 0;
        audit_.shortest_length = std::numeric_limits<double>::infinity();
        for_each_connection([&](std::size_t to, std::size_t from) {
            const double length = connectome_.length(to, from);
            audit_.shortest_length = std::min(audit_.shortest_length, length);
            audit_.longest_length = std::max(audit_.longest_length, length);
            none += length == 0;
            short_ones += length > 0 && length < 0.99 * distance(to, from);
            long_ones += length > longest_plausible_length;
        });
        audit_.implausible_lengths = none + short_ones + long_ones;
        const auto counted = [&](std::size_t count, std::string_view what) {
            return fmt::format("{} of {} connections {}", count, audit_.connections, what);
        };
        if (none > 0) warn(counted(none, "have a tract length of 0 mm"));
        if (long_ones > 0) warn(counted(long_ones, fmt::format("are longer than {} mm", longest_plausible_length)));
        // Common in published sets, whose lengths and centres come from different measurements.
        if (short_ones > 0) note(counted(short_ones, "are shorter than the straight line between the centres of their regions"));
    }

    [[nodiscard]] double distance(std::size_t to, std::size_t from) const {
        if (!connectome_.has_centres()) return 0;
        const arma::mat& centres = connectome_.parts().centres;
        return arma::norm(centres.row(to) - centres.row(from));
    }

    void delays() {
        double relative_errors = 0;
        std::size_t with_delay = 0;
        std::string where;
        for_each_connection([&](std::size_t to, std::size_t from) {
            const double exact = connectome_.length(to, from) / options_.speed;
            const double on_grid = static_cast<double>(delays_(to, from)) * options_.dt;
            const double error = std::abs(on_grid - exact);
            audit_.zero_delay += delays_(to, from) == 0;
            audit_.longest_delay = std::max(audit_.longest_delay, on_grid);
            if (exact > 0) relative_errors += error / exact, ++with_delay;
            if (error <= audit_.largest_rounding_error) return;
            audit_.largest_rounding_error = error;
            where = fmt::format("{}, {:.4g} ms becomes {:.4g} ms", arrow(to, from), exact, on_grid);
        });
        if (with_delay > 0) audit_.mean_rounding_error = relative_errors / static_cast<double>(with_delay);
        if (!where.empty()) {
            note(fmt::format("rounding delays to dt = {} ms moves them by up to {:.3g} ms ({}), {:.2g} % on average", shortest(options_.dt),
                             audit_.largest_rounding_error, where, 100 * audit_.mean_rounding_error));
        }
        if (audit_.zero_delay > 0 && with_delay > 0) {
            warn(fmt::format("{} of {} connections have a delay of less than half a step of dt = {} ms, and act at once", audit_.zero_delay,
                             audit_.connections, shortest(options_.dt)));
        }
    }

    void cost() {
        const double regions = static_cast<double>(audit_.regions);
        const double connections = static_cast<double>(audit_.connections + audit_.self_connections);
        constexpr double block = 32;  // steps of history beyond the longest delay
        const double history = regions * (audit_.longest_delay / options_.dt + 2 * block) * sizeof(double);
        const double matrices = 3 * regions * regions * sizeof(double), tracts = 16 * connections;
        audit_.memory = matrices + tracts + history;
        const double steps = 1000 / options_.dt;
        audit_.run_time = steps * (regions * seconds_per_node_step + connections * seconds_per_connection_step);
        note(
            fmt::format("a run needs about {}, of which {} are history, and {:.2g} s on one core per simulated second (ion_exchange, Heun, "
                        "dt = {} ms; an estimate)",
                        bytes(audit_.memory), bytes(history), audit_.run_time, shortest(options_.dt)));
    }

    const Connectivity& connectome_;
    AuditOptions options_;
    StepMatrix delays_;
    Audit audit_;
};

}  // namespace

Audit audit(const Connectivity& connectome, const AuditOptions& options) { return Auditor(connectome, options).result(); }

}  // namespace kation
