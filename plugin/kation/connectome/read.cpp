#include <kation/connectome/read.hpp>
#include <kation/connectome/read_hdf5.hpp>
#include <kation/connectome/read_texts.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <boost/algorithm/string/case_conv.hpp>

#include <fstream>

namespace kation {
namespace {

std::ifstream opened(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!std::filesystem::exists(file)) throw InputError(fmt::format("{}: there is no such file", file.string()));
    if (!stream || std::filesystem::is_directory(file)) throw InputError(fmt::format("{}: cannot be opened", file.string()));
    return stream;
}

TextTable table_in(const std::filesystem::path& file) {
    std::ifstream stream = opened(file);
    return read_text_table(stream, file.string());
}

ConnectomeParts read_tables(const std::filesystem::path& weights, const ReadOptions& options) {
    TextTable table = table_in(weights);
    ConnectomeParts parts;
    parts.source = weights.string();
    parts.weights = std::move(table.numbers);
    parts.labels = std::move(table.labels);
    if (!options.tract_lengths.empty()) {
        TextTable lengths = table_in(options.tract_lengths);
        if (!lengths.labels.empty() && !parts.labels.empty() && lengths.labels != parts.labels) {
            throw InputError(fmt::format("{}: its labels are not those of {}", options.tract_lengths.string(), parts.source));
        }
        parts.tract_lengths = std::move(lengths.numbers);
    }
    if (!options.labels.empty()) {
        std::ifstream stream = opened(options.labels);
        RegionList regions = read_region_list(stream, options.labels.string());
        parts.labels = std::move(regions.labels);
        parts.centres = std::move(regions.centres);
    }
    return parts;
}

ConnectomeParts read_parts(const std::filesystem::path& path, const ReadOptions& options) {
    if (!std::filesystem::exists(path)) throw InputError(fmt::format("{}: there is no such file or folder", path.string()));
    const std::string ending = boost::to_lower_copy(path.extension().string());
    const bool folder = std::filesystem::is_directory(path);
    if (!folder && (ending == ".csv" || ending == ".tsv" || ending == ".txt")) return read_tables(path, options);
    if (!options.tract_lengths.empty() || !options.labels.empty()) {
        throw ConfigurationError(
            fmt::format("tract_lengths and labels go with weights in a .csv, .tsv or .txt file; {} holds its own", path.string()));
    }
    if (folder) return read_texts(members_of_folder(path));
    if (ending == ".zip") return read_texts(members_of_zip(path));
    if (ending == ".h5" || ending == ".hdf5") return read_hdf5(path);
    throw InputError(
        fmt::format("{}: is of no known kind; allowed are a folder and files ending in .zip, .h5, .hdf5, .csv, .tsv, .txt", path.string()));
}

}  // namespace

Connectivity read_connectome(const std::filesystem::path& path, const ReadOptions& options) {
    return Connectivity(read_parts(path, options));
}

}  // namespace kation
