#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace kation {

/// Where a file or folder grows before it gets its name, so that a failure leaves an earlier one as it was:
///     Draft draft("result.h5");
///     ... write to draft.path() ...
///     draft.keep();
/// It lies next to its target, and is removed if it is not kept.
class Draft {
  public:
    /// OutputError if the target cannot be written: its folder is missing or it is itself a folder that holds something, or a
    /// device.
    explicit Draft(std::filesystem::path target);
    ~Draft();
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Gives the draft its name, in place of an earlier file. OutputError if it cannot.
    void keep();

  private:
    std::filesystem::path target_, path_;
};

/// Writes a text file by way of a draft. OutputError if it cannot.
void write_text_file(const std::filesystem::path& target, const std::function<void(std::ostream&)>& fill);

}  // namespace kation
