// Our exponential, logarithm, arctangent and error function against the long double ones.
#include <kation/model/dual.hpp>
#include <kation/support/math.hpp>
#include <support/close.hpp>
#include <support/networks.hpp>

#include <cmath>
#include <limits>

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();

/// How many units in the last place of the exact value lie between it and x.
double ulps(double x, long double exact) {
    const auto nearest = static_cast<double>(exact);
    const double unit = std::nextafter(std::abs(nearest), inf) - std::abs(nearest);
    return static_cast<double>(std::abs(static_cast<long double>(x) - exact) / static_cast<long double>(unit));
}

constexpr int samples = 200000;

}  // namespace

TEST_CASE("exp is within 1.2 ulp over its whole range") {
    Uniform uniform(1);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        const double x = k % 2 == 0 ? uniform(-708.0, 709.78) : uniform(-3.0, 3.0);
        worst = std::max(worst, ulps(kation::exp(x), std::exp(static_cast<long double>(x))));
    }
    MESSAGE("exp: at most " << worst << " ulp");
    CHECK(worst < 1.2);
}

TEST_CASE("exp at its edges") {
    CHECK(kation::exp(0.0) == 1.0);
    CHECK(kation::exp(-0.0) == 1.0);
    CHECK(kation::exp(inf) == inf);
    CHECK(kation::exp(-inf) == 0.0);
    CHECK(kation::exp(1000.0) == inf);
    CHECK(kation::exp(709.79) == inf);
    CHECK(kation::exp(709.78) < inf);
    CHECK(kation::exp(-1000.0) == 0.0);
    CHECK(std::isnan(kation::exp(not_a_number)));
    CHECK(kation::exp(1e-300) == 1.0);
    for (const double x : {-707.9, -700.0, 709.5})
        CHECK_CLOSE(kation::exp(x), std::exp(x), .rel = 4e-16, .why = "1.2 ulp of ours and 1 of the library's");
}

TEST_CASE("log is within 2 ulp for all sizes of numbers") {
    Uniform uniform(2);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        const double x = k % 2 == 0 ? std::exp2(uniform(-1022.0, 1023.9)) : uniform(0.5, 2.0);
        worst = std::max(worst, ulps(kation::log(x), std::log(static_cast<long double>(x))));
    }
    MESSAGE("log: at most " << worst << " ulp");
    CHECK(worst < 2.0);
}

TEST_CASE("log at its edges") {
    CHECK(kation::log(1.0) == 0.0);
    CHECK(kation::log(0.0) == -inf);
    CHECK(kation::log(inf) == inf);
    CHECK(std::isnan(kation::log(-1.0)));
    CHECK(std::isnan(kation::log(-inf)));
    CHECK(std::isnan(kation::log(not_a_number)));
    for (const double x : {5e-324, 1e-310, 2.3e-308, 1.7e308})
        CHECK_CLOSE(kation::log(x), std::log(x), .rel = 4e-16, .why = "2 ulp of a number near 700");
}

TEST_CASE("log_ratio is within 2 ulp of the logarithm of the exact quotient") {
    Uniform uniform(3);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        // Far apart, as concentrations are, and nearly equal, where log(a) - log(b) would cancel.
        const double a = k % 3 == 0 ? std::exp2(uniform(-500.0, 500.0)) : uniform(1e-3, 200.0);
        const double b = k % 3 == 1   ? a * (1.0 + uniform(-1e-6, 1e-6))
                         : k % 3 == 0 ? std::exp2(uniform(-500.0, 500.0))
                                      : uniform(1e-3, 200.0);
        const auto top = static_cast<long double>(a), bottom = static_cast<long double>(b);
        const bool alike = a < 2 * b && b < 2 * a;
        const long double exact = alike ? std::log1p((top - bottom) / bottom) : std::log(top / bottom);
        if (a == b) continue;
        worst = std::max(worst, ulps(kation::log_ratio(a, b), exact));
    }
    MESSAGE("log_ratio: at most " << worst << " ulp");
    CHECK(worst < 2.0);
}

TEST_CASE("log_ratio at its edges") {
    CHECK(kation::log_ratio(3.7, 3.7) == 0.0);
    struct Ratio {
        double a, b;
    };
    for (const Ratio outside : {Ratio{-1.0, 2.0}, Ratio{1.0, -2.0}, Ratio{-1.0, -2.0}, Ratio{0.0, 1.0}, Ratio{1.0, 0.0},
                                Ratio{not_a_number, 1.0}, Ratio{1.0, not_a_number}, Ratio{inf, 1.0}, Ratio{1.0, inf}}) {
        CAPTURE(outside.a);
        CAPTURE(outside.b);
        CHECK(std::isnan(kation::log_ratio(outside.a, outside.b)));
    }
}

TEST_CASE("atan is within 2 ulp for all sizes of numbers") {
    Uniform uniform(4);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        const double size = k % 2 == 0 ? std::exp2(uniform(-1021.0, 1023.9)) : uniform(0.0, 5.0), x = k % 4 < 2 ? size : -size;
        worst = std::max(worst, ulps(kation::atan(x), std::atan(static_cast<long double>(x))));
    }
    // Where one of the three forms gives way to the next, their errors are largest.
    for (const double edge : {std::sqrt(2.0) - 1.0, std::sqrt(2.0) + 1.0})
        for (int k = -samples / 10; k < samples / 10; ++k) {
            const double x = edge * (1.0 + k * 1e-8);
            worst = std::max(worst, ulps(kation::atan(x), std::atan(static_cast<long double>(x))));
        }
    MESSAGE("atan: at most " << worst << " ulp");
    CHECK(worst < 2.0);
}

TEST_CASE("atan at its edges") {
    constexpr double right_angle = 1.5707963267948966;
    CHECK(kation::atan(0.0) == 0.0);
    CHECK(std::signbit(kation::atan(-0.0)));
    CHECK(kation::atan(inf) == right_angle);
    CHECK(kation::atan(-inf) == -right_angle);
    CHECK(kation::atan(1e300) == right_angle);
    CHECK(kation::atan(-std::numeric_limits<double>::max()) == -right_angle);
    CHECK(std::isnan(kation::atan(not_a_number)));
    for (const double x : {5e-324, 1e-310, 2.3e-308, 1e-200, 1e-9}) CHECK(kation::atan(x) == x);
    for (const double x : {1e-5, 0.3, 1.0, 2.0, 7.0}) CHECK(kation::atan(-x) == -kation::atan(x));
}

TEST_CASE("atan_ratio is within 2 ulp of the arctangent of the exact quotient, also where the quotient is out of range") {
    Uniform uniform(5);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        const double a = k % 2 == 0 ? std::exp2(uniform(-500.0, 500.0)) : uniform(-200.0, 200.0);
        const double b = k % 3 == 0 ? std::exp2(uniform(-500.0, 500.0)) : uniform(-200.0, 200.0);
        worst = std::max(worst, ulps(kation::atan_ratio(a, b), std::atan(static_cast<long double>(a) / static_cast<long double>(b))));
    }
    MESSAGE("atan_ratio: at most " << worst << " ulp");
    CHECK(worst < 2.0);
    CHECK(kation::atan_ratio(1e300, 1e-300) == kation::atan(inf));
    CHECK(kation::atan_ratio(-1.0, 0.0) == kation::atan(-inf));
    CHECK(kation::atan_ratio(0.0, -3.0) == 0.0);
    CHECK(kation::atan_ratio(3.0, inf) == 0.0);
    CHECK(kation::atan_ratio(-inf, 3.0) == kation::atan(-inf));
    CHECK(std::isnan(kation::atan_ratio(0.0, 0.0)));
    CHECK(std::isnan(kation::atan_ratio(inf, inf)));
    CHECK(std::isnan(kation::atan_ratio(not_a_number, 1.0)));
    CHECK(std::isnan(kation::atan_ratio(1.0, not_a_number)));
}

TEST_CASE("the derivatives of atan and atan_ratio are 1/(1 + x^2) and (b da - a db)/(a^2 + b^2)") {
    for (const double x : {-1e9, -2.0, -0.3, 0.0, 0.5, 1.0, 40.0}) {
        const auto angle = kation::atan(kation::Dual<1>::variable(x, 0));
        CHECK(angle.value == kation::atan(x));
        CHECK_CLOSE(angle.slope[0], 1.0 / (1.0 + x * x), .rel = 4e-16, .why = "two roundings");
    }
    const auto angle = kation::atan_ratio(kation::Dual<2>::variable(-1.5, 0), kation::Dual<2>::variable(2.0, 1));
    CHECK(angle.value == kation::atan(-0.75));
    CHECK_CLOSE(angle.slope[0], 2.0 / 6.25, .rel = 4e-16, .why = "two roundings");
    CHECK_CLOSE(angle.slope[1], 1.5 / 6.25, .rel = 4e-16, .why = "two roundings");
}

TEST_CASE("erfc is within 6 ulp over its whole range") {
    Uniform uniform(4);
    double worst = 0;
    for (int k = 0; k < samples; ++k) {
        const double x = k % 2 == 0 ? uniform(-6.0, 26.5) : uniform(-1.0, 1.5);
        worst = std::max(worst, ulps(kation::erfc(x), std::erfc(static_cast<long double>(x))));
    }
    MESSAGE("erfc: at most " << worst << " ulp");
    CHECK(worst < 6.0);
}

TEST_CASE("erfc at its edges") {
    CHECK_CLOSE(kation::erfc(0.0), 1.0, .rel = 5e-16, .why = "2 ulp");
    CHECK(kation::erfc(-0.0) == kation::erfc(0.0));
    CHECK(kation::erfc(27.0) == 0.0);
    CHECK(kation::erfc(1e300) == 0.0);
    CHECK(kation::erfc(inf) == 0.0);
    CHECK(kation::erfc(-7.0) == 2.0);
    CHECK(kation::erfc(-1e300) == 2.0);
    CHECK(kation::erfc(-inf) == 2.0);
    CHECK(std::isnan(kation::erfc(not_a_number)));
    CHECK_CLOSE(kation::erfc(5e-324), 1.0, .rel = 5e-16, .why = "2 ulp");
}
