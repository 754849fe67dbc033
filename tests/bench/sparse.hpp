#pragma once

#include <bench/plain.hpp>

#include <kation/simulator/far_sums.hpp>

#include <memory>
#include <vector>

/// A large network that is mostly not connected: every region hears `degree` others, drawn at random, with weights of 1/degree at most
/// and delays of 25 to 375 steps: tracts of 10 to 150 mm at 4 mm/ms and dt 0.1 ms.
std::vector<std::vector<plain::Connection>> random_connections(std::size_t regions, std::size_t degree);

/// The same as a connectome, whose matrices take 16 bytes for each pair of regions, connected or not.
kation::Connectivity random_connectome(std::size_t regions, std::size_t degree);

/// Kation's sums over far connections, and the copy into the history, without the connectome's matrices.
class SparseSums {
  public:
    /// @param connections  of each region; a multiple of 8 regions
    explicit SparseSums(const std::vector<std::vector<plain::Connection>>& connections,
                        kation::Coupling::Order order = kation::Coupling::Order::target);
    SparseSums(const SparseSums&) = delete;
    SparseSums& operator=(const SparseSums&) = delete;
    /// A block of steps, in which every node sends 0.5.
    void advance();

  private:
    std::vector<kation::Tract> tracts_;
    std::unique_ptr<kation::FarSums<double>> far_;
    kation::AlignedNumbers sums_, sent_;  ///< [step][region]
    kation::Part all_;
    std::int64_t step_ = 0;
};
