#include <kation/model/catalogue.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>
#include <boost/dll/import.hpp>
#include <boost/dll/shared_library.hpp>

#include <algorithm>

namespace kation {

// Generated from the headers in models/.
std::span<const Entry* const> builtin_models();

Catalogue::Catalogue() {
    const auto builtin = builtin_models();
    entries_.assign(builtin.begin(), builtin.end());
}

void Catalogue::load(const std::filesystem::path& plugin) {
    // Stays loaded until the program ends: entries and their functions live in it.
    static std::vector<boost::dll::shared_library> loaded;
    boost::dll::shared_library library;
    boost::dll::fs::error_code problem;
    library.load(boost::dll::fs::path(std::filesystem::absolute(plugin).string()), problem);
    if (problem) {
        const char* reason = std::filesystem::exists(plugin) ? "it is no shared library that fits this program" : "there is no such file";
        throw InputError(fmt::format("cannot load plug-in {}: {}", plugin.string(), reason));
    }
    if (!library.has("kation_plugin")) throw InputError(fmt::format("{} is a shared library but no plug-in of Kation", plugin.string()));
    const Plugin& exported = library.get<const Plugin>("kation_plugin");
    if (exported.layout != kation_plugin_layout)
        throw InputError(fmt::format("plug-in {} was built for another version of Kation (layout {}, this program has {}); build it again",
                                     plugin.string(), exported.layout, kation_plugin_layout));
    for (const Entry* entry : exported.entries()) {
        if (std::ranges::any_of(entries_, [&](const Entry* known) { return known->info.name == entry->info.name; }))
            throw InputError(fmt::format("plug-in {} brings a model '{}', but a model of that name is there already", plugin.string(),
                                         entry->info.name));
        entries_.push_back(entry);
    }
    const auto measures = exported.measures();
    measures_.insert(measures_.end(), measures.begin(), measures.end());
    loaded.push_back(std::move(library));
}

const Entry& Catalogue::find(std::string_view name) const {
    const auto found = std::ranges::find(entries_, name, [](const Entry* entry) { return entry->info.name; });
    if (found != entries_.end()) return **found;
    std::vector<std::string> known;
    for (const Entry* entry : entries_) known.emplace_back(entry->info.name);
    throw ConfigurationError(fmt::format("no model '{}'{}", name, suggestion(name, known)));
}

const Entry& model(std::string_view name) {
    static const Catalogue catalogue;
    return catalogue.find(name);
}

}  // namespace kation
