#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// The text files of a connectome, wherever they are kept: in a zip, in a folder or in the program itself.
struct TextMembers {
    std::string source;              ///< where they are kept, for messages
    std::vector<std::string> names;  ///< .txt and .txt.bz2 files, in the order in which they are looked at

    /// Opens a member for reading, unpacked. InputError if it cannot be opened; reading throws InputError or std::ios_base::failure
    /// where the data are damaged.
    std::function<std::unique_ptr<std::istream>(const std::string& name)> open;

    /// The first member whose file name contains the word, or an empty string.
    [[nodiscard]] std::string find(std::string_view word) const;

    /// Source and name, for messages.
    [[nodiscard]] std::string place(const std::string& name) const { return source + "/" + name; }
};

/// InputError if the file is no zip, truncated, or has members of more than `most_bytes`.
TextMembers members_of_zip(const std::filesystem::path& file);

/// The files of a folder and of the folders in it (a zip often unpacks into one more folder); "weights.txt" comes before "old_weights.txt".
TextMembers members_of_folder(const std::filesystem::path& folder);

}  // namespace kation
