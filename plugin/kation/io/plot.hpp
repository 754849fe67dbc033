#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/io/result.hpp>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// Pictures, drawn by gnuplot as .png or .svg by the file's ending.
///
/// All of them throw ConfigurationError for another ending or a choice the file does not offer, InputError for a file that cannot be read,
/// and OutputError if gnuplot is missing or the picture cannot be written; an earlier picture of that name survives a failure.
namespace kation {

/// Which series are drawn, and when; what is left open follows from the file.
struct SeriesChoice {
    std::string monitor = {};                             ///< empty: the first that has the variable
    std::string variable = {};                            ///< empty: V if it was recorded, else the first
    double from = 0;                                      // [ms]
    double to = std::numeric_limits<double>::infinity();  // [ms]
};

/// The picture of a run: the first regions of the wave as time series, the brain coloured by onset, the raster with the control's beside
/// it.
void plot_summary(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture);

/// Stacked time series, one row per region in file order, all on one scale.
void plot_traces(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture);

/// When each region was active, sorted by onset, with the control in the same order beside it. InputError without recruitment in the file.
void plot_raster(const ResultFile& result, const SeriesChoice& choice, const std::filesystem::path& picture);

/// The rasters of two runs of the same regions side by side, in the order of the first: the same propagation with two models, or before and
/// after a change. InputError for other regions or without recruitment.
void plot_beside(const ResultFile& first, const ResultFile& second, const SeriesChoice& choice, const std::filesystem::path& picture);

/// Weights (logarithmic) and tract lengths as matrices, axes to and from.
void plot_connectome(const Connectivity& connectome, const std::filesystem::path& picture);

/// The table of a scan over one swept key (curves) or two (maps), with the control. InputError without trials.csv and manifest.json.
void plot_scan(const std::filesystem::path& folder, const std::filesystem::path& picture);

/// What `kation threshold -o FILE.json` found: of each region, where it was recruited and where not, and from which value on; the window in
/// which the control is silent. InputError for another file.
void plot_threshold(const std::filesystem::path& file, const std::filesystem::path& picture);
/// True for a file that plot_threshold draws.
bool is_threshold(const std::filesystem::path& file);

/// Numbers of the samples that keep a series' shape when only one in `width` can be shown: the least and the greatest of each stretch
/// of that length, in the order of time, so that no spike is lost. All samples if width is less than 3; NaN are passed over.
std::vector<std::size_t> extremes(std::span<const double> values, std::size_t width);

/// Regions in the order in which a raster shows them: the zone, then by onset, then those never recruited; ties in file order.
std::vector<std::size_t> rows_by_onset(const Recruitment& recruitment, const std::vector<bool>& zone);

}  // namespace kation
