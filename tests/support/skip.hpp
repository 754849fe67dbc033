#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

/// Marks the running case as skipped: ctest then reports it as such, unless it fails.
void note_skipped(const char* why);

/// The folder with connectomes/ and reference/ of third parties; nothing, and the case counts as skipped, where there is none:
///     const auto data = reference_data();
///     if (!data) return;
inline std::optional<std::filesystem::path> reference_data() {
    constexpr std::string_view folder = KATION_REFERENCE_DATA;
    if (!folder.empty()) return std::filesystem::path(folder);
    note_skipped("needs third-party data: set KATION_REFERENCE_DATA");
    return std::nullopt;
}
