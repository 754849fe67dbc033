#include <kation/connectome/flags.hpp>
#include <kation/connectome/read_texts.hpp>
#include <kation/connectome/text_table.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <istream>

namespace kation {
namespace {

arma::mat numbers_in(const TextMembers& members, const std::string& word) {
    const std::string name = members.find(word);
    return name.empty() ? arma::mat{} : read_text_table(*members.open(name), members.place(name)).numbers;
}

std::vector<std::uint8_t> flags_in(const TextMembers& members, const std::string& word) {
    return flags_from(numbers_in(members, word), members.place(members.find(word)));
}

}  // namespace

ConnectomeParts read_texts(const TextMembers& members) {
    if (members.find("weights").empty()) {
        throw InputError(fmt::format("{}: holds no weights, a file whose name contains 'weights' and ends in .txt or .txt.bz2 (found: {})",
                                     members.source, members.names.empty() ? "no text files" : joined(members.names)));
    }
    ConnectomeParts parts;
    parts.source = members.source;
    parts.weights = numbers_in(members, "weights");
    parts.tract_lengths = numbers_in(members, "tract_lengths");
    parts.orientations = numbers_in(members, "orientations");
    parts.areas = arma::vectorise(numbers_in(members, "areas"));
    parts.cortical = flags_in(members, "cortical");
    parts.hemispheres = flags_in(members, "hemispheres");
    const std::string centres = members.find("centres").empty() ? members.find("centers") : members.find("centres");
    if (!centres.empty()) {
        RegionList regions = read_region_list(*members.open(centres), members.place(centres));
        parts.labels = std::move(regions.labels);
        parts.centres = std::move(regions.centres);
    }
    return parts;
}

}  // namespace kation
