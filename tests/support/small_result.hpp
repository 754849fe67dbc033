#pragma once

#include <kation/support/hdf5.hpp>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

/// What a small result file holds; tests change what they need.
struct SmallResult {
    static constexpr double never = std::numeric_limits<double>::quiet_NaN();

    std::vector<std::string> labels{"rA1", "rHC", "lA1", "lHC"};
    std::vector<std::uint8_t> in_zone{0, 1, 0, 0};
    arma::mat centres{{30, 40, 0}, {20, -30, 5}, {-30, 40, 0}, {-20, -30, 5}};         // N x 3 [mm]; empty: left out
    arma::mat weights{{0, 0.5, 0, 0}, {0, 0, 2, 0}, {3, 0, 0, 1e-3}, {0, 0, 0.1, 0}};  // (to, from)
    arma::mat lengths{{0, 10, 0, 0}, {0, 0, 40, 0}, {50, 0, 0, 30}, {0, 0, 7, 0}};     // [mm]
    std::vector<double> onset{300, 10, never, 120};                                    // [ms]; empty: no recruitment
    std::vector<double> control_onset{never, never, never, never};                     // [ms]; empty: no control
    arma::mat V = arma::mat(1000, 4, arma::fill::value(-70));  // time x region [mV], 1 sample per ms; empty: no monitor
};

inline void write_recruitment(const H5::Group& parent, const std::vector<double>& onset) {
    const H5::Group group = parent.createGroup("recruitment");
    std::vector<std::uint8_t> recruited;
    std::vector<std::int64_t> counts;
    std::vector<double> offset;
    for (const double time : onset) {
        recruited.push_back(time == time ? 1 : 0);
        counts.push_back(time == time ? 7 : 0);
        offset.push_back(time + 200);
    }
    kation::write_vector(group, "recruited", std::span<const std::uint8_t>(recruited), "1", "region");
    kation::write_vector(group, "onset_ms", std::span<const double>(onset), "ms", "region");
    kation::write_vector(group, "offset_ms", std::span<const double>(offset), "ms", "region");
    for (const char* name : {"events", "bursts", "order"})
        kation::write_vector(group, name, std::span<const std::int64_t>(counts), "1", "region");
}

/// Writes a result file with the layout of a run's; returns its path.
inline std::filesystem::path write_small_result(const std::filesystem::path& path, const SmallResult& small = {}) {
    H5::H5File file(path.string(), H5F_ACC_TRUNC);
    const H5::Group monitors = file.createGroup("monitors");
    if (!small.V.empty()) {
        const H5::Group monitor = monitors.createGroup("slow");
        const auto time = arma::conv_to<std::vector<double>>::from(arma::regspace(0.5, static_cast<double>(small.V.n_rows)));
        kation::write_vector(monitor, "time", std::span<const double>(time), "ms", "time");
        kation::write_matrix(monitor, "V", small.V, "mV", "time, region");
        kation::write_matrix(monitor, "K_ext", small.V + 75, "mM", "time, region");
    }
    const H5::Group regions = file.createGroup("regions");
    kation::write_strings(regions, "label", small.labels, "region");
    kation::write_vector(regions, "in_zone", std::span<const std::uint8_t>(small.in_zone), "1", "region");
    if (!small.centres.empty()) kation::write_matrix(regions, "centre", small.centres, "mm", "region, axis");
    const H5::Group connectivity = file.createGroup("connectivity");
    kation::write_matrix(connectivity, "weights", small.weights, "1", "to, from");
    kation::write_matrix(connectivity, "tract_lengths", small.lengths, "mm", "to, from");
    if (!small.onset.empty()) write_recruitment(file, small.onset);
    if (!small.control_onset.empty()) write_recruitment(file.createGroup("control"), small.control_onset);
    kation::write_attribute(file, "version", "0.1.0");
    kation::write_attribute(file, "model", "ion_exchange");
    kation::write_attribute(file, "status", "complete");
    kation::write_attribute(file, "seed", std::int64_t{42});
    kation::write_attribute(file, "dt_ms", 0.02);
    kation::write_attribute(file, "duration_ms", static_cast<double>(small.V.empty() ? 1000 : small.V.n_rows));
    return path;
}
