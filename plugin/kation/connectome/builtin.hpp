#pragma once

#include <kation/connectome/connectivity.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// A text file of the folder connectomes/, as it was when the program was built.
struct BuiltinFile {
    std::string_view connectome;  ///< "six_node"
    std::string_view name;        ///< "weights.txt"
    std::string_view text;
};

/// All of them; defined in a file that CMake writes from the folder, so that the data exist once.
std::span<const BuiltinFile> builtin_files();

/// "ring_3", "six_node", "synthetic_76"
std::vector<std::string> builtin_names();

/// A connectome that comes with the program. ConfigurationError that lists the known names otherwise.
Connectivity builtin_connectome(std::string_view name);

}  // namespace kation
