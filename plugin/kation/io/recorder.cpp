#include <kation/io/recorder.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>
#include <kation/support/text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>

namespace kation {

/// The open file and the data sets that grow.
struct Recorder::File {
    struct Monitor {
        H5::DataSet time;
        std::vector<H5::DataSet> variables;
        hsize_t rows = 0;
    };
    H5::H5File file;
    std::vector<Monitor> monitors;
    hsize_t regions = 0;
};

namespace {

/// Runs an action on the file; what HDF5 says becomes an error of ours.
template <class Action>
void writing(const std::filesystem::path& file, const Action& action) {
    try {
        action();
    } catch (const H5::Exception& problem) {
        throw OutputError(fmt::format("cannot write {}: {} (is the disk full?)", file.string(), reason_of(problem)));
    }
}

/// OutputError if a file cannot grow by so many bytes: HDF5 leaves a file that nobody can read, and worse, where a disk runs full under it.
void require_space(const std::filesystem::path& partial, const std::filesystem::path& file, std::size_t bytes) {
    constexpr std::uintmax_t reserve = 1 << 20;  // for what HDF5 still holds in memory
    std::error_code problem;
    const auto space = std::filesystem::space(partial, problem);
    if (problem || space.capacity == 0 || space.available >= bytes + reserve) return;
    throw OutputError(
        fmt::format("cannot write {}: the disk is full, {:.3g} MB are left", file.string(), 1e-6 * static_cast<double>(space.available)));
}

/// A data set that grows along time, in chunks of about 64 KiB.
H5::DataSet growing(const H5::Group& group, const std::string& name, hsize_t columns, const std::string& unit, const std::string& axes) {
    const int rank = columns == 0 ? 1 : 2;
    const hsize_t width = std::max<hsize_t>(columns, 1);
    const hsize_t size[] = {0, columns}, most[] = {H5S_UNLIMITED, columns};
    const hsize_t chunk[] = {std::max<hsize_t>(16, 8192 / width), columns};
    H5::DSetCreatPropList properties;
    properties.setChunk(rank, static_cast<const hsize_t*>(chunk));
    properties.setShuffle();
    properties.setDeflate(1);
    H5::DataSet data =
        group.createDataSet(name, H5::PredType::NATIVE_DOUBLE,
                            H5::DataSpace(rank, static_cast<const hsize_t*>(size), static_cast<const hsize_t*>(most)), properties);
    write_attribute(data, "unit", unit);
    write_attribute(data, "axes", axes);
    return data;
}

void append(H5::DataSet& data, std::span<const double> values, hsize_t rows_before, hsize_t columns) {
    const int rank = columns == 0 ? 1 : 2;
    const hsize_t rows = values.size() / std::max<hsize_t>(columns, 1);
    const hsize_t size[] = {rows_before + rows, columns}, start[] = {rows_before, 0}, count[] = {rows, columns};
    data.extend(static_cast<const hsize_t*>(size));
    H5::DataSpace place = data.getSpace();
    place.selectHyperslab(H5S_SELECT_SET, static_cast<const hsize_t*>(count), static_cast<const hsize_t*>(start));
    data.write(values.data(), H5::PredType::NATIVE_DOUBLE, H5::DataSpace(rank, static_cast<const hsize_t*>(count)), place);
}

std::vector<std::uint8_t> bytes_of(const std::vector<bool>& flags) { return {flags.begin(), flags.end()}; }

void write_recruitment_group(const H5::Group& parent, const Recruitment& r) {
    const H5::Group group = parent.createGroup("recruitment");
    const char* axes = "region";
    write_vector(group, "recruited", std::span<const std::uint8_t>(bytes_of(r.recruited)), "1", axes);
    write_vector(group, "onset_ms", std::span<const double>(r.onset_ms), "ms", axes);
    write_vector(group, "offset_ms", std::span<const double>(r.offset_ms), "ms", axes);
    write_vector(group, "events", std::span<const std::int64_t>(r.events), "1", axes);
    write_vector(group, "bursts", std::span<const std::int64_t>(r.bursts), "1", axes);
    write_vector(group, "order", std::span<const std::int64_t>(r.order), "1", axes);
}

}  // namespace

void require_writable(const std::filesystem::path& file) {
    std::error_code problem;
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (!file.has_filename() || std::filesystem::is_directory(file, problem))
        throw OutputError(fmt::format("cannot write {}: it is a folder", file.string()));
    if (std::filesystem::exists(file, problem) && !std::filesystem::is_regular_file(file, problem))
        throw OutputError(fmt::format("cannot write {}: it is no ordinary file", file.string()));
    if (!std::filesystem::is_directory(folder, problem)) {
        std::filesystem::create_directories(folder, problem);
        if (problem) throw OutputError(fmt::format("cannot write {}: {}: {}", file.string(), folder.string(), problem.message()));
    }
    const std::filesystem::path trial = file.string() + ".partial";
    const bool there = std::filesystem::exists(trial, problem);
    if (!std::ofstream(trial, std::ios::app))
        throw OutputError(fmt::format("cannot write {}: the folder {} does not allow it", file.string(), folder.string()));
    if (!there) std::filesystem::remove(trial, problem);
}

Recorder::Recorder(std::filesystem::path file, const Provenance& provenance, const Connectivity& brain, const std::vector<bool>& zone)
    : file_(std::move(file)), partial_(file_.string() + ".partial"), open_(std::make_unique<File>()) {
    silence_hdf5();
    require_writable(file_);
    writing(file_, [&] {
        open_->file = H5::H5File(partial_.string(), H5F_ACC_TRUNC);
        require_space(partial_, file_, 2 * sizeof(double) * brain.regions() * brain.regions() + provenance.configuration.size());
        H5::Group root = open_->file.openGroup("/");
        write_attribute(root, "version", std::string_view(KATION_VERSION));
        write_attribute(root, "model", std::string_view(provenance.model));
        write_attribute(root, "seed", static_cast<std::int64_t>(provenance.seed));
        write_attribute(root, "dt_ms", provenance.dt);
        write_attribute(root, "duration_ms", provenance.duration);
        write_attribute(root, "status", std::string_view("running"));
        write_attribute(root, "created", std::string_view(fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))));
        const H5::Group regions = root.createGroup("regions");
        write_strings(regions, "label", brain.labels(), "region");
        write_vector(regions, "in_zone", std::span<const std::uint8_t>(bytes_of(zone)), "1", "region");
        if (brain.has_centres()) write_matrix(regions, "centre", brain.parts().centres, "mm", "region, xyz");
        if (!brain.parts().hemispheres.empty())
            write_vector(regions, "hemisphere", std::span<const std::uint8_t>(brain.parts().hemispheres), "1", "region");
        const H5::Group connectivity = root.createGroup("connectivity");
        write_matrix(connectivity, "weights", brain.weights(), "1", "to, from");
        write_matrix(connectivity, "tract_lengths", brain.tract_lengths(), "mm", "to, from");
        const H5::StrType text(H5::PredType::C_S1, std::max<std::size_t>(1, provenance.configuration.size()));
        H5::DataSet configuration = root.createDataSet("config", text, H5::DataSpace(H5S_SCALAR));
        configuration.write(provenance.configuration, text);
        write_attribute(configuration, "unit", std::string_view("1"));
        write_attribute(configuration, "axes", std::string_view(""));
        root.createGroup("monitors");
    });
}

Recorder::~Recorder() = default;

void Recorder::begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables, std::size_t regions) {
    if (!open_->monitors.empty()) return;  // a continued run goes on with the same data sets
    open_->regions = regions;
    writing(file_, [&] {
        const H5::Group all = open_->file.openGroup("monitors");
        for (std::size_t m = 0; m < monitors.size(); ++m) {
            H5::Group group = all.createGroup(monitors[m]);
            File::Monitor monitor;
            monitor.time = growing(group, "time", 0, "ms", "time");
            std::vector<std::string> names;
            for (const RecordedVariable& variable : variables[m]) names.push_back(variable.name);
            write_attribute(group, "variables", std::string_view(joined(names, ",")));  // in the order in which they were asked for
            for (const RecordedVariable& variable : variables[m])
                monitor.variables.push_back(growing(group, variable.name, regions, variable.unit, "time, region"));
            open_->monitors.push_back(std::move(monitor));
        }
    });
}

void Recorder::write(const Chunk& chunk) {
    require_space(partial_, file_, chunk.times.size_bytes() * (1 + chunk.values.size() * open_->regions));
    writing(file_, [&] {
        File::Monitor& monitor = open_->monitors[chunk.monitor];
        append(monitor.time, chunk.times, monitor.rows, 0);
        for (std::size_t v = 0; v < chunk.values.size(); ++v) append(monitor.variables[v], chunk.values[v], monitor.rows, open_->regions);
        monitor.rows += chunk.times.size();
        open_->file.flush(H5F_SCOPE_GLOBAL);
    });
}

void Recorder::write_recruitment(const Recruitment& recruitment) {
    writing(file_, [&] { write_recruitment_group(open_->file.openGroup("/"), recruitment); });
}

void Recorder::write_control(const Recruitment& recruitment) {
    writing(file_, [&] { write_recruitment_group(open_->file.createGroup("control"), recruitment); });
}

void Recorder::abandon(const std::string& status) {
    writing(file_, [&] {
        H5::Group root = open_->file.openGroup("/");
        write_attribute(root, "status", std::string_view(status));
        root.close();
        open_->monitors.clear();
        open_->file.close();
    });
}

void Recorder::finish(const std::string& status) {
    abandon(status);
    std::error_code problem;
    std::filesystem::rename(partial_, file_, problem);
    if (problem)
        throw OutputError(fmt::format("cannot write {}: {}; the result is in {}", file_.string(), problem.message(), partial_.string()));
}

}  // namespace kation
