#include <bench/support.hpp>

#include <kation/support/instruction_set.hpp>

#include <algorithm>
#include <iterator>
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

}  // namespace

int main(int argc, char** argv) {
    // What is given on the command line comes later and counts.
    std::string repetitions = "--benchmark_repetitions=7", least_time = "--benchmark_min_time=0.1";
    std::vector<char*> arguments{argv[0], repetitions.data(), least_time.data()};
    arguments.insert(arguments.end(), argv + 1, argv + argc);
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
    benchmark::AddCustomContext("instruction set",
                                std::string(kation::instruction_set_names[static_cast<std::size_t>(kation::instruction_set())]));
    benchmark::AddCustomContext("connectome of 76", std::string(source_of_76()));
    Medians medians;
    benchmark::RunSpecifiedBenchmarks(&medians);
}
