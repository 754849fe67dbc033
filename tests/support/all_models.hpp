#pragma once

#include <kation/model/catalogue.hpp>

#include <vector>

/// All models of the library: properties are tested over all of them.
inline std::vector<const kation::Entry*> all_models() {
    const kation::Catalogue catalogue;
    return {catalogue.entries().begin(), catalogue.entries().end()};
}

/// How large a quantity usually is: the width of the range in which it is interesting, 1 if none is given.
inline double natural_size(const kation::Field& field) { return field.explore.bounded() ? field.explore.high - field.explore.low : 1.0; }
