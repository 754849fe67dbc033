#pragma once

/// Loops over nodes and connections become vector code only where all that they call is part of them. Builds with sanitizers define
/// KATION_PLAIN_LOOPS: the faults that they look for are the same in functions of their own and in one instruction set, and a whole step of
/// a large model as one function full of checks would take them minutes to compile.
#if defined(KATION_PLAIN_LOOPS)
#define KATION_INLINE inline
#define KATION_INLINE_LAMBDA
#define KATION_FLATTEN
#else
#define KATION_INLINE [[gnu::always_inline]] inline
#define KATION_INLINE_LAMBDA __attribute__((always_inline))
#define KATION_FLATTEN [[gnu::flatten]]
#endif
