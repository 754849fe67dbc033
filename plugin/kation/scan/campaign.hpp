#pragma once

#include <kation/scan/identity.hpp>
#include <kation/scan/journal.hpp>
#include <kation/scan/trial.hpp>

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// Takes over a finished trial. May throw; then no further trial is begun.
using TakeRow = std::function<void(TrialRow)>;

/// A scan: the trials of a plan, each run as the single run with the same settings would be. Who runs them is none of its business.
class Campaign {
  public:
    /// ConfigurationError if the configuration, the plan or the measures are wrong: if no trial can be understood.
    Campaign(Document base, ScanSettings settings, const Catalogue& catalogue);

    [[nodiscard]] const Plan& plan() const { return settings_.plan; }
    /// What the user should know of the first trial: a large dt, advice of the models.
    [[nodiscard]] const std::vector<std::string>& warnings() const { return form_.warnings; }
    /// @param plugins  files that models were loaded from
    [[nodiscard]] CampaignIdentity identity(const std::vector<std::filesystem::path>& plugins) const;

    /// Whether trials are small enough to run side by side in the lanes of vectors.
    [[nodiscard]] bool side_by_side() const { return form_.side_by_side; }

    /// Runs a few trials on the thread that calls; any number of threads may. @returns false if it was stopped before all were done
    bool run(std::span<const std::size_t> trials, const std::function<bool()>& stop, const TakeRow& take) const;

  private:
    [[nodiscard]] TrialRow row_of(const TrialOutcome& outcome) const;

    Document base_;
    ScanSettings settings_;
    const Catalogue* catalogue_;
    TrialForm form_;
};

}  // namespace kation
