#include <kation/support/instruction_set.hpp>
#include <kation/support/random.hpp>
#include <support/close.hpp>

#include <Random123/philox.h>

#include <cmath>
#include <numbers>
#include <random>
#include <set>
#include <vector>

using namespace kation;

TEST_CASE("the generator is Philox 4x32-10, as its authors' table of known answers has it") {
    const auto words = detail::philox(0x299f31d0a4093822, {.region = 0x13198a2e, .variable = 0x03707344, .step = 0x85a308d3243f6a88});
    CHECK(words.a == 0xd16cfe09);
    CHECK(words.b == 0x94fdcceb);
    CHECK(words.c == 0x5001e420);
    CHECK(words.d == 0x24126ea1);
}

TEST_CASE("words are Random123's for any seed and place, and numbers are what Box and Muller make of them") {
    std::mt19937_64 engine(3);
    for (int k = 0; k < 20000; ++k) {
        const std::uint64_t seed = engine(), nodes = engine(), step = engine();
        const RandomPlace place{static_cast<std::uint32_t>(nodes), static_cast<std::uint32_t>(nodes >> 32), step};
        const r123::Philox4x32::ctr_type counter{
            {static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step >> 32), place.region, place.variable}};
        const r123::Philox4x32::key_type key{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
        const auto bits = r123::Philox4x32{}(counter, key);
        const auto words = detail::philox(seed, place);
        REQUIRE((words.a == bits[0] && words.b == bits[1] && words.c == bits[2] && words.d == bits[3]));

        const auto uniform = [](std::uint64_t high, std::uint64_t low) {
            return static_cast<long double>((high << 20) + (low >> 12)) * 0x1p-52L + 0x1p-53L;
        };
        const long double radius = std::sqrt(-2 * std::log(uniform(bits[0], bits[1])));
        const long double angle = 2 * std::numbers::pi_v<long double> * uniform(bits[2], bits[3]);
        const auto [cosine, sine] = two_normals(seed, place);
        constexpr Tolerance tolerance{.abs = 1e-18, .rel = 6e-16, .why = "2 ulp of the angle, 1 of the logarithm, roundings"};
        REQUIRE(close(cosine, static_cast<double>(radius * std::cos(angle)), tolerance));
        REQUIRE(close(sine, static_cast<double>(radius * std::sin(angle)), tolerance));
    }
}

TEST_CASE("uniform numbers are never 0 or 1 and are symmetric about 1/2") {
    constexpr std::uint64_t ones = 0xffffffff;
    CHECK(detail::uniform(0, 0) == 0x1p-53);
    CHECK(detail::uniform(ones, ones) == 1 - 0x1p-53);
    CHECK(detail::uniform(ones / 2, ones) + detail::uniform(ones / 2 + 1, 0) == 1.0);
    CHECK(detail::uniform(0, 0x1000) - detail::uniform(0, 0xfff) == 0x1p-52);
}

TEST_CASE("the loop over nodes gives the numbers of each place, to the last bit, on all instruction sets") {
    constexpr std::size_t nodes = 40, begin = 8, end = 32;
    std::mt19937_64 engine(5);
    std::vector<std::uint64_t> regions(nodes);
    for (auto& region : regions) region = engine() >> 32;
    for (const auto set : {InstructionSet::base, InstructionSet::x86_64_v3, InstructionSet::x86_64_v4}) {
        if (!has(set)) continue;
        for (int k = 0; k < 200; ++k) {
            const std::uint64_t seed = engine(), step = engine();
            const auto variable = static_cast<std::uint32_t>(engine());
            std::vector<double> first(nodes, 77.0), second(nodes, 77.0);
            variants_of<NormalPairs>()[set](seed, variable, step, regions.data(), first.data(), second.data(), begin, end);
            for (std::size_t node = 0; node < nodes; ++node) {
                const auto pair = two_normals(seed, {static_cast<std::uint32_t>(regions[node]), variable, step});
                const bool drawn = node >= begin && node < end;
                REQUIRE(first[node] == (drawn ? pair[0] : 77.0));
                REQUIRE(second[node] == (drawn ? pair[1] : 77.0));
            }
        }
    }
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
