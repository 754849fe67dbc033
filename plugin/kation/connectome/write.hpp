#pragma once

#include <kation/connectome/connectivity.hpp>

#include <filesystem>
#include <vector>

namespace kation {

/// Writes a connectome, whole or not at all, in the form that the name's ending asks for:
///     .zip           The Virtual Brain's
///     .h5, .hdf5     data sets of the same names at the root
///     .csv .tsv .txt weights with labels, separated by commas, tabs or blanks; NAME_tract_lengths and NAME_regions (label x y z) beside it
///     none, or a /   a folder with the files of the zip
/// Numbers are written so that they read back as the same bits. Returns the files (or the folder) written.
/// ConfigurationError for another ending, OutputError if it cannot be written.
std::vector<std::filesystem::path> write_connectome(const Connectivity& connectome, const std::filesystem::path& path);

}  // namespace kation
