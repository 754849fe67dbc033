#pragma once

#include <kation/io/document.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/network/network.hpp>
#include <kation/simulator/simulator.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// A run as a configuration describes it, checked and ready.
struct RunConfiguration {
    Network network;
    std::optional<Network> control;  ///< the zone set back to [model]'s parameters; nothing if there is no zone or none is wanted
    SimulatorSettings settings;
    Past control_past{};     ///< the past in the control's models
    double duration;         ///< [ms]
    std::vector<bool> zone;  ///< of each region: in the epileptogenic zone
    std::filesystem::path output;
    bool picture;           ///< draw one beside the result
    bool csv;               ///< also write the series as CSV
    std::string effective;  ///< everything that was used, defaults included, as TOML

    /// The settings of the control: what only models of the zone know is left out.
    [[nodiscard]] SimulatorSettings control_settings() const;
};

/// ConfigurationError with the place for everything that is not understood; InputError for files that are read.
RunConfiguration read_configuration(const Document& document, const Catalogue& catalogue);

}  // namespace kation
