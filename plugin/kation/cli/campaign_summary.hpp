#pragma once

#include <kation/scan/store.hpp>

/// Says what a campaign's table holds, and draws it where one or two keys were swept.
void tell_of_table(const kation::ScanTable& table, bool quiet);
