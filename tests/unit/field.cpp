// The self-describing record: defaults, tables and ranges from one line per member.
#include <kation/model/dual.hpp>
#include <kation/model/field.hpp>
#include <kation/model/model.hpp>
#include <kation/model/probe.hpp>
#include <support/close.hpp>

#include <cmath>

using namespace kation;

namespace {

template <class T>
struct Pair {
    T first = Field{"first", 2.5, "mV", valid{0.0, 10.0, open_low}, explore{1.0, 3.0}, "the first"};
    T second = Field{"second", -1.0, "1", "the second"};
};
template <class T>
struct Many {
    T one = Field{"one", 0.5, "1", "the one"};
    std::array<T, 12> x = numbered<12>(Field{"x#_re", 2.0, "mV", valid{-3.0, 3.0}, "part # of 12"});
};
template <class T>
struct Nothing {};

}  // namespace

TEST_CASE("a record of numbers holds the defaults, a record of fields the table") {
    const Pair<double> numbers;
    CHECK(numbers.first == 2.5);
    CHECK(numbers.second == -1.0);
    constexpr auto table = fields_of<Pair>();
    static_assert(table.size() == 2);
    CHECK(table[0].name.view() == "first");
    CHECK(table[0].unit.view() == "mV");
    CHECK(table[0].doc.view() == "the first");
    CHECK(table[0].explore.high == 3.0);
    CHECK_FALSE(table[1].valid.bounded());
    static_assert(fields_of<Nothing>().empty() && count_of<Nothing> == 0);
    const auto values = values_of<Pair, double>({4.0, 5.0});
    CHECK(record_of<Pair, double>(values).second == 5.0);
    const Pair<Dual<2>> duals;
    CHECK(duals.first.value == 2.5);
    CHECK(duals.first.slope[0] == 0.0);
}

TEST_CASE("fields that differ by a number come from one line") {
    constexpr auto table = fields_of<Many>();
    static_assert(table.size() == 13);
    CHECK(table[1].name.view() == "x1_re");
    CHECK(table[12].name.view() == "x12_re");
    CHECK(table[9].doc.view() == "part 9 of 12");
    CHECK(table[12].doc.view() == "part 12 of 12");
    CHECK(table[12].unit.view() == "mV");
    CHECK(table[12].valid.high == 3.0);
    const Many<double> numbers;
    CHECK(numbers.one == 0.5);
    for (const double x : numbers.x) CHECK(x == 2.0);
    const Many<Probe> rates;
    CHECK_FALSE(rates.x[11].computed);
}

TEST_CASE("ranges know which of their ends they have, and infinity and NaN are never inside") {
    const valid closed{0.0, 1.0}, both{0.0, 1.0, open}, low{0.0, 1.0, open_low}, high{0.0, 1.0, open_high}, all{};
    CHECK(closed.contains(0.0));
    CHECK(closed.contains(1.0));
    CHECK_FALSE(both.contains(0.0));
    CHECK_FALSE(both.contains(1.0));
    CHECK_FALSE(low.contains(0.0));
    CHECK(low.contains(1.0));
    CHECK(high.contains(0.0));
    CHECK_FALSE(high.contains(1.0));
    CHECK(all.contains(-1e300));
    for (const Range& range : {Range(closed), Range(both), Range(all), Range(valid{0.0, inf})})
        for (const double value : {inf, -inf, std::nan("")}) CHECK_FALSE(range.contains(value));
    CHECK(text_of(closed) == "[0, 1]");
    CHECK(text_of(both) == "(0, 1)");
    CHECK(text_of(low) == "(0, 1]");
    CHECK(text_of(high) == "[0, 1)");
    CHECK(text_of(valid{0.0, inf}) == "[0, inf)");
    CHECK(text_of(all) == "(-inf, inf)");
}

TEST_CASE("dual numbers follow the rules of derivatives") {
    using D = Dual<2>;
    const D x = D::variable(1.3, 0), y = D::variable(0.7, 1);
    const auto check = [](const D& z, double value, double by_x, double by_y) {
        const Tolerance rounding{.abs = 1e-15, .rel = 4e-15, .why = "a few roundings"};
        CHECK_CLOSE(z.value, value, rounding);
        CHECK_CLOSE(z.slope[0], by_x, rounding);
        CHECK_CLOSE(z.slope[1], by_y, rounding);
    };
    check(x + 2.0 * y, 2.7, 1.0, 2.0);
    check(x - y * 3.0, -0.8, 1.0, -3.0);
    check(x * y, 0.91, 0.7, 1.3);
    check(x / y, 1.3 / 0.7, 1 / 0.7, -1.3 / 0.49);
    check(1.0 / x, 1 / 1.3, -1 / 1.69, 0.0);
    check(-x, -1.3, -1.0, 0.0);
    check(exp(x * y), std::exp(0.91), 0.7 * std::exp(0.91), 1.3 * std::exp(0.91));
    check(log(x), std::log(1.3), 1 / 1.3, 0.0);
    check(log_ratio(x, y), std::log(1.3 / 0.7), 1 / 1.3, -1 / 0.7);
    check(sqrt(x), std::sqrt(1.3), 0.5 / std::sqrt(1.3), 0.0);
    check(square(x), 1.69, 2.6, 0.0);
    check(select(x > y, x, y), 1.3, 1.0, 0.0);
    check(select(x <= y, x, y), 0.7, 0.0, 1.0);
}
