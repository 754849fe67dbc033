#include <kation/model/catalogue.hpp>
#include <kation/scan/stopping.hpp>
#include <kation/support/error.hpp>
#include <support/networks.hpp>
#include <support/refused.hpp>

#include <doctest/doctest.h>

using namespace kation;

namespace {

/// What was seen of four regions, the first of which is the zone.
Recruitment seen(const std::vector<bool>& recruited, const std::vector<std::int64_t>& events) {
    return {recruited, {}, {}, events, {}, {}, {}};
}

const std::vector<bool> zone{true, false, false, false};
const Network& four_regions() {
    static const Network network(random_connectome({.regions = 4}), model("montbrio_pazo_roxin"));
    return network;
}

}  // namespace

TEST_CASE("each rule ends a trial when it is fulfilled, and not before") {
    const Recruitment none = seen({true, false, false, false}, {9, 1, 1, 0}), two = seen({true, true, true, false}, {9, 5, 5, 0}),
                      all = seen({true, true, true, true}, {9, 5, 5, 5});
    StopSettings settings;
    settings.all_recruited = true;
    CHECK(StopWatch(settings, four_regions(), zone).look(two, 100).empty());
    CHECK(StopWatch(settings, four_regions(), zone).look(all, 100) == "all_recruited");
    settings.recruited = 2;
    CHECK(StopWatch(settings, four_regions(), zone).look(none, 100).empty());
    CHECK(StopWatch(settings, four_regions(), zone).look(two, 100) == "recruited");
    settings.region = "region_1";
    CHECK(StopWatch(settings, four_regions(), zone).look(none, 100).empty());
    CHECK(StopWatch(settings, four_regions(), zone).look(two, 100) == "region");
    settings.after = 150;
    CHECK(StopWatch(settings, four_regions(), zone).look(two, 149).empty());
    CHECK(StopWatch(settings, four_regions(), zone).look(two, 150) == "region");
}

TEST_CASE("quiet is counted from the look that found the last event, of the zone too, and from `after` at the earliest") {
    StopSettings settings;
    settings.quiet = 300;
    StopWatch watch(settings, four_regions(), zone);
    const Recruitment silent = seen({false, false, false, false}, {0, 0, 0, 0}), once = seen({false, false, false, false}, {1, 0, 0, 0});
    CHECK(watch.look(silent, 100).empty());
    CHECK(watch.look(silent, 200).empty());
    CHECK(watch.look(once, 300).empty());
    CHECK(watch.look(once, 500).empty());
    CHECK(watch.look(once, 600) == "quiet");

    StopWatch never_active(settings, four_regions(), zone);
    CHECK(never_active.look(silent, 299.9).empty());
    CHECK(never_active.look(silent, 300) == "quiet");

    settings.after = 1000;
    StopWatch later(settings, four_regions(), zone);
    CHECK(later.look(once, 500).empty());
    CHECK(later.look(once, 1200).empty());
    CHECK(later.look(once, 1300) == "quiet");
}

TEST_CASE("rules that the network cannot fulfil are refused") {
    StopSettings settings;
    settings.region = "region_9";
    CHECK_REFUSED(ConfigurationError, "scan.stop.region: ", StopWatch(settings, four_regions(), zone));
    settings.region.reset();
    settings.recruited = 4;
    CHECK_REFUSED(ConfigurationError, "scan.stop.recruited = 4: only 3 regions are outside the zone",
                  StopWatch(settings, four_regions(), zone));
}

TEST_CASE("looks are a whole number of steps apart, about 100 ms where nothing is said") {
    StopSettings settings;
    CHECK(settings.steps_between(0.02) == 5000);
    CHECK(settings.steps_between(0.03) == 3333);
    CHECK(settings.steps_between(1000.0) == 1);
    settings.every = 1.0;
    CHECK(settings.steps_between(0.02) == 50);
    CHECK_REFUSED(ConfigurationError, "scan.stop.every = 1 ms is not a whole number of steps", settings.steps_between(0.03));
}
