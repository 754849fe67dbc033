#pragma once

#include <kation/scan/store.hpp>

/// Says where the results of an earlier campaign were moved to; nothing if there were none.
void tell_of_earlier(const std::filesystem::path& folder);

/// Says what a campaign's table holds, and draws it where one or two keys were swept.
void tell_of_table(const kation::ScanTable& table, bool quiet);
