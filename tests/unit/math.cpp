// The functions of the loops over nodes against MPFR's: on dense grids where they change their ways or models use them, and at random
// bits, which have all sizes and signs and are subnormal, infinite or NaN now and then.
#include <kation/model/dual.hpp>
#include <kation/model/jet.hpp>
#include <kation/support/math.hpp>
#include <support/close.hpp>
#include <support/mpfr.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr double inf = std::numeric_limits<double>::infinity(), not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = std::numeric_limits<double>::max(), smallest = std::numeric_limits<double>::denorm_min();
constexpr int points = 40000;

std::vector<double> grid(double low, double high, int intervals = points) {
    std::vector<double> numbers;
    for (int k = 0; k <= intervals; ++k) numbers.push_back(low + (high - low) * k / intervals);
    return numbers;
}

/// Random bits; with a range, those of the numbers in it.
std::vector<double> random_bits(std::uint64_t seed, double low = -inf, double high = inf, int count = points) {
    std::mt19937_64 engine(seed);
    const bool all = low == -inf && high == inf;
    std::vector<double> numbers{0.0, -0.0, inf, -inf, not_a_number, smallest, -smallest, 1e-310, 0x1p-1022, largest, -largest};
    if (!all) std::erase_if(numbers, [&](double x) { return !(x >= low && x <= high); });
    while (numbers.size() < static_cast<std::size_t>(count)) {
        const auto x = std::bit_cast<double>(engine());
        if (all || (x >= low && x <= high)) numbers.push_back(x);
    }
    return numbers;
}

struct Quotient {
    double a, b;
};
doctest::String toString(const Quotient& quotient) { return doctest::toString(quotient.a) + "/" + doctest::toString(quotient.b); }

/// Tells the largest distance of ours from the exact values, and checks it. `distance`: of a number from the value at a place, in ulp.
template <class Place, class Ours, class Distance>
void within(double bound, const std::string& what, const std::vector<Place>& places, const Ours& ours, const Distance& distance) {
    double worst = -1;
    Place where{};
    for (const Place& place : places) {
        const double found = distance(place, ours(place));
        if (found > worst) worst = found, where = place;
    }
    MESSAGE(what << ": at most " << worst << " ulp, at " << where);
    CHECK(worst <= bound);
}

/// The same for a function of one number that MPFR has.
template <Precise::Function exact, class Ours>
void within(double bound, const std::string& what, const std::vector<double>& numbers, const Ours& ours) {
    within(bound, what, numbers, ours, [](double x, double found) { return Precise(x, 100).apply(exact).ulps_to(found); });
}

constexpr auto exp_of = [](double x) { return kation::exp(x); };
constexpr auto log_of = [](double x) { return kation::log(x); };
constexpr auto tanh_of = [](double x) { return kation::tanh(x); };
constexpr auto erfc_of = [](double x) { return kation::erfc(x); };
constexpr auto atan_of = [](double x) { return kation::atan(x); };
constexpr auto log_of_quotient = [](const Quotient& q) { return kation::log_ratio(q.a, q.b); };
constexpr auto atan_of_quotient = [](const Quotient& q) { return kation::atan_ratio(q.a, q.b); };
constexpr auto from_log = [](const Quotient& q, double found) { return Precise(q.a).divide_by(q.b).apply(mpfr_log).ulps_to(found); };
constexpr auto from_atan = [](const Quotient& q, double found) { return Precise(q.a).divide_by(q.b).apply(mpfr_atan).ulps_to(found); };

/// Quotients of numbers of a list and the same list from its middle on.
std::vector<Quotient> quotients(const std::vector<double>& numbers) {
    std::vector<Quotient> pairs;
    for (std::size_t k = 0; k < numbers.size(); ++k) pairs.push_back({numbers[k], numbers[(k + numbers.size() / 2) % numbers.size()]});
    return pairs;
}

}  // namespace

TEST_CASE("exp is within 1.2 ulp over its whole range, and 0 where results are nearly subnormal") {
    within<mpfr_exp>(1.2, "exp from -708 to 710", grid(-708.0, 710.0), exp_of);
    within<mpfr_exp>(1.2, "exp from -2 to 2", grid(-2.0, 2.0), exp_of);
    within<mpfr_exp>(1.2, "exp next to infinity", grid(709.78271289338, 709.78271289339), exp_of);
    within<mpfr_exp>(1.2, "exp of random bits", random_bits(1, -708.0), exp_of);
    for (const double x : random_bits(2, -inf, std::nextafter(-708.0, -inf), points / 8)) CHECK(kation::exp(x) == 0.0);
    CHECK(std::isnan(kation::exp(not_a_number)));
    CHECK(kation::exp(smallest) == 1.0);
    CHECK(kation::exp(-0.0) == 1.0);
}

TEST_CASE("log is within 2 ulp for all numbers") {
    within<mpfr_log>(2.0, "log from 1/2 to 2", grid(0.5, 2.0), log_of);
    within<mpfr_log>(2.0, "log next to 1", grid(1 - 1e-9, 1 + 1e-9), log_of);
    within<mpfr_log>(2.0, "log of subnormal numbers", grid(smallest, 0x1p-1021), log_of);
    within<mpfr_log>(2.0, "log of random bits", random_bits(3), log_of);
    CHECK(kation::log(0.0) == -inf);
    CHECK(kation::log(-0.0) == -inf);
}

TEST_CASE("log_ratio is within 2 ulp of the logarithm of the exact quotient, whatever its size") {
    within(2.0, "log_ratio of concentrations", quotients(grid(1e-3, 200.0)), log_of_quotient, from_log);
    within(2.0, "log_ratio of random bits", quotients(random_bits(4, 0x1p-1021, 7e307)), log_of_quotient, from_log);
    std::vector<Quotient> alike, edges;  // where log(a) - log(b) would cancel, and where 2^k changes
    for (const double b : random_bits(5, 0x1p-1000, 1e300)) {
        alike.push_back({b * (1 + 1e-7 * static_cast<double>(alike.size() % 1000)), b});
        edges.push_back({b * (1.5 + 1e-16 * static_cast<double>(edges.size() % 100)), b});
    }
    within(2.0, "log_ratio of nearly equal numbers", alike, log_of_quotient, from_log);
    within(2.0, "log_ratio of quotients next to 3/2", edges, log_of_quotient, from_log);
}

TEST_CASE("log_ratio at its edges") {
    CHECK(kation::log_ratio(3.7, 3.7) == 0.0);
    CHECK(kation::log_ratio(0x1p-1021, 0x1p-1021) == 0.0);
    CHECK_CLOSE(kation::log_ratio(largest, 1.0), std::log(largest), .rel = 4e-16, .why = "2 ulp");
    for (const double outside : {0.0, -0.0, -1.0, smallest, 0x1p-1022, std::nextafter(0x1p-1021, 0.0), inf, -inf, not_a_number}) {
        CAPTURE(outside);
        CHECK(std::isnan(kation::log_ratio(outside, 2.0)));
        CHECK(std::isnan(kation::log_ratio(2.0, outside)));
        CHECK(std::isnan(kation::log_ratio(outside, outside)));
    }
}

TEST_CASE("tanh is within 3 ulp over the whole line, and odd") {
    within<mpfr_tanh>(3.0, "tanh from -20 to 20", grid(-20.0, 20.0), tanh_of);
    within<mpfr_tanh>(3.0, "tanh from 0 to 1", grid(0.0, 1.0), tanh_of);
    within<mpfr_tanh>(3.0, "tanh next to 0", grid(-1e-7, 1e-7), tanh_of);
    within<mpfr_tanh>(3.0, "tanh of random bits", random_bits(6), tanh_of);
    within<mpfr_tanh>(3.0, "tanh of random bits of middle size", random_bits(7, 1e-20, 25.0), tanh_of);
    for (const double x : {0.0, smallest, 1e-310, 2.3e-308, 1e-200, 1e-17, 1e-5, 0.3, 5.0, 19.0, 20.1, largest, inf}) {
        CHECK(kation::tanh(-x) == -kation::tanh(x));
        CHECK(std::signbit(kation::tanh(-x)));
        CHECK(!std::signbit(kation::tanh(x)));
        if (x < 0x1p-54) CHECK(kation::tanh(x) == x);
        if (x > 20) CHECK(kation::tanh(x) == 1.0);
    }
}

TEST_CASE("erfc is within 6 ulp over its whole range, and 0 where results are subnormal") {
    within<mpfr_erfc>(6.0, "erfc from -6 to 26.5", grid(-6.0, 26.5, points / 8), erfc_of);
    within<mpfr_erfc>(6.0, "erfc from -1 to 1.5", grid(-1.0, 1.5, points / 2), erfc_of);
    within<mpfr_erfc>(6.0, "erfc of random bits", random_bits(8, -inf, 26.5, points / 8), erfc_of);
    for (const double x : random_bits(9, 26.65, inf, points / 8)) CHECK(kation::erfc(x) == 0.0);
    CHECK(kation::erfc(-0.0) == kation::erfc(0.0));
    CHECK(std::isnan(kation::erfc(not_a_number)));
}

TEST_CASE("atan is within 2 ulp for all numbers, and odd") {
    within<mpfr_atan>(2.0, "atan from -5 to 5", grid(-5.0, 5.0), atan_of);
    // Where one of the three forms gives way to the next, their errors are largest.
    for (const double edge : {std::sqrt(2.0) - 1.0, std::sqrt(2.0) + 1.0})
        within<mpfr_atan>(2.0, "atan where forms meet", grid(edge * (1 - 1e-4), edge * (1 + 1e-4)), atan_of);
    within<mpfr_atan>(2.0, "atan of random bits", random_bits(10), atan_of);
    for (const double x : {0.0, smallest, 1e-310, 2.3e-308, 1e-200, 1e-9}) {
        CHECK(kation::atan(x) == x);
        CHECK(std::signbit(kation::atan(-x)));
    }
    for (const double x : {1e-5, 0.3, 1.0, 2.0, 7.0, inf}) CHECK(kation::atan(-x) == -kation::atan(x));
}

TEST_CASE("atan_ratio is within 2 ulp of the arctangent of the exact quotient, also where the quotient is out of range") {
    within(2.0, "atan_ratio of numbers of one size", quotients(grid(-200.0, 201.0)), atan_of_quotient, from_atan);
    within(2.0, "atan_ratio of random bits", quotients(random_bits(11, -1e307, 1e307)), atan_of_quotient, from_atan);
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

TEST_CASE("sines and cosines of turns are within 2 ulp where a quarter of a turn can be seen") {
    const auto sine = [](double u) { return kation::sine_cosine_of_turns(u).sine; };
    const auto cosine = [](double u) { return kation::sine_cosine_of_turns(u).cosine; };
    // At whole quarters the rounding of pi would show; they are looked at below.
    const auto whole = [](double u) { return std::rint(4 * u) == 4 * u; };
    const auto from_sine = [&](double u, double found) {
        return whole(u) ? 0.0 : Precise(u).turns_to_radians().apply(mpfr_sin).ulps_to(found);
    };
    const auto from_cosine = [&](double u, double found) {
        return whole(u) ? 0.0 : Precise(u).turns_to_radians().apply(mpfr_cos).ulps_to(found);
    };
    for (const auto& [what, places] :
         {std::pair{std::string("one turn"), grid(0.0, 1.0)}, std::pair{std::string("turns back and forth"), grid(-7.3, 9.1)},
          std::pair{std::string("random bits"), random_bits(12, -0x1p49, 0x1p49)}}) {
        within(2.0, "sine, " + what, places, sine, from_sine);
        within(2.0, "cosine, " + what, places, cosine, from_cosine);
    }
    for (const double quarters : {0.0, 1.0, 2.0, 3.0, 4.0, -1.0, -2.0, 4e6 + 1}) {
        const auto [s, c] = kation::sine_cosine_of_turns(quarters / 4);
        const int which = static_cast<int>(std::fmod(std::fmod(quarters, 4) + 4, 4));
        CHECK(s == std::array{0, 1, 0, -1}[static_cast<std::size_t>(which)]);
        CHECK(c == std::array{1, 0, -1, 0}[static_cast<std::size_t>(which)]);
    }
    for (const double nothing : {inf, -inf, not_a_number}) CHECK(std::isnan(sine(nothing) + cosine(nothing)));
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

TEST_CASE("the derivatives of tanh are 1/cosh^2 and -2 tanh/cosh^2") {
    for (const double x : {-30.0, -2.0, -0.3, 0.0, 1e-9, 0.5, 4.0, 19.0}) {
        const double slope = 1 / (std::cosh(x) * std::cosh(x));
        const auto once = kation::tanh(kation::Dual<1>::variable(x, 0));
        CHECK(once.value == kation::tanh(x));
        CHECK_CLOSE(once.slope[0], slope, .abs = 4.5e-16, .why = "2 ulp of the tangent, twice");
        const auto twice = kation::tanh(kation::Jet<double>(x, 1.0, 2.0, 0.0, 0.0, 0.0));
        CHECK(twice.value == kation::tanh(x));
        CHECK_CLOSE(twice.y, 2 * slope, .abs = 9e-16, .why = "the same times 2");
        CHECK_CLOSE(twice.xy, -4 * std::tanh(x) * slope, .abs = 2e-15, .why = "the same times 4");
    }
}
