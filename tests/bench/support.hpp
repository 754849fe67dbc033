#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/simulator/simulator.hpp>

#include <benchmark/benchmark.h>

#include <string>

/// The connectome of the benchmarks for 6, 76, 200, 998 or 5000 regions, largest weight 1. 76 and 998 are The Virtual Brain's where
/// KATION_REFERENCE_DATA is given, and synthetic ones of the same size and density where it is not;
/// 5000 have 50 random connections each.
const kation::Connectivity& connectome(std::size_t regions);

/// Where the connectome of 76 regions came from, for the head of the report.
std::string_view source_of_76();

/// Takes what monitors record and drops it.
class NoSink : public kation::Sink {
  public:
    void begin(std::span<const std::string>, std::span<const std::vector<kation::RecordedVariable>>, std::size_t) override {}
    void write(const kation::Chunk&) override {}
};

/// Time per unit of work [ns], where every iteration does `work` units.
inline benchmark::Counter ns_per(double work) {
    return {work * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert};
}
