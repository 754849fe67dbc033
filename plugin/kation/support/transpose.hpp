#pragma once

#include <kation/support/eight.hpp>

#include <type_traits>

namespace kation {

/// Eight rows of eight numbers become columns: to(i)[k] = from(k)[i]. In registers, since neither compiler finds the way from a loop.
/// @param from, to  where a row is, given its number; numbers may be rounded to float on the way
template <class FromRow, class ToRow>
KATION_INLINE void transpose(const FromRow& from, const ToRow& to) {
    Eight x[8], y[8];
    for (std::size_t k = 0; k < 8; ++k) std::memcpy(&x[k], from(k), sizeof(Eight));
    for (std::size_t k = 0; k < 8; k += 2) {  // single numbers between neighbours, then pairs, then halves
        y[k] = __builtin_shufflevector(x[k], x[k + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        y[k + 1] = __builtin_shufflevector(x[k], x[k + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
    for (std::size_t k = 0; k < 8; ++k) {
        if ((k & 2) != 0) continue;
        x[k] = __builtin_shufflevector(y[k], y[k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        x[k + 2] = __builtin_shufflevector(y[k], y[k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    for (std::size_t k = 0; k < 4; ++k) {
        y[k] = __builtin_shufflevector(x[k], x[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        y[k + 4] = __builtin_shufflevector(x[k], x[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
    for (std::size_t k = 0; k < 8; ++k) {
        auto* row = to(k);
        if constexpr (std::is_same_v<decltype(row), double*>)
            std::memcpy(row, &y[k], sizeof(Eight));
        else
            for (std::size_t i = 0; i < 8; ++i) row[i] = static_cast<std::remove_pointer_t<decltype(row)>>(y[k][i]);
    }
}

}  // namespace kation
