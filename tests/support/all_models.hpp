#pragma once

#include <kation/model/catalogue.hpp>

#include <vector>

/// All models of the library: properties are tested over all of them.
inline std::vector<const kation::Entry*> all_models() {
    const kation::Catalogue catalogue;
    return {catalogue.entries().begin(), catalogue.entries().end()};
}
