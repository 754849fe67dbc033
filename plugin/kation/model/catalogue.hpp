#pragma once

#include <kation/model/model.hpp>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

struct MeasureKind;  // scan/measure.hpp

/// All models this program knows: those of the library and those of the plug-ins that were loaded.
class Catalogue {
  public:
    /// The library's own models.
    Catalogue();

    /// Adds the models and measures of a shared library that was built with kation_add_plugin. InputError if it is none, or of another
    /// version, or brings a name that is taken.
    void load(const std::filesystem::path& plugin);

    [[nodiscard]] std::span<const Entry* const> entries() const { return entries_; }

    /// ConfigurationError with the nearest names if there is no such model.
    [[nodiscard]] const Entry& find(std::string_view name) const;

    /// Measures of scans that plug-ins brought.
    [[nodiscard]] std::span<const MeasureKind* const> own_measures() const { return measures_; }

  private:
    std::vector<const Entry*> entries_;
    std::vector<const MeasureKind*> measures_;
};

/// A model of the library by name; ConfigurationError if there is none.
const Entry& model(std::string_view name);

/// What a plug-in exports under the name `kation_plugin`.
struct Plugin {
    std::uint32_t layout;  ///< kation_plugin_layout of the headers it was compiled with
    std::span<const Entry* const> (*entries)();
    std::span<const MeasureKind* const> (*measures)();
};

/// Changes whenever Entry, MeasureKind or what they point to change their layout.
inline constexpr std::uint32_t kation_plugin_layout = 3;

}  // namespace kation
