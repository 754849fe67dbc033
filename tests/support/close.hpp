#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>

/// How near two numbers must be, and why that is the right bound. Both bounds add: |x - exact| <= abs + rel |exact|.
struct Tolerance {
    double abs = 0;
    double rel = 0;
    const char* why;
};

/// True if x is as near to the exact value as the tolerance says; NaN is near to nothing.
inline bool close(double x, double exact, const Tolerance& tolerance) {
    return x == exact || std::abs(x - exact) <= tolerance.abs + tolerance.rel * std::abs(exact);
}

/// CHECK with the numbers and the reason in the failure message.
#define CHECK_CLOSE(x, exact, ...)                                                                                                  \
    do {                                                                                                                            \
        const double kation_x = (x), kation_exact = (exact);                                                                        \
        const Tolerance kation_tolerance{__VA_ARGS__};                                                                              \
        INFO(#x << " = " << doctest::toString(kation_x) << ", exact " << doctest::toString(kation_exact) << ", difference "         \
                << kation_x - kation_exact << ", allowed " << kation_tolerance.abs << " + " << kation_tolerance.rel << " |exact| (" \
                << std::string(kation_tolerance.why) << ")");                                                                       \
        CHECK(close(kation_x, kation_exact, kation_tolerance));                                                                     \
    } while (false)
