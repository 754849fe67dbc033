#include <bench/machine.hpp>
#include <bench/support.hpp>
#include <bench/table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>
#include <vector>

namespace {

/// Of several repetitions one line, with their medians. The rest is in the file that --benchmark_out names.
class Medians : public benchmark::ConsoleReporter {
  public:
    Medians() : ConsoleReporter(OO_Tabular) {}

    void ReportRuns(const std::vector<Run>& runs) override {
        std::vector<Run> shown;
        std::ranges::copy_if(runs, std::back_inserter(shown),
                             [](const Run& run) { return run.repetitions <= 1 || run.aggregate_name == "median"; });
        for (Run& run : shown)
            for (auto& [name, counter] : run.counters) counter.flags = benchmark::Counter::kDefaults;  // no "s" behind what is in ns
        ConsoleReporter::ReportRuns(shown);
    }
};

/// The benchmarks that Google Benchmark runs, all or those that the arguments choose.
int run_benchmarks(const char* program, const std::vector<std::string>& chosen) {
    // What is given on the command line comes later and counts.
    std::vector<std::string> texts{program, "--benchmark_repetitions=7", "--benchmark_min_time=0.1"};
    texts.insert(texts.end(), chosen.begin(), chosen.end());
    std::vector<char*> arguments;
    for (std::string& text : texts) arguments.push_back(text.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
    Medians medians;
    benchmark::RunSpecifiedBenchmarks(&medians);
    return 0;
}

constexpr const char* usage =
    "kation_bench                   the table of README.md, in about two minutes\n"
    "kation_bench --largest         20000 regions as a whole: minutes, 10 GB of memory\n"
    "kation_bench --all             the table, the largest, then every benchmark: half an hour\n"
    "kation_bench --filter=REGEX    the benchmarks whose names match\n"
    "kation_bench --benchmark_...   as Google Benchmark: --benchmark_list_tests, --benchmark_out=FILE\n";

}  // namespace

int main(int argc, char** argv) {
    bool all = false, largest = false;
    std::vector<std::string> chosen;
    for (const std::string_view argument : std::vector<std::string_view>(argv + 1, argv + argc)) {
        constexpr std::string_view filter = "--filter=";
        if (argument == "--help") {
            fmt::print("{}", usage);
            return 0;
        }
        if (argument == "--all")
            all = true;
        else if (argument == "--largest")
            largest = true;
        else if (argument.starts_with(filter))
            chosen.push_back("--benchmark_filter=" + std::string(argument.substr(filter.size())));
        else
            chosen.emplace_back(argument);
    }
    fmt::print("{}", description_of_machine());
    if (all || (chosen.empty() && !largest)) print_table();
    if (all || largest) print_largest();
    std::fflush(stdout);
    return all || !chosen.empty() ? run_benchmarks(argv[0], chosen) : 0;
}
