#pragma once

#include <kation/scan/trial.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kation {

/// What makes a campaign this one and no other. Two campaigns with the same settings have the same table, to the last bit.
struct CampaignIdentity {
    std::size_t trials = 0;
    std::uint64_t seed = 0;
    std::vector<std::string> keys;      ///< that are swept
    std::vector<std::string> columns;   ///< of the table before those of the measures: trial, the keys, notes
    std::vector<std::string> measures;  ///< columns
    std::string configuration;          ///< everything that the first trial used, as TOML

    /// Dotted key -> value: what the first trial used, defaults included; the table [scan]; plug-ins; the version. A file stands with its
    /// size and the checksum of its content, wherever it lies.
    std::map<std::string, std::string> settings;
};

/// InputError if a file that is named cannot be read.
CampaignIdentity identity_of(const Document& base, const ScanSettings& settings, const TrialForm& form,
                             const std::vector<std::filesystem::path>& plugins);

/// "coupling.G was 48 and is 50 now"; empty if there is none.
std::string difference(const CampaignIdentity& before, const CampaignIdentity& now);

/// One line of JSON, and back; InputError if it is none.
std::string text_of(const CampaignIdentity& identity);
CampaignIdentity identity_from(const std::string& text);

}  // namespace kation
