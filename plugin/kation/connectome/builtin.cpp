#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read_texts.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace kation {

std::vector<std::string> builtin_names() {
    std::vector<std::string> names;
    for (const BuiltinFile& file : builtin_files()) {
        if (std::ranges::find(names, file.connectome) == names.end()) names.emplace_back(file.connectome);
    }
    return names;
}

Connectivity builtin_connectome(std::string_view name) {
    TextMembers members;
    members.source = name;
    for (const BuiltinFile& file : builtin_files()) {
        if (file.connectome == name) members.names.emplace_back(file.name);
    }
    if (members.names.empty()) {
        const auto known = builtin_names();
        throw ConfigurationError(
            fmt::format("there is no builtin connectome '{}'{}; builtin are {}", name, suggestion(name, known), joined(known)));
    }
    members.open = [name = std::string(name)](const std::string& wanted) {
        const auto is_wanted = [&](const BuiltinFile& file) { return file.connectome == name && file.name == wanted; };
        return std::make_unique<std::istringstream>(std::string(std::ranges::find_if(builtin_files(), is_wanted)->text));
    };
    return Connectivity(read_texts(members));
}

}  // namespace kation
