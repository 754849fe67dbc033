#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "support/skip.hpp"

namespace {

constexpr int exit_skipped = 77;

int& skipped_cases() {
    static int count = 0;
    return count;
}

}  // namespace

void note_skipped(const char* why) {
    ++skipped_cases();
    std::printf("[skipped] %s\n", why);
}

/// With --report-skipped the exit code is 77 where cases were skipped and none failed: ctest asks for it.
int main(int argc, char** argv) {
    doctest::Context context(argc, argv);
    const int result = context.run();
    if (result != EXIT_SUCCESS || skipped_cases() == 0) return result;
    std::printf("%d of the cases asked for data that is not there, and checked nothing without it\n", skipped_cases());
    const bool report = std::ranges::any_of(std::span(argv, static_cast<std::size_t>(argc)),
                                            [](const char* argument) { return std::string_view(argument) == "--report-skipped"; });
    return report ? exit_skipped : EXIT_SUCCESS;
}
