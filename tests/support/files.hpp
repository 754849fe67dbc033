#pragma once

#include <zip.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

/// A folder of its own for a test's files, removed with them at the end.
class TemporaryFolder {
  public:
    TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("kation_test_" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

    /// Names of what is in the folder, hidden files included.
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename().string());
        return names;
    }

  private:
    std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// Writes a file and the folders it is in; returns its path.
inline std::filesystem::path write_file(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

/// A copy of a file that ends too early.
inline std::filesystem::path write_truncated(const std::filesystem::path& file, const std::filesystem::path& copy, double kept = 0.6) {
    const std::string whole = read_file(file);
    return write_file(copy, whole.substr(0, static_cast<std::size_t>(kept * static_cast<double>(whole.size()))));
}

struct ZipMember {
    std::string name, text;
};

/// Writes a zip with members in this order.
inline std::filesystem::path write_zip(const std::filesystem::path& file, const std::vector<ZipMember>& members) {
    zip_t* zip = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    if (zip == nullptr) throw std::runtime_error("cannot make " + file.string());
    for (const auto& [name, text] : members) zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), 0);
    if (zip_close(zip) != 0) throw std::runtime_error("cannot write " + file.string());
    return file;
}
