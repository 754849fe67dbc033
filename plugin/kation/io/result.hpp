#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/monitors/recruitment.hpp>

#include <armadillo>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// A recording on disk, opened to be read: `kation run` writes it, pictures are drawn from it.
///
/// What is small is read at once; series are read in pieces, since a raw recording may be larger than memory.
/// Every member throws InputError with the file's name if the file does not hold what it should.
class ResultFile {
  public:
    /// Opens the file read-only. InputError if it is missing, truncated, no HDF5 or no result of Kation.
    explicit ResultFile(std::filesystem::path path);
    ~ResultFile();
    ResultFile(ResultFile&&) noexcept;
    ResultFile& operator=(ResultFile&&) noexcept;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // The root's attributes; empty or 0 if the file does not say.
    [[nodiscard]] const std::string& version() const { return version_; }
    [[nodiscard]] const std::string& model() const { return model_; }
    [[nodiscard]] const std::string& status() const { return status_; }
    [[nodiscard]] const std::string& created() const { return created_; }
    [[nodiscard]] std::int64_t seed() const { return seed_; }
    [[nodiscard]] double dt() const { return dt_; }              // [ms]
    [[nodiscard]] double duration() const { return duration_; }  // [ms]

    [[nodiscard]] std::size_t regions() const { return labels_.size(); }
    [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
    [[nodiscard]] const arma::mat& centres() const { return centres_; }          ///< N x 3 [mm]; empty if unknown
    [[nodiscard]] const std::vector<bool>& in_zone() const { return in_zone_; }  ///< N, the epileptogenic zone

    /// What the observer saw; nothing if the file does not say. First events are not in the file.
    [[nodiscard]] const std::optional<Recruitment>& recruitment() const { return recruitment_; }
    [[nodiscard]] const std::optional<Recruitment>& control() const { return control_; }

    [[nodiscard]] std::vector<std::string> monitors() const;
    /// In the order in which the configuration lists them.
    [[nodiscard]] std::vector<std::string> variables(const std::string& monitor) const;
    [[nodiscard]] std::string unit(const std::string& monitor, const std::string& variable) const;
    [[nodiscard]] arma::vec time(const std::string& monitor) const;  ///< [ms]

    /// Samples first, ..., first + count - 1 of a variable in its unit; axes (region, sample): one column per time.
    [[nodiscard]] arma::mat samples(const std::string& monitor, const std::string& variable, std::size_t first, std::size_t count) const;

    /// The network that was simulated, as it was coupled: weights after normalising.
    [[nodiscard]] Connectivity connectivity() const;

    /// The full effective configuration, TOML; empty if the file does not say.
    [[nodiscard]] std::string configuration() const;

    /// True if the file is an HDF5 file with the groups of a result: to tell it from a connectome.
    static bool is_result(const std::filesystem::path& path);

  private:
    struct Handle;

    std::filesystem::path path_;
    std::unique_ptr<Handle> file_;
    std::string version_, model_, status_, created_;
    std::int64_t seed_ = 0;
    double dt_ = 0, duration_ = 0;
    std::vector<std::string> labels_;
    arma::mat centres_;
    std::vector<bool> in_zone_;
    std::optional<Recruitment> recruitment_, control_;
};

}  // namespace kation
