#pragma once

#include <kation/network/network.hpp>
#include <kation/simulator/simulator.hpp>

#include <filesystem>
#include <vector>

/// Files that say where a simulation starts and what drives it. All throw InputError with the place of what is wrong.
namespace kation {

/// Start states from a CSV file with the columns `label` and any state variables; regions that are not in it keep theirs.
void read_initial_file(const std::filesystem::path& file, Network& network);

/// The past from an HDF5 file: /time [T] (t <= 0, ascending) and /state/<variable> [T, region]. Sets the start state from t = 0 if the
/// file has it. A variable that is missing keeps its start state; between samples the past is interpolated by a cubic, before the first
/// sample it is constant.
Past read_past_file(const std::filesystem::path& file, Network& network, double dt);

/// Two columns of numbers, time [ms] ascending and value.
void read_series_file(const std::filesystem::path& file, std::vector<double>& times, std::vector<double>& values);

}  // namespace kation
