#include <kation/connectome/write.hpp>
#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>
#include <kation/support/hdf5.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <zip.h>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/replace.hpp>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace kation {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const fs::path& file, const std::string& reason) {
    throw OutputError(fmt::format("{}: cannot be written ({})", file.string(), reason));
}

std::string joined_numbers(const arma::rowvec& row, char separator) {
    std::string text;
    for (const double number : row) fmt::format_to(std::back_inserter(text), "{}{}", text.empty() ? "" : std::string(1, separator), number);
    return text;
}

std::string lines_of(const arma::mat& matrix, char separator = ' ') {
    std::string text;
    for (arma::uword row = 0; row < matrix.n_rows; ++row) text += joined_numbers(matrix.row(row), separator) + '\n';
    return text;
}

std::string lines_of(const std::vector<std::uint8_t>& flags) {
    std::string text;
    for (const std::uint8_t flag : flags) text += flag == 0 ? "0\n" : "1\n";
    return text;
}

/// A label as one cell: quoted if a reader could take it for several, for a number or for a comment.
std::string cell(const std::string& label) {
    const bool plain = label.find_first_of(" \t,;\"") == std::string::npos && !label.starts_with('#') && !number_from(label);
    return plain ? label : fmt::format("\"{}\"", boost::replace_all_copy(label, "\"", "\"\""));
}

std::string region_lines(const Connectivity& connectome, char separator = ' ') {
    std::string text;
    for (arma::uword i = 0; i < connectome.regions(); ++i) {
        const arma::rowvec centre =
            connectome.has_centres() ? arma::rowvec(connectome.parts().centres.row(i)) : arma::zeros<arma::rowvec>(3);
        text += fmt::format("{}{}{}\n", cell(connectome.label(i)), separator, joined_numbers(centre, separator));
    }
    return text;
}

struct Member {
    std::string name, text;
};

/// The Virtual Brain's files. It wants lengths and centres in any case: zeros where they are unknown.
std::vector<Member> text_members(const Connectivity& connectome) {
    const ConnectomeParts& parts = connectome.parts();
    std::vector<Member> members{{"weights.txt", lines_of(parts.weights)},
                                {"tract_lengths.txt", lines_of(parts.tract_lengths)},
                                {"centres.txt", region_lines(connectome)}};
    if (!parts.hemispheres.empty()) members.push_back({"hemispheres.txt", lines_of(parts.hemispheres)});
    if (!parts.cortical.empty()) members.push_back({"cortical.txt", lines_of(parts.cortical)});
    if (!parts.areas.empty()) members.push_back({"areas.txt", lines_of(parts.areas)});
    if (!parts.orientations.empty()) members.push_back({"average_orientations.txt", lines_of(parts.orientations)});
    return members;
}

void write_text(const fs::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) cannot_write(file, std::generic_category().message(errno));
}

void write_zip(const Connectivity& connectome, const fs::path& file) {
    const std::vector<Member> members = text_members(connectome);  // libzip reads them when the zip is closed
    int code = 0;
    zip_t* zip = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (zip == nullptr) cannot_write(file, fmt::format("zip error {}", code));
    bool good = true;
    for (const auto& [name, text] : members) {
        zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
        good = good && source != nullptr && zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0;
    }
    if (good && zip_close(zip) == 0) return;
    const std::string reason = zip_strerror(zip);
    zip_discard(zip);
    cannot_write(file, reason);
}

void write_folder(const Connectivity& connectome, const fs::path& folder) {
    std::error_code problem;
    if (!fs::create_directory(folder, problem)) cannot_write(folder, problem.message());
    for (const auto& [name, text] : text_members(connectome)) write_text(folder / name, text);
}

void write_hdf5(const Connectivity& connectome, const fs::path& path) {
    silence_hdf5();
    try {
        const ConnectomeParts& parts = connectome.parts();
        const H5::H5File file(path.string(), H5F_ACC_TRUNC);
        write_matrix(file, "weights", parts.weights, "1", "to, from");
        if (connectome.has_lengths()) write_matrix(file, "tract_lengths", parts.tract_lengths, "mm", "to, from");
        write_strings(file, "region_labels", parts.labels, "region");
        if (connectome.has_centres()) write_matrix(file, "centres", parts.centres, "mm", "region, xyz");
        if (!parts.hemispheres.empty()) write_vector(file, "hemispheres", parts.hemispheres, "1 = right", "region");
        if (!parts.cortical.empty()) write_vector(file, "cortical", parts.cortical, "1 = cortex", "region");
        if (!parts.areas.empty()) write_vector(file, "areas", std::span<const double>(parts.areas), "mm^2", "region");
        if (!parts.orientations.empty()) write_matrix(file, "orientations", parts.orientations, "1", "region, xyz");
    } catch (const H5::Exception& problem) {
        cannot_write(path, reason_of(problem));
    }
}

/// A matrix between regions with its labels at both axes.
std::string labelled_lines(const Connectivity& connectome, const arma::mat& matrix, char separator) {
    std::string text = "to/from";
    for (const std::string& label : connectome.labels()) text += separator + cell(label);
    text += '\n';
    for (arma::uword row = 0; row < matrix.n_rows; ++row) {
        text += fmt::format("{}{}{}\n", cell(connectome.label(row)), separator, joined_numbers(matrix.row(row), separator));
    }
    return text;
}

std::vector<fs::path> write_tables(const Connectivity& connectome, const fs::path& path, const std::string& ending) {
    const char separator = ending == ".csv" ? ',' : ending == ".tsv" ? '\t' : ' ';
    std::vector<fs::path> files;
    const auto write = [&](const std::string& suffix, const std::string& text) {
        files.push_back(path.parent_path() / (path.stem().string() + suffix + path.extension().string()));
        Draft draft(files.back());
        write_text(draft.path(), text);
        draft.keep();
    };
    write("", labelled_lines(connectome, connectome.weights(), separator));
    if (connectome.has_lengths()) write("_tract_lengths", labelled_lines(connectome, connectome.tract_lengths(), separator));
    if (connectome.has_centres()) write("_regions", region_lines(connectome, separator));
    return files;
}

}  // namespace

std::vector<fs::path> write_connectome(const Connectivity& connectome, const fs::path& path) {
    const std::string ending = boost::to_lower_copy(path.extension().string());
    if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return write_tables(connectome, path, ending);
    const auto write = ending == ".zip"                       ? write_zip
                       : ending == ".h5" || ending == ".hdf5" ? write_hdf5
                       : ending.empty()                       ? write_folder
                                                              : nullptr;
    if (write == nullptr) {
        throw ConfigurationError(fmt::format(
            "{}: connectomes are not written as {}; allowed are .zip, .h5, .hdf5, .csv, .tsv, .txt, and a folder without an ending",
            path.string(), ending));
    }
    Draft draft(path);
    write(connectome, draft.path());
    draft.keep();
    return {path};
}

}  // namespace kation
