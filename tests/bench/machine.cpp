#include <bench/machine.hpp>
#include <bench/support.hpp>

#include <kation/support/instruction_set.hpp>

#include <dlfcn.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <armadillo>

#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

std::string processor() {
    std::ifstream facts("/proc/cpuinfo");
    for (std::string line; std::getline(facts, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

/// "L1d 48K, L1i 32K, L2 2048K, L3 266240K", of the first core.
std::string caches() {
    std::string text;
    for (int index = 0;; ++index) {
        const auto fact = [&](const char* name) {
            std::ifstream file(fmt::format("/sys/devices/system/cpu/cpu0/cache/index{}/{}", index, name));
            std::string value;
            file >> value;
            return value;
        };
        const std::string level = fact("level"), type = fact("type");
        if (level.empty()) return text.empty() ? "unknown" : text;
        text += fmt::format("{}L{}{} {}", text.empty() ? "" : ", ", level,
                            type == "Data"          ? "d"
                            : type == "Instruction" ? "i"
                                                    : "",
                            fact("size"));
    }
}

/// The file that holds the matrix-vector product: says whether it is the reference BLAS, OpenBLAS or another one.
std::string blas() {
    Dl_info found{};
    void* const product = dlsym(RTLD_DEFAULT, "dgemv_");
    if (product == nullptr || dladdr(product, &found) == 0) return "unknown";
    std::error_code ignored;
    const std::string file = std::filesystem::canonical(found.dli_fname, ignored).string();
    const bool open = file.find("openblas") != std::string::npos || dlsym(RTLD_DEFAULT, "openblas_get_config") != nullptr;
    const bool reference = !open && file.find("/blas/libblas") != std::string::npos;
    return fmt::format("{}{}", std::filesystem::path(file).filename().string(),
                       open        ? " (OpenBLAS)"
                       : reference ? " (reference BLAS)"
                                   : "");
}

}  // namespace

std::string description_of_machine() {
    std::array<double, 3> load{};
    getloadavg(load.data(), static_cast<int>(load.size()));
    const std::time_t today = std::time(nullptr);
    const auto set = kation::instruction_set();
    const auto row = [](std::string_view name, const std::string& fact) { return fmt::format("{:<18}{}\n", name, fact); };
    return row("date", fmt::format("{:%Y-%m-%d}", fmt::localtime(today))) +
           row("processor", fmt::format("{}, {} cores, {}", processor(), std::thread::hardware_concurrency(), caches())) +
           row("load", fmt::format("{:.1f} before the start: {}", load[0],
                                   load[0] > 0.5 ? "busy with other work, numbers scatter and two threads say little" : "quiet")) +
           row("compiler", KATION_BENCH_COMPILER) + row("flags", KATION_BENCH_FLAGS) + row("plain", KATION_BENCH_PLAIN_FLAGS) +
           row("instruction set", std::string(kation::instruction_set_names[static_cast<std::size_t>(set)])) + row("BLAS", blas()) +
           row("76, 998 regions", std::string(source_of_76()));
}
