#include <kation/support/instruction_set.hpp>

#include <cstdlib>

namespace kation {

bool has(InstructionSet set) {
#if KATION_HAS_INSTRUCTION_SETS
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return set == InstructionSet::base || (set == InstructionSet::x86_64_v3 && v3) || (set == InstructionSet::x86_64_v4 && v4);
#else
    return set == InstructionSet::base;
#endif
}

InstructionSet instruction_set() {
    static const InstructionSet chosen = [] {
        const char* wish = std::getenv("KATION_INSTRUCTION_SET");
        InstructionSet widest = InstructionSet::base;
        for (const auto set : {InstructionSet::x86_64_v3, InstructionSet::x86_64_v4})
            if (has(set)) widest = set;
        for (const auto set : {InstructionSet::base, InstructionSet::x86_64_v3, InstructionSet::x86_64_v4})
            if (wish != nullptr && instruction_set_names[static_cast<std::size_t>(set)] == wish && has(set)) return set;
        return widest;
    }();
    return chosen;
}

}  // namespace kation
