#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kation {

inline constexpr double inf = std::numeric_limits<double>::infinity();

/// Which ends of a range are outside it.
enum class Ends : long { closed, open, open_low, open_high };
inline constexpr Ends open = Ends::open, open_low = Ends::open_low, open_high = Ends::open_high;

/// A range of numbers. The infinities are never inside: a value must be finite.
struct Range {
    double low = -inf, high = inf;
    Ends ends = Ends::closed;

    [[nodiscard]] constexpr bool contains(double x) const {
        const bool above = ends == Ends::open || ends == Ends::open_low ? x > low : x >= low;
        const bool below = ends == Ends::open || ends == Ends::open_high ? x < high : x <= high;
        return above && below && x > -inf && x < inf;
    }
    [[nodiscard]] constexpr bool bounded() const { return low > -inf || high < inf; }
};

/// Outside of it the mathematics breaks: a value there is an error.
struct valid : Range {};
/// Where the interesting regimes are: advice for scans, never a check.
struct explore : Range {};
/// Outside of it the equations go on but no longer mean what they are meant to: a run that gets there says so, and goes on.
struct usual : Range {};

/// Text of bounded length inside a constant, so that a record of fields holds no pointers.
template <std::size_t Size>
struct Text {
    std::array<char, Size> characters{};

    constexpr Text() = default;
    consteval Text(const char* text) {  // NOLINT(google-explicit-constructor): a string literal is a text
        std::size_t i = 0;
        for (; text[i] != '\0'; ++i) {
            if (i + 1 >= Size) throw "the text is longer than its field";  // a compile-time error, as it is consteval
            characters[i] = text[i];
        }
    }
    [[nodiscard]] constexpr std::string_view view() const { return std::string_view(characters.data()); }

    /// The same with a number of one or two digits wherever there is a '#'.
    [[nodiscard]] consteval Text numbered(std::size_t number) const {
        if (number > 99) throw "a number of three digits";  // a compile-time error, as it is consteval
        Text result;
        std::size_t length = 0;
        const auto put = [&](char c) {
            if (length + 1 >= Size) throw "the text is longer than its field";
            result.characters[length++] = c;
        };
        for (const char c : view()) {
            if (c == '#' && number >= 10) put(static_cast<char>('0' + number / 10));
            put(c == '#' ? static_cast<char>('0' + number % 10) : c);
        }
        return result;
    }
};

struct Probe;

/// One line of a model's tables: name, default, unit, ranges and meaning of a parameter, state variable, input or output.
///
/// It converts to any scalar that a number makes, so that `T tau = Field{...}` gives tau its default for T = double or Dual and stays the
/// table's line for T = Field.
struct Field {
    Text<24> name;
    double value = 0;
    Text<24> unit;
    Range valid;
    Range explore;
    Range usual;
    Text<160> doc;

    constexpr Field() = default;
    consteval Field(Text<24> name_, double value_, Text<24> unit_, kation::valid valid_, kation::explore explore_, kation::usual usual_,
                    Text<160> doc_)
        : name(name_), value(value_), unit(unit_), valid(valid_), explore(explore_), usual(usual_), doc(doc_) {}
    consteval Field(Text<24> name_, double value_, Text<24> unit_, kation::valid valid_, kation::explore explore_, Text<160> doc_)
        : Field(name_, value_, unit_, valid_, explore_, kation::usual{}, doc_) {}
    consteval Field(Text<24> name_, double value_, Text<24> unit_, kation::valid valid_, Text<160> doc_)
        : Field(name_, value_, unit_, valid_, kation::explore{valid_.low, valid_.high}, doc_) {}
    consteval Field(Text<24> name_, double value_, Text<24> unit_, kation::explore explore_, Text<160> doc_)
        : Field(name_, value_, unit_, kation::valid{}, explore_, doc_) {}
    consteval Field(Text<24> name_, double value_, Text<24> unit_, kation::explore explore_, kation::usual usual_, Text<160> doc_)
        : Field(name_, value_, unit_, kation::valid{}, explore_, usual_, doc_) {}
    consteval Field(Text<24> name_, double value_, Text<24> unit_, Text<160> doc_) : Field(name_, value_, unit_, kation::valid{}, doc_) {}

    template <class T>
        requires(!std::same_as<T, Field> && !std::same_as<T, Probe> && std::constructible_from<T, double>)
    constexpr operator T() const {  // NOLINT(google-explicit-constructor): the record's default
        return T(value);
    }
};

/// How large a quantity usually is: the width of the range in which it is interesting, 1 if none is given at both ends.
constexpr double natural_size(const Field& field) {
    const double width = field.explore.high - field.explore.low;
    return width > 0 && width < inf ? width : 1.0;
}

/// Lines of the tables that differ by a number only.
template <std::size_t Count>
struct NumberedFields {
    std::array<Field, Count> fields;

    template <class T>
    constexpr operator std::array<T, Count>() const {  // NOLINT(google-explicit-constructor): the members' defaults, as of a Field
        return [&]<std::size_t... K>(std::index_sequence<K...>) {
            return std::array<T, Count>{T(fields[K])...};
        }(std::make_index_sequence<Count>{});
    }
};

/// Fields 1 to Count for a member that is an array, from one line: every '#' in its name and words becomes the number.
template <std::size_t Count>
consteval NumberedFields<Count> numbered(const Field& field) {
    NumberedFields<Count> result{};
    for (std::size_t k = 0; k < Count; ++k) {
        result.fields[k] = field;
        result.fields[k].name = field.name.numbered(k + 1);
        result.fields[k].doc = field.doc.numbered(k + 1);
    }
    return result;
}

/// How many fields a record template has.
template <template <class> class Record>
inline constexpr std::size_t count_of = std::is_empty_v<Record<double>> ? 0 : sizeof(Record<double>) / sizeof(double);

/// The table of a record: its fields in the order in which they stand.
template <template <class> class Record>
consteval auto fields_of() {
    if constexpr (count_of<Record> == 0) {
        return std::array<Field, 0>{};
    } else {
        static_assert(std::is_trivially_copyable_v<Record<double>> && sizeof(Record<Field>) == count_of<Record> * sizeof(Field),
                      "a record holds members of type T only");
        return std::bit_cast<std::array<Field, count_of<Record>>>(Record<Field>{});
    }
}

/// A record as its numbers in order, and back.
template <template <class> class Record, class T>
constexpr std::array<T, count_of<Record>> values_of(const Record<T>& record) {
    if constexpr (count_of<Record> == 0) {
        return {};
    } else {
        return std::bit_cast<std::array<T, count_of<Record>>>(record);
    }
}
template <template <class> class Record, class T>
constexpr Record<T> record_of(const std::array<T, count_of<Record>>& values) {
    if constexpr (count_of<Record> == 0) {
        return {};
    } else {
        return std::bit_cast<Record<T>>(values);
    }
}

}  // namespace kation
