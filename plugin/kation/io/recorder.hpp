#pragma once

#include <kation/connectome/connectivity.hpp>
#include <kation/monitors/recording.hpp>
#include <kation/monitors/recruitment.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kation {

/// What a result says about itself.
struct Provenance {
    std::string model;          ///< names of the models
    std::string configuration;  ///< TOML
    std::uint64_t seed;
    double dt, duration;  // [ms]
};

/// Streams a run into an HDF5 file: under FILE.partial while it goes on, under its own name when it is whole. An earlier FILE is only ever
/// replaced by a whole one. Every function throws OutputError if the place cannot be written.
class Recorder : public Sink {
  public:
    Recorder(std::filesystem::path file, const Provenance& provenance, const Connectivity& brain, const std::vector<bool>& zone);
    ~Recorder() override;

    void begin(std::span<const std::string> monitors, std::span<const std::vector<RecordedVariable>> variables,
               std::size_t regions) override;
    void write(const Chunk& chunk) override;

    void write_recruitment(const Recruitment& recruitment);
    void write_control(const Recruitment& recruitment);

    /// The run is whole, or ended as it was meant to: the file gets its name.
    void finish(const std::string& status = "complete");
    /// The run ended early: what there is stays in FILE.partial, with the reason as its status.
    void abandon(const std::string& status);

    [[nodiscard]] const std::filesystem::path& partial() const { return partial_; }

  private:
    struct File;
    std::filesystem::path file_, partial_;
    std::unique_ptr<File> open_;
};

/// Checks that a result could be written there, before a long run starts. OutputError otherwise.
void require_writable(const std::filesystem::path& file);

}  // namespace kation
