#include <kation/support/draft.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <utility>

namespace kation {
namespace fs = std::filesystem;

Draft::Draft(fs::path target) : target_(std::move(target)) {
    if (!target_.has_filename()) target_ = target_.parent_path();  // "folder/"
    const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
    std::error_code problem;
    if (!fs::is_directory(folder, problem)) {
        throw OutputError(fmt::format("{}: cannot be written, {} is no folder", target_.string(), folder.string()));
    }
    if (fs::is_directory(target_, problem) && !fs::is_empty(target_, problem)) {
        throw OutputError(fmt::format("{}: cannot be written, it is a folder that holds something", target_.string()));
    }
    if (fs::exists(target_, problem) && !fs::is_regular_file(target_, problem) && !fs::is_directory(target_, problem)) {
        throw OutputError(fmt::format("{}: cannot be written, it is no ordinary file", target_.string()));
    }
    path_ = folder / fmt::format(".{}.{}.draft", target_.filename().string(), getpid());
}

Draft::~Draft() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void Draft::keep() {
    std::error_code problem;
    fs::rename(path_, target_, problem);
    if (problem) throw OutputError(fmt::format("{}: cannot be written ({})", target_.string(), problem.message()));
}

void write_text_file(const fs::path& target, const std::function<void(std::ostream&)>& fill) {
    Draft draft(target);
    std::ofstream stream(draft.path(), std::ios::binary);
    fill(stream);
    stream.close();
    if (!stream) throw OutputError(fmt::format("{}: cannot be written (is the disk full?)", target.string()));
    draft.keep();
}

}  // namespace kation
