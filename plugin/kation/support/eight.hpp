#pragma once

#include <kation/support/columns.hpp>
#include <kation/support/inline.hpp>

#include <cstring>

namespace kation {

/// Eight numbers in a register, or in as many as the machine needs: for loops that keep vectors from one round to the next, where neither
/// compiler finds out that they need not be stored.
using Eight = double __attribute__((vector_size(8 * sizeof(double))));
static_assert(lanes == 8);

KATION_INLINE void load(Eight& eight, const double* from) { std::memcpy(&eight, from, sizeof(Eight)); }
KATION_INLINE void store(const Eight& eight, double* to) { std::memcpy(to, &eight, sizeof(Eight)); }

}  // namespace kation
