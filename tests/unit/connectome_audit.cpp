#include <kation/connectome/audit.hpp>
#include <kation/connectome/builtin.hpp>
#include <kation/support/error.hpp>

#include "support/close.hpp"
#include "support/refused.hpp"

#include <algorithm>
#include <limits>

using namespace kation;

namespace {

/// True if a finding of this severity contains the text.
bool finds(const Audit& audit, Severity severity, std::string_view text) {
    return std::ranges::any_of(audit.findings, [&](const Finding& finding) {
        return finding.severity == severity && finding.sentence.find(text) != std::string::npos;
    });
}

bool warns(const Audit& audit, std::string_view text) { return finds(audit, Severity::warning, text); }
bool notes(const Audit& audit, std::string_view text) { return finds(audit, Severity::note, text); }

}  // namespace

TEST_CASE("a sound connectome has no warnings, and its numbers are those one counts by hand") {
    const Audit found = audit(builtin_connectome("ring_3"), {.speed = 4, .dt = 0.1});
    CHECK(std::ranges::none_of(found.findings, [](const Finding& finding) { return finding.severity == Severity::warning; }));
    CHECK(found.regions == 3);
    CHECK(found.connections == 3);
    CHECK(found.density == 0.5);
    CHECK(found.components == 1);
    CHECK(found.smallest_weight == 0.25);
    CHECK(found.largest_weight == 1);
    CHECK(found.shortest_length == 10);
    CHECK(found.longest_length == 40);
    CHECK(found.longest_delay == 10);
    CHECK(found.one_way_pairs == 3);
    CHECK(found.asymmetric_pairs == 0);
    CHECK(found.memory > 0);
    CHECK(found.run_time > 0);
}

TEST_CASE("asymmetry is named with the pair that differs most") {
    const Audit found = audit(builtin_connectome("six_node").with_weight(0, 1, 1.0));
    CHECK(found.one_way_pairs == 0);
    CHECK(notes(found, "weights are asymmetric"));
    CHECK(notes(found, "by 90 %, "));
    CHECK(notes(found, "A -> B"));
}

TEST_CASE("self-connections, isolated regions, parts and negative weights are named") {
    ConnectomeParts parts;
    parts.weights.zeros(5, 5);
    parts.weights(1, 0) = -1;
    parts.weights(3, 2) = 1;
    parts.weights(4, 4) = 1;
    parts.labels = {"a", "b", "c", "d", "lonely"};
    const Audit found = audit(Connectivity(parts));
    CHECK(found.self_connections == 1);
    CHECK(found.isolated == std::vector<std::string>{"lonely"});
    CHECK(found.components == 3);
    CHECK(found.negative_weights == 1);
    CHECK(warns(found, "1 of 5 regions are connected to themselves"));
    CHECK(warns(found, "1 regions have no connections: lonely"));
    CHECK(warns(found, "2 components of two and more regions"));
    CHECK(warns(found, "1 of 2 weights are negative"));
    CHECK(warns(found, "neither tract lengths nor region centres"));
    CHECK(found.findings.front().severity == Severity::warning);
    CHECK(found.findings.back().severity == Severity::note);
}

TEST_CASE("the rounding error of delays is the distance from length / speed to the grid") {
    // 10, 20 and 40 mm at 3 mm/ms are 3.33, 6.67 and 13.33 ms, on a grid of 1 ms 3, 7 and 13 ms.
    const Audit found = audit(builtin_connectome("ring_3"), {.speed = 3, .dt = 1});
    CHECK_CLOSE(found.largest_rounding_error, 1.0 / 3, .rel = 1e-12, .why = "rounding");
    CHECK_CLOSE(found.mean_rounding_error, (0.1 + 0.05 + 0.025) / 3, .rel = 1e-12, .why = "rounding");
    CHECK(notes(found, "rounding delays to dt = 1 ms moves them by up to 0.333 ms ("));
}

TEST_CASE("connections whose delay rounds to nothing are named, unless nothing has a delay") {
    const Audit coarse = audit(builtin_connectome("ring_3"), {.speed = 20, .dt = 1.5});
    CHECK(coarse.zero_delay == 1);
    CHECK(warns(coarse, "1 of 3 connections have a delay of less than half a step of dt = 1.5 ms"));
    const Audit none = audit(builtin_connectome("ring_3"), {.speed = std::numeric_limits<double>::infinity(), .dt = 0.1});
    CHECK(none.zero_delay == 3);
    CHECK(none.longest_delay == 0);
    CHECK(std::ranges::none_of(none.findings, [](const Finding& finding) { return finding.severity == Severity::warning; }));
}

TEST_CASE("lengths and speeds that no brain has are named") {
    const Connectivity ring = builtin_connectome("ring_3");
    CHECK(warns(audit(ring.with_length(1, 0, 0)), "1 of 3 connections have a tract length of 0 mm"));
    CHECK(warns(audit(ring.with_length(1, 0, 3000)), "1 of 3 connections are longer than 300 mm"));
    CHECK(notes(audit(ring.with_length(1, 0, 7)), "1 of 3 connections are shorter than the straight line"));
    CHECK(audit(ring.with_length(1, 0, 7)).implausible_lengths == 1);
    CHECK(warns(audit(ring, {.speed = 0.003, .dt = 0.1}), "speed = 0.003 mm/ms is implausible"));
    CHECK(warns(audit(ring, {.speed = 3000, .dt = 0.1}), "speed = 3000 mm/ms is implausible"));
}

TEST_CASE("memory and time grow with what a run asks for") {
    const Connectivity brain = builtin_connectome("synthetic_76");
    const Audit fast = audit(brain, {.speed = 10, .dt = 0.1}), slow = audit(brain, {.speed = 1, .dt = 0.1}),
                fine = audit(brain, {.speed = 10, .dt = 0.01});
    CHECK(slow.memory > fast.memory);
    CHECK(fine.memory > fast.memory);
    CHECK_CLOSE(fine.run_time, 10 * fast.run_time, .rel = 1e-12, .why = "rounding");
}

TEST_CASE("an audit needs a speed and a step above zero") {
    CHECK_REFUSED(ConfigurationError, "speed = -3 mm/ms", audit(builtin_connectome("ring_3"), {.speed = -3, .dt = 0.1}));
    CHECK_REFUSED(ConfigurationError, "dt = 0 ms", audit(builtin_connectome("ring_3"), {.speed = 3, .dt = 0}));
}
