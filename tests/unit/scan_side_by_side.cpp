// Trials that run side by side in the lanes of vectors leave the rows that they leave alone.
#include <kation/model/catalogue.hpp>
#include <kation/scan/campaign.hpp>
#include <kation/scan/journal.hpp>
#include <kation/scan/schedule.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

using namespace kation;

namespace {

using Rows = std::map<std::size_t, TrialRow>;

Rows rows_of(const Campaign& campaign, std::size_t at_once) {
    Rows rows;
    std::vector<std::size_t> batch;
    for (std::size_t trial = 0; trial < campaign.plan().trials(); ++trial) {
        batch.push_back(trial);
        if (batch.size() < at_once && trial + 1 < campaign.plan().trials()) continue;
        CHECK(campaign.run(
            batch, [] { return false; }, [&](TrialRow row) { rows.emplace(row.trial, std::move(row)); }));
        batch.clear();
    }
    return rows;
}

/// @returns the rows
Rows same_however_many(const std::string& text, bool side_by_side = true) {
    const Catalogue catalogue;
    const Document document = Document::from_text(text, "test.toml");
    const Campaign campaign(document, read_scan(document), catalogue);
    CHECK(campaign.side_by_side() == side_by_side);
    const Rows alone = rows_of(campaign, 1);
    CHECK(alone.size() == campaign.plan().trials());
    for (const std::size_t at_once : {2UL, 5UL, 8UL}) {
        CAPTURE(at_once);
        CHECK(rows_of(campaign, at_once) == alone);
    }
    return alone;
}

constexpr const char* six_nodes = R"toml([connectome]
builtin = "six_node"
speed = {speed}
[model]
name = "ion_exchange"
preset = "fig6"
parameters = {{ K_bath = 5.5 }}
[regions.D]
K_bath = 15.5
[coupling]
G = 100
[integrator]
method = "rk4"
dt = 0.05
duration = 2500
[recruitment]
min_events = 1
control = {control}
[scan]
{scan}
)toml";

std::string scan_of(std::string_view scan, std::string_view control = "false", std::string_view speed = "\"inf\"") {
    return fmt::format(fmt::runtime(six_nodes), fmt::arg("scan", scan), fmt::arg("control", control), fmt::arg("speed", speed));
}

}  // namespace

TEST_CASE("side by side: a sweep of the coupling, with controls, measures of every kind, and delays or none") {
    for (const char* speed : {"\"inf\"", "20"}) {
        CAPTURE(std::string(speed));
        const Rows rows = same_however_many(scan_of(R"toml(keys = { "coupling.G" = { from = 0, to = 200, steps = 11 } }
measures = ["recruited", "onset[*]", "V.mean", "V.max[D]", "V.power(8, 12)", "V.fc_mean", "events"])toml",
                                                    "true", speed));
        CHECK(rows.at(10).cells != rows.at(9).cells);
    }
}

TEST_CASE("side by side: trials that stop early do so where they stop alone") {
    const Rows rows = same_however_many(scan_of(R"toml(keys = { "regions.D.K_bath" = { from = 5.5, to = 25.5, steps = 11 } }
measures = ["recruited", "first_onset", "V.mean", "events[D]"]
[scan.stop]
region = "D"
quiet = 2000
every = 50)toml",
                                                "true"));
    CHECK(rows.at(0).cells.find("quiet") != std::string::npos);
    CHECK(rows.at(5).cells.find("region") != std::string::npos);
}

TEST_CASE("side by side: one that fails, one that becomes invalid and one that lasts less change nothing for the others") {
    const Rows rows = same_however_many(scan_of(R"toml(measures = ["V.mean", "V.max[D]"]
[scan.keys]
"model.parameters.Cm" = { values = [1, 1e-4, -1, 2] }
"model.initial.V" = { values = [-60] }
"integrator.duration" = { values = [100, 300] })toml"));
    std::map<std::string, int> statuses;
    for (const auto& [trial, row] : rows) ++statuses[row.status];
    CHECK(statuses["ok"] == 4);
    CHECK(statuses["invalid"] == 2);
    CHECK(statuses["failed"] == 2);
}

TEST_CASE("side by side: trials that differ in more than numbers find others that do not") {
    same_however_many(scan_of(R"toml(measures = ["V.mean"]
window = [0, 200]
[scan.keys]
"integrator.method" = { values = ["rk4", "heun", "adaptive"] }
"connectome.speed" = { values = [4, 8] }
"coupling.G" = { values = [10, 20] })toml"));
}

TEST_CASE("side by side: weights, noise and models of several regions") {
    const char* text = R"toml([connectome]
builtin = "six_node"
speed = 3
[model]
name = "montbrio_pazo_roxin"
[regions.B]
model = "ion_exchange"
[coupling]
gains."ion_exchange -> montbrio_pazo_roxin" = 0.1
gains."montbrio_pazo_roxin -> ion_exchange" = 0.1
[integrator]
method = "heun"
dt = 0.02
duration = 40
[noise]
v = { D = 1e-3 }
[recruitment]
control = false
[scan]
mode = "random"
n = 11
seed = 3
keys = { "connectome.weights.A.D" = { from = 0, to = 1 }, "connectome.weights.D.A" = { values = [0, 0.5] } }
measures = ["r.mean", "v.variance[*]"]
)toml";
    same_however_many(text);
    // A seed of its own for each: then they run one after the other.
    same_however_many(std::string(text) + "same_noise = false\n");
}
