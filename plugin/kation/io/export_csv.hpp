#pragma once

#include <filesystem>
#include <vector>

namespace kation {

/// Writes a result's tables beside it for those who do not read HDF5: STEM_<monitor>_<variable>.csv with the columns time and one per
/// region, and STEM_recruitment.csv with a row per region. @returns the files. OutputError if one cannot be written.
std::vector<std::filesystem::path> export_csv(const std::filesystem::path& result);

}  // namespace kation
