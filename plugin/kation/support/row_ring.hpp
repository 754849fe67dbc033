#pragma once

#include <cstddef>
#include <cstdint>

namespace kation {

/// The rows of the last steps, one for each, with one number per slot. The ring has a power of two of rows; with a mask of 0 it is one row,
/// whatever the step.
template <class Number>
struct RowRingOf {
    Number* first;
    std::size_t stride;  ///< between rows
    std::int64_t mask;   ///< number of rows less one

    constexpr Number* at(std::int64_t step) const { return first + static_cast<std::size_t>(step & mask) * stride; }
    constexpr operator RowRingOf<const Number>() const {
        return {first, stride, mask};
    }  // NOLINT(google-explicit-constructor): as pointers do
};
using RowRing = RowRingOf<double>;
using ConstRowRing = RowRingOf<const double>;

}  // namespace kation
