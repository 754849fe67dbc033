#pragma once

#include <kation/scan/trial.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace kation {

/// How far a campaign is, told by one thread at a time.
struct CampaignWatcher {
    std::function<void(std::size_t done)> progress;
    std::function<bool()> stop;
};

/// A scan: the trials of a plan, run over threads, each as the single run with the same settings would be.
class Campaign {
  public:
    /// ConfigurationError if the configuration, the plan or the measures are wrong: if no trial can be understood.
    Campaign(Document base, ScanSettings settings, const Catalogue& catalogue);

    [[nodiscard]] const Plan& plan() const { return settings_.plan; }
    /// Names of the measures' columns.
    [[nodiscard]] const std::vector<std::string>& columns() const { return form_.columns; }

    /// Runs all trials, over as many threads as OpenMP offers or as asked. @returns the outcomes in the order of the trials, only those
    /// that were finished if the watcher stopped it.
    [[nodiscard]] std::vector<TrialOutcome> run(int threads, const CampaignWatcher& watcher) const;

    /// What the user should know of the first trial: a large dt, advice of the models.
    [[nodiscard]] const std::vector<std::string>& warnings() const { return form_.warnings; }

    /// Writes DIR/trials.csv and DIR/manifest.json; where trials are missing, DIR/trials.csv.partial, and leaves earlier ones alone.
    /// OutputError if it cannot. @returns the table
    std::filesystem::path write(const std::filesystem::path& folder, const std::vector<TrialOutcome>& outcomes) const;

  private:
    Document base_;
    ScanSettings settings_;
    const Catalogue* catalogue_;
    TrialForm form_;
};

}  // namespace kation
