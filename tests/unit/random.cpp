#include <kation/support/random.hpp>
#include <support/close.hpp>

#include <Random123/philox.h>

#include <cmath>
#include <set>

using namespace kation;

TEST_CASE("the generator is Philox 4x32-10, as its authors' table of known answers has it") {
    const r123::Philox4x32::ctr_type counter{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}};
    const r123::Philox4x32::key_type key{{0xa4093822, 0x299f31d0}};
    const auto bits = r123::Philox4x32{}(counter, key);
    CHECK(bits[0] == 0xd16cfe09);
    CHECK(bits[1] == 0x94fdcceb);
    CHECK(bits[2] == 0x5001e420);
    CHECK(bits[3] == 0x24126ea1);
}

TEST_CASE("each place has numbers of its own, always the same") {
    std::set<double> seen;
    for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, ~0ULL})
        for (const std::uint32_t region : {0U, 1U, 70000U})
            for (const std::uint32_t variable : {0U, 1U, 0x80000000U, 0xffffffffU})
                for (const std::uint64_t step : {0ULL, 1ULL, 1ULL << 32, (1ULL << 32) + 1}) {
                    const auto pair = two_normals(seed, {region, variable, step});
                    CHECK(pair == two_normals(seed, {region, variable, step}));
                    for (const double number : pair) CHECK(seen.insert(number).second);
                }
}

TEST_CASE("numbers are normal: moments, tails and the independence of a pair") {
    constexpr std::uint64_t pairs = 500000;
    double sum = 0, squares = 0, fourth = 0, product = 0, square_product = 0;
    std::int64_t beyond3 = 0;
    for (std::uint64_t step = 0; step < pairs; ++step) {
        const auto [a, b] = two_normals(7, {3, 1, step});
        REQUIRE((std::isfinite(a) && std::isfinite(b)));
        for (const double x : {a, b}) {
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
            beyond3 += std::abs(x) > 3.0 ? 1 : 0;
        }
        product += a * b;
        square_product += (a * a - 1) * (b * b - 1);
    }
    const double n = 2.0 * pairs;
    const auto within = [](double found, double exact, double standard_error) {
        CHECK_CLOSE(found, exact, .abs = 4.5 * standard_error, .why = "4.5 standard errors");
    };
    within(sum / n, 0.0, 1 / std::sqrt(n));
    within(squares / n, 1.0, std::sqrt(2 / n));
    within(fourth / n, 3.0, std::sqrt(96 / n));
    within(product / pairs, 0.0, 1 / std::sqrt(pairs));
    within(square_product / pairs, 0.0, 2 / std::sqrt(pairs));
    const double tail = std::erfc(3.0 / std::sqrt(2.0));
    within(static_cast<double>(beyond3) / n, tail, std::sqrt(tail / n));
}
