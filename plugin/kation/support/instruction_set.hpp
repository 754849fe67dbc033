#pragma once

#include <array>
#include <cstddef>
#include <string_view>

/// One program for all machines: hot loops are compiled for several instruction sets and chosen when the program starts.
namespace kation {

enum class InstructionSet : std::size_t { base, x86_64_v3, x86_64_v4 };
inline constexpr std::array<std::string_view, 3> instruction_set_names{"base", "x86-64-v3", "x86-64-v4"};

/// The widest set this machine has, or the one that the environment variable KATION_INSTRUCTION_SET names, if the machine has it.
InstructionSet instruction_set();

/// Whether this machine can run code compiled for the set.
bool has(InstructionSet set);

/// A function compiled once for each instruction set, all of the same bits.
template <class Function>
struct Variants {
    std::array<Function*, instruction_set_names.size()> of{};
    constexpr Function* operator[](InstructionSet set) const { return of[static_cast<std::size_t>(set)]; }
};

#if defined(__x86_64__)
#define KATION_TARGET_V3 [[gnu::target("arch=x86-64-v3"), gnu::flatten]]
#define KATION_TARGET_V4 [[gnu::target("arch=x86-64-v4"), gnu::flatten]]
#else
#define KATION_TARGET_V3 [[gnu::flatten]]
#define KATION_TARGET_V4 [[gnu::flatten]]
#endif

namespace detail {

template <class Kernel, class Function>
struct Compiled;

template <class Kernel, class Result, class... Arguments>
struct Compiled<Kernel, Result(Arguments...)> {
    [[gnu::flatten]] static Result base(Arguments... arguments) { return Kernel::run(arguments...); }
    KATION_TARGET_V3 static Result v3(Arguments... arguments) { return Kernel::run(arguments...); }
    KATION_TARGET_V4 static Result v4(Arguments... arguments) { return Kernel::run(arguments...); }
};

}  // namespace detail

/// The variants of Kernel::run, a static function marked KATION_INLINE together with all that it calls.
template <class Kernel>
constexpr auto variants_of() {
    using Function = decltype(Kernel::run);
    using Compiled = detail::Compiled<Kernel, Function>;
    return Variants<Function>{{&Compiled::base, &Compiled::v3, &Compiled::v4}};
}

}  // namespace kation
