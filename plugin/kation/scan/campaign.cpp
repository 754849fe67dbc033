#include <kation/scan/campaign.hpp>
#include <kation/scan/side_by_side.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace kation {

Campaign::Campaign(Document base, ScanSettings settings, const Catalogue& catalogue)
    : base_(std::move(base)), settings_(std::move(settings)), catalogue_(&catalogue) {
    // The first trial that is understood tells early whether keys and measures are. A few may fail: the plan may lead over an edge.
    const std::size_t most = std::min<std::size_t>(plan().trials(), 100);
    std::exception_ptr first_problem;
    for (std::size_t trial = 0; trial < most; ++trial) {
        try {
            form_ = form_of_trial(settings_, base_, *catalogue_, trial);
            return;
        } catch (const ConfigurationError&) {
            if (!first_problem) first_problem = std::current_exception();
        }
    }
    std::rethrow_exception(first_problem);
}

CampaignIdentity Campaign::identity(const std::vector<std::filesystem::path>& plugins) const {
    return identity_of(base_, settings_, form_, plugins);
}

bool Campaign::run(std::span<const std::size_t> trials, const std::function<bool()>& stop, const TakeRow& take) const {
    return run_trials(settings_, form_, base_, *catalogue_, trials, stop, [&](const TrialOutcome& outcome) { take(row_of(outcome)); });
}

TrialRow Campaign::row_of(const TrialOutcome& outcome) const {
    TrialRow row{outcome.trial, fmt::format("{}", outcome.trial), {}, word_for(outcome.status), outcome.message};
    for (const std::string& value : plan().values(outcome.trial)) row.cells += ',' + csv_cell(value);
    for (const std::string& note : outcome.notes) row.cells += ',' + csv_cell(note);
    for (std::size_t k = 0; k < form_.columns.size(); ++k)
        row.cells += ',' + (outcome.measures.empty() ? std::string("nan") : shortest(outcome.measures[k]));
    for (const double value : outcome.control) row.control += (row.control.empty() ? "" : ",") + shortest(value);
    return row;
}

}  // namespace kation
