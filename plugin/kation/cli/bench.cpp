#include <kation/cli/commands.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace kation;

struct BenchOptions {
    std::string filter;
    std::vector<std::string> others;
    bool all = false;
};

/// The benchmarks are a program of their own: in the tree where this one was built, or installed with it.
std::filesystem::path benchmark_program() {
    const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const std::filesystem::path& place :
         {here / "tests" / "bench" / "kation_bench", here / ".." / "libexec" / "kation" / "kation_bench"})
        if (std::filesystem::exists(place)) return place;
    throw ConfigurationError(
        "bench: the benchmarks are not built. In the source folder, ./kation bench builds them and runs them; by hand: "
        "cmake --preset release -D KATION_BENCHMARKS=ON && cmake --build --preset release --target kation_bench");
}

void bench(const BenchOptions& options) {
    std::vector<std::string> words{benchmark_program().string()};
    if (options.all) words.emplace_back("--all");
    if (!options.filter.empty()) words.push_back("--filter=" + options.filter);
    words.insert(words.end(), options.others.begin(), options.others.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::fflush(nullptr);
    execv(arguments.front(), arguments.data());
    throw ConfigurationError(fmt::format("bench: {} cannot be run: {}", words.front(), std::strerror(errno)));
}

}  // namespace

void add_bench(CLI::App& program) {
    auto options = std::make_shared<BenchOptions>();
    CLI::App* command = program.add_subcommand("bench", "Measure how fast this machine simulates, beside what is promised");
    command->add_flag("--all", options->all, "every benchmark, and a network of 20000 regions: half an hour, 10 GB of memory");
    command->add_option("--filter", options->filter, "regular expression: only the benchmarks whose names match it");
    command->add_option("ARGUMENTS", options->others, "after --: options of Google Benchmark, as --benchmark_list_tests");
    command->footer(
        "Without options it takes two minutes. tests/bench/README.md says what is measured and how to read it.\n"
        "Example: kation bench --filter 'step/ion_exchange/heun/N:76/.*'");
    command->callback([options] { bench(*options); });
}
