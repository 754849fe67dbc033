#include <kation/io/document.hpp>

#include <doctest/doctest.h>

#include <fmt/format.h>

using namespace kation;

namespace {

Connectivity two_regions(double weight) {
    ConnectomeParts parts;
    parts.labels = {"A", "B"};
    parts.weights = {{0, weight}, {0, 0}};
    return Connectivity(parts);
}

}  // namespace

TEST_CASE("a configuration and its copies read a connectome once, and only a few are kept") {
    const Document document = Document::from_text("", "empty.toml");
    const Document copy = document;
    int reads = 0;
    const auto get = [&](const Document& from, int number) {
        return from.connectomes().get(fmt::format("{}", number), [&] {
            ++reads;
            return two_regions(number);
        });
    };
    CHECK(get(document, 1).weight(0, 1) == 1.0);
    CHECK(get(copy, 1).weight(0, 1) == 1.0);
    CHECK(reads == 1);
    for (int number = 2; number <= 20; ++number) CHECK(get(copy, number).weight(0, 1) == number);
    CHECK(reads == 20);
    CHECK(get(document, 1).weight(0, 1) == 1.0);
    CHECK(reads == 21);
    CHECK(get(Document::from_text("", "empty.toml"), 20).weight(0, 1) == 20.0);
    CHECK(reads == 22);
}
