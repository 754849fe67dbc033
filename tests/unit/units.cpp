#include <kation/support/error.hpp>
#include <kation/support/units.hpp>
#include <support/refused.hpp>

#include <cmath>
#include <limits>

using namespace kation;

TEST_CASE("the time of a step has no more digits than dt") {
    CHECK(time_of(1547888, 0.02) == 30957.76);
    CHECK(time_of(3, 0.1) == 0.3);
    CHECK(time_of(-7, 0.005) == -0.035);
    CHECK(time_of(5, 2.5) == 12.5);
    CHECK(time_of(1000, 0.03) == 1000 * 0.03);  // 1 ms is no whole number of these steps
}

TEST_CASE("no step is lost where a duration is a whole number of steps only to rounding") {
    for (const double dt : {0.1, 0.05, 0.02, 0.01, 0.005, 0.3, 0.7, 1.0 / 3.0, 1e-3, 0.0244140625})
        for (std::int64_t steps = 0; steps < 20000; ++steps) {
            // As a user would type it, and as a sum of durations comes out.
            const double product = static_cast<double>(steps) * dt;
            if (steps_if_whole(product, dt) != steps || whole_steps("duration", std::nextafter(product, 1e300), dt) != steps)
                FAIL_CHECK(steps << " steps of " << dt);
        }
    CHECK(whole_steps("duration", 0.3, 0.1) == 3);  // 0.3/0.1 is 2.9999999999999996
    CHECK(whole_steps("duration", 60000.0, 0.02) == 3000000);
    CHECK(whole_steps("duration", 1e9, 1e-3) == 1000000000000);
}

TEST_CASE("what is no whole number of steps is refused with its neighbours") {
    CHECK_FALSE(steps_if_whole(0.35, 0.1).has_value());
    CHECK_FALSE(steps_if_whole(1000.01, 0.02).has_value());
    CHECK_FALSE(steps_if_whole(std::nan(""), 0.02).has_value());
    CHECK_FALSE(steps_if_whole(std::numeric_limits<double>::infinity(), 0.02).has_value());
    CHECK_FALSE(steps_if_whole(1e17, 0.1).has_value());
    CHECK_REFUSED(ConfigurationError, "period = 0.35 ms is not a whole number of steps of dt = 0.1 ms; the nearest are 0.3 and 0.4 ms",
                  whole_steps("period", 0.35, 0.1));
}

TEST_CASE("delays are rounded to the nearest step, halves to even as The Virtual Brain does") {
    CHECK(nearest_step(0.5, 1.0) == 0);
    CHECK(nearest_step(1.5, 1.0) == 2);
    CHECK(nearest_step(2.5, 1.0) == 2);
    CHECK(nearest_step(2.51, 1.0) == 3);
    CHECK(nearest_step(10.0, 0.1) == 100);
}
