#pragma once

#include <kation/connectome/connectivity.hpp>

#include <filesystem>

namespace kation {

/// The data sets `weights`, `tract_lengths`, `centres`, `region_labels` (or `labels`), `hemispheres`, `cortical`, `areas`, `orientations`
/// at the root or in /connectivity, and those of our results in /regions. Matrices are [to][from]. Nothing is checked across data sets:
/// Connectivity does that. InputError if the file is missing, truncated, no HDF5 file, or a data set is of the wrong kind.
ConnectomeParts read_hdf5(const std::filesystem::path& file);

}  // namespace kation
