#include <kation/support/text.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace kation;

TEST_CASE("a number is the whole text or nothing") {
    CHECK(number_from("1.5") == 1.5);
    CHECK(number_from(" -2e-3\t") == -2e-3);
    CHECK(number_from("+4") == 4.0);
    CHECK(number_from("inf") == std::numeric_limits<double>::infinity());
    CHECK(number_from("-inf") == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(number_from("nan").value()));
    for (const char* text : {"", " ", "1.5x", "1,5", "0x10", "--1", "+-1", "1 2", "e5", "one"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(number_from(text).has_value());
    }
}

TEST_CASE("the shortest text reads back as the same number") {
    CHECK(shortest(0.1) == "0.1");
    CHECK(shortest(5.0) == "5");
    CHECK(shortest(1e300) == "1e+300");
    CHECK(shortest(std::numeric_limits<double>::infinity()) == "inf");
    for (const double value : {1.0 / 3.0, 2.0 / 3e10, -1e-308, 123456789.123456789, 5e-324}) CHECK(number_from(shortest(value)) == value);
}

TEST_CASE("patterns with * and ? fit as in a shell") {
    CHECK(matches("*", ""));
    CHECK(matches("r*", "rHC"));
    CHECK(matches("*C", "rHC"));
    CHECK(matches("?H?", "rHC"));
    CHECK(matches("**H**", "rHC"));
    CHECK(matches("*a*b", "xaxbaab"));
    CHECK_FALSE(matches("r", "rHC"));
    CHECK_FALSE(matches("?H", "rHC"));
    CHECK_FALSE(matches("", "a"));
    CHECK_FALSE(matches("R*", "rHC"));
    CHECK_FALSE(matches("*a*b", "xaxbac"));
}

TEST_CASE("misspelt names find their neighbours") {
    const std::vector<std::string> known{"K_bath", "Delta", "tau_n", "R_minus", "R_plus"};
    CHECK(nearest("K_bat", known).front() == "K_bath");
    CHECK(nearest("k_bath", known).front() == "K_bath");
    CHECK(nearest("Kbath", known).front() == "K_bath");
    CHECK(nearest("delta", known).front() == "Delta");
    CHECK(nearest("minus", known).front() == "R_minus");
    CHECK(nearest("R_plsu", known).front() == "R_plus");  // two neighbours exchanged
    CHECK(nearest("Detla", known).front() == "Delta");
    CHECK(nearest("zzzzzz", known).empty());
    CHECK(suggestion("K_bat", known) == " (did you mean 'K_bath'?)");
    CHECK(suggestion("zzzzzz", known) == "; known: K_bath, Delta, tau_n, R_minus, R_plus");
    CHECK(suggestion("a", {}).empty());
}

TEST_CASE("a cell of a table is quoted where it has to be") {
    CHECK(csv_cell("rHC") == "rHC");
    CHECK(csv_cell("") == "");
    CHECK(csv_cell("a b") == "a b");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"a\"") == "\"say \"\"a\"\"\"");
    CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("white space at the ends is no part of a text") {
    CHECK(trimmed("  a b \r\n") == "a b");
    CHECK(trimmed(" \t ").empty());
    const std::vector<std::string> names{"a", "b"};
    CHECK(joined(names) == "a, b");
    CHECK(joined(names, "|") == "a|b");
}
