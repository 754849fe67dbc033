#pragma once

#include <kation/io/result.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "support/close.hpp"
#include "support/program.hpp"
#include "support/reference_table.hpp"

// What the tests of examples/papers share.

inline std::string paper(const std::string& name) { return std::string(KATION_SOURCE_DIR "/examples/papers/") + name; }

/// Runs a configuration without exports, which only the pictures need, and reads its report.
inline nlohmann::json report_of(const Workplace& place, const std::string& configuration, const Arguments& settings = {}) {
    Arguments arguments{"run", paper(configuration), "--json", "--quiet", "--set", "output.csv=false"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return nlohmann::json::parse(outcome.out);
}

/// Scans a configuration and reads its table.
inline ReferenceTable trials_of(const Workplace& place, const std::string& configuration, const Arguments& settings = {}) {
    Arguments arguments{"scan", paper(configuration), "-o", "trials", "--quiet"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = place.kation(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.code == 0);
    return ReferenceTable(place / "trials/trials.csv");
}

#ifdef KATION_PAPERS
/// The table that a paper's program writes to standard output.
inline ReferenceTable table_of(const Workplace& place, const std::string& command) {
    const std::string file = (place / "table.csv").string();
    REQUIRE(std::system(fmt::format("{}/{} > '{}'", KATION_PAPERS, command, file).c_str()) == 0);
    return ReferenceTable(file);
}
#endif

/// A number that something should have; clang 16 lets no structured binding into the messages of doctest.
struct Expected {
    std::string name;
    double value, within;
};

inline double number(const ReferenceTable::Row& row, const std::string& column) { return ReferenceTable::number(row, column); }

/// One variable of a result, whole.
struct Record {
    arma::vec time;    // [ms]
    arma::mat values;  // axes (region, time)

    Record(const kation::ResultFile& file, const std::string& monitor, const std::string& variable)
        : time(file.time(monitor)), values(file.samples(monitor, variable, 0, time.n_elem)) {}

    /// A region's value at a time that was sampled.
    [[nodiscard]] double at(std::size_t region, double when) const {
        const auto place = static_cast<arma::uword>(arma::index_min(arma::abs(time - when)));
        REQUIRE(std::abs(time(place) - when) < 1e-9);
        return values(region, place);
    }
    /// When the region rises through a threshold after having been below another one, from a time on, between samples by a straight line
    /// [ms].
    [[nodiscard]] std::vector<double> rises(std::size_t region, double threshold, double rearm, double from) const {
        std::vector<double> times;
        bool armed = false;
        for (arma::uword k = 1; k < time.n_elem; ++k) {
            const double before = values(region, k - 1), now = values(region, k);
            armed = armed || before < rearm;
            if (!armed || now < threshold) continue;
            armed = false;
            const double when = time(k - 1) + (time(k) - time(k - 1)) * (threshold - before) / (now - before);
            if (when >= from) times.push_back(when);
        }
        return times;
    }
};
