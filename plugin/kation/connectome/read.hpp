#pragma once

#include <kation/connectome/connectivity.hpp>

#include <filesystem>

namespace kation {

/// Further files that belong to a table of weights; the other formats hold everything themselves.
struct ReadOptions {
    std::filesystem::path tract_lengths;  ///< table of lengths [mm], axes (to, from) as the weights; empty: none
    std::filesystem::path labels;  ///< one region per line: label, or label x y z; empty: labels as in the table of weights, if it has any
};

/// Reads a connectome: The Virtual Brain's .zip or the same files in a folder, .h5 or .hdf5, or a table of weights as .csv, .tsv or .txt.
///
/// InputError that names file, place and value if it is missing, damaged, or holds something else; ConfigurationError if options are given
/// that the format cannot use.
Connectivity read_connectome(const std::filesystem::path& path, const ReadOptions& options = {});

}  // namespace kation
