#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace kation {

/// Nodes stand side by side in vectors of 8: columns are padded to whole vectors, so that no loop has a scalar tail.
inline constexpr std::size_t lanes = 8;
constexpr std::size_t padded(std::size_t nodes) { return (nodes + lanes - 1) / lanes * lanes; }

/// Columns of numbers in one piece of memory: column k starts at first + k stride.
template <class Number>
struct ColumnsAt {
    Number* first = nullptr;
    std::size_t stride = 0;
    constexpr Number* operator[](std::size_t k) const { return first + k * stride; }
    constexpr operator ColumnsAt<const Number>() const { return {first, stride}; }  // NOLINT(google-explicit-constructor): as pointers do
    /// The same columns, starting some rows further down; none stay none.
    [[nodiscard]] constexpr ColumnsAt from(std::size_t row) const { return {first == nullptr ? nullptr : first + row, stride}; }
};
using Columns = ColumnsAt<double>;
using ConstColumns = ColumnsAt<const double>;

/// Memory that starts at a cache line. A vector made without a value leaves it untouched: a page belongs to the memory of that processor
/// which writes to it first.
template <class T>
struct CacheAligned {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};
    CacheAligned() = default;
    template <class U>
    CacheAligned(const CacheAligned<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert
    T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
    void deallocate(T* memory, std::size_t) { ::operator delete(memory, alignment); }
    template <class U>
    void construct(U* place) {
        ::new (static_cast<void*>(place)) U;
    }
    template <class U, class... Arguments>
    void construct(U* place, Arguments&&... arguments) {
        ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
    }
    bool operator==(const CacheAligned&) const { return true; }
};
template <class Number>
using AlignedVector = std::vector<Number, CacheAligned<Number>>;
using AlignedNumbers = AlignedVector<double>;

/// Columns that own their memory, all of the same padded length.
class ColumnStore {
  public:
    ColumnStore() = default;
    ColumnStore(std::size_t columns, std::size_t rows, double value = 0.0)
        : columns_(columns),
          rows_(padded(rows)),
          // Columns that are a multiple of 512 bytes apart would share few sets of the cache, and push each other out of it.
          stride_(rows_ % 64 == 0 ? rows_ + lanes : rows_),
          numbers_(std::max<std::size_t>(columns, 1) * stride_, value) {}

    [[nodiscard]] std::size_t columns() const { return columns_; }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    double* operator[](std::size_t column) { return numbers_.data() + column * stride_; }
    const double* operator[](std::size_t column) const { return numbers_.data() + column * stride_; }
    [[nodiscard]] Columns view() { return {numbers_.data(), stride_}; }
    [[nodiscard]] ConstColumns view() const { return {numbers_.data(), stride_}; }

  private:
    std::size_t columns_ = 0, rows_ = 0, stride_ = 0;
    AlignedNumbers numbers_;
};

}  // namespace kation
