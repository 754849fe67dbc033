#pragma once

#include <kation/network/network.hpp>
#include <kation/simulator/simulator.hpp>

#include <filesystem>
#include <memory>
#include <vector>

/// Files that say where a simulation starts and what drives it. All throw InputError with the place of what is wrong.
namespace kation {

/// Start states from a CSV file with the columns `label` and any state variables; regions that are not in it keep theirs.
void read_initial_file(const std::filesystem::path& file, Network& network);

/// The past from an HDF5 file: /time [T] (t <= 0, ascending) and /state/<variable> [T, region]. A variable that is missing keeps its start
/// state; between samples the past is interpolated by a cubic, before the first sample it is constant.
class PastFile {
  public:
    /// @param dt  [ms] step of the run: samples are taken to be on its grid if they are to 1e-6 of it
    PastFile(const std::filesystem::path& file, const Network& network, double dt);

    /// Sets the start states from the sample at t = 0, if the file has one.
    void set_start(Network& network) const;
    /// The past of a network with these models and, where the file says nothing, these start states.
    [[nodiscard]] Past past_of(const Network& network) const;

  private:
    struct Samples;
    static Samples read(const std::filesystem::path& file, std::size_t regions, double dt);

    std::filesystem::path file_;
    std::shared_ptr<const Samples> samples_;
};

/// Two columns of numbers, time [ms] ascending and value.
void read_series_file(const std::filesystem::path& file, std::vector<double>& times, std::vector<double>& values);

}  // namespace kation
