#pragma once

#include <kation/support/inline.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

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

#if defined(__x86_64__) && !defined(KATION_PLAIN_LOOPS)
#define KATION_HAS_INSTRUCTION_SETS 1
#else
#define KATION_HAS_INSTRUCTION_SETS 0
#endif

namespace detail {

template <class Kernel, class Function>
struct Compiled;

template <class Kernel, class Result, class... Arguments>
struct Compiled<Kernel, Result(Arguments...)> {
    KATION_FLATTEN static Result base(Arguments... arguments) { return Kernel::run(arguments...); }
#if KATION_HAS_INSTRUCTION_SETS
    [[gnu::target("arch=x86-64-v3")]] KATION_FLATTEN static Result v3(Arguments... arguments) { return Kernel::run(arguments...); }
    [[gnu::target("arch=x86-64-v4")]] KATION_FLATTEN static Result v4(Arguments... arguments) { return Kernel::run(arguments...); }
#endif
};

}  // namespace detail

/// The variants of Kernel::run, a static function marked KATION_INLINE together with all that it calls.
template <class Kernel>
constexpr auto variants_of() {
    using Function = decltype(Kernel::run);
    using Compiled = detail::Compiled<Kernel, Function>;
#if KATION_HAS_INSTRUCTION_SETS
    return Variants<Function>{{&Compiled::base, &Compiled::v3, &Compiled::v4}};
#else
    return Variants<Function>{{&Compiled::base, &Compiled::base, &Compiled::base}};
#endif
}

/// Runs a loop as it was compiled for this machine.
template <class Loop, class... Arguments>
auto run_loop(Arguments&&... arguments) {
    static const auto chosen = variants_of<Loop>()[instruction_set()];
    return chosen(std::forward<Arguments>(arguments)...);
}

}  // namespace kation
