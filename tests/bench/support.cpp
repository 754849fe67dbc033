#include <bench/sparse.hpp>
#include <bench/support.hpp>

#include <kation/connectome/builtin.hpp>
#include <kation/connectome/read.hpp>
#include <kation/connectome/synthetic.hpp>

#include <filesystem>
#include <map>

using namespace kation;

namespace {

const std::filesystem::path reference_data = KATION_REFERENCE_DATA;

Connectivity make(std::size_t regions) {
    if (regions == 6) return builtin_connectome("six_node");
    if (!reference_data.empty() && (regions == 76 || regions == 998))
        return read_connectome(reference_data / "connectomes" / ("connectivity_" + std::to_string(regions) + ".zip"));
    if (regions == 76) return builtin_connectome("synthetic_76");
    if (regions >= 5000) return random_connectome(regions, 50);
    return synthetic_connectome({.regions = regions, .density = regions > 500 ? 0.04 : 0.27});
}

}  // namespace

const Connectivity& connectome(std::size_t regions) {
    static std::map<std::size_t, Connectivity> made;
    const auto found = made.find(regions);
    return found != made.end() ? found->second : made.emplace(regions, make(regions).normalised(Normalisation::max)).first->second;
}

std::string_view source_of_76() { return reference_data.empty() ? "synthetic_76" : "connectivity_76.zip"; }
