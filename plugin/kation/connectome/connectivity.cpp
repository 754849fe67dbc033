#include <kation/connectome/connectivity.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace kation {
namespace {

[[noreturn]] void refuse(const ConnectomeParts& parts, const std::string& what) {
    throw InputError(fmt::format("{}: {}", parts.source.empty() ? "connectome" : parts.source, what));
}

void check_size(const ConnectomeParts& parts, std::string_view what, arma::uword rows, arma::uword columns, arma::uword wanted_columns) {
    const arma::uword regions = parts.weights.n_rows;
    if (rows == regions && columns == wanted_columns) return;
    refuse(parts, fmt::format("{} are {} x {}, and {} regions need {} x {}", what, rows, columns, regions, regions, wanted_columns));
}

void check_count(const ConnectomeParts& parts, std::string_view what, std::size_t count) {
    if (count != 0 && count != parts.weights.n_rows) {
        refuse(parts, fmt::format("{} {} for {} regions; each region needs one", count, what, parts.weights.n_rows));
    }
}

/// Refuses the first value, if any, that is not finite or below the least one allowed.
void check_values(const ConnectomeParts& parts, std::string_view what, const arma::mat& values, double least, std::string_view allowed) {
    const auto bad = std::ranges::find_if(values, [&](double x) { return !std::isfinite(x) || x < least; });
    if (bad == values.end()) return;
    const auto position = static_cast<arma::uword>(bad - values.begin());
    refuse(parts, fmt::format("{} in row {}, column {} is {}; allowed is {}", what, position % values.n_rows + 1,
                              position / values.n_rows + 1, shortest(*bad), allowed));
}

void check(const ConnectomeParts& parts) {
    constexpr double any = -std::numeric_limits<double>::infinity();
    const arma::mat& weights = parts.weights;
    if (weights.empty()) refuse(parts, "there are no weights");
    if (!weights.is_square()) {
        refuse(parts, fmt::format("weights have {} rows and {} columns; they need as many rows (to) as columns (from)", weights.n_rows,
                                  weights.n_cols));
    }
    check_values(parts, "weight", weights, any, "any finite number");
    check_count(parts, "labels", parts.labels.size());
    check_count(parts, "hemispheres", parts.hemispheres.size());
    check_count(parts, "cortical marks", parts.cortical.size());
    check_count(parts, "areas", parts.areas.n_elem);
    if (!parts.tract_lengths.empty()) {
        check_size(parts, "tract lengths", parts.tract_lengths.n_rows, parts.tract_lengths.n_cols, weights.n_cols);
        check_values(parts, "tract length", parts.tract_lengths, 0.0, "[0, inf) mm");
    }
    if (!parts.centres.empty()) {
        check_size(parts, "centres", parts.centres.n_rows, parts.centres.n_cols, 3);
        check_values(parts, "centre", parts.centres, any, "any finite number of mm");
    }
    if (!parts.orientations.empty()) {
        check_size(parts, "orientations", parts.orientations.n_rows, parts.orientations.n_cols, 3);
        check_values(parts, "orientation", parts.orientations, any, "any finite number");
    }
    check_values(parts, "area", parts.areas, 0.0, "[0, inf) mm^2");
    const auto unnamed = std::ranges::find_if(parts.labels, &std::string::empty);
    if (unnamed != parts.labels.end()) refuse(parts, fmt::format("region {} has an empty label", unnamed - parts.labels.begin() + 1));
}

/// Numbers the labels that occur more than once: a, b, a -> a#1, b, a#2. Returns the labels that were repeated.
std::vector<std::string> number_repeated(std::vector<std::string>& labels) {
    std::map<std::string, std::size_t> count, used;
    for (const std::string& label : labels) ++count[label];
    std::set<std::string> taken(labels.begin(), labels.end());
    std::vector<std::string> repeated;
    for (std::string& label : labels) {
        if (count[label] == 1) continue;
        std::size_t& number = used[label];
        if (number == 0) repeated.push_back(label);
        std::string numbered;
        do numbered = fmt::format("{}#{}", label, ++number);
        while (!taken.insert(numbered).second);  // the file may have a label of this form already
        label = std::move(numbered);
    }
    return repeated;
}

arma::mat distances_between(const arma::mat& centres) {
    const arma::uword regions = centres.n_rows;
    arma::mat distances(regions, regions);
    for (arma::uword j = 0; j < regions; ++j) {
        for (arma::uword i = 0; i < regions; ++i) distances(i, j) = arma::norm(centres.row(i) - centres.row(j));
    }
    return distances;
}

arma::mat divided(const arma::mat& weights, double by) { return by == 0 ? weights : weights / by; }

}  // namespace

Normalisation normalisation_from(std::string_view name) {
    static const std::array<std::string, 5> names{"none", "max", "row", "max_row", "total"};  // in the order of the enumeration
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) {
        const std::string hint = nearest(name, names).empty() ? "" : suggestion(name, names);
        throw ConfigurationError(fmt::format("normalise = '{}' is unknown{}; allowed: {}", name, hint, joined(names)));
    }
    return static_cast<Normalisation>(found - names.begin());
}

Connectivity::Connectivity(ConnectomeParts parts) : parts_(std::move(parts)) {
    check(parts_);
    const arma::uword regions = parts_.weights.n_rows;
    if (parts_.labels.empty()) {
        for (arma::uword i = 0; i < regions; ++i) parts_.labels.push_back(fmt::format("region_{}", i));
    }
    const std::vector<std::string> repeated = number_repeated(parts_.labels);
    if (!repeated.empty()) {
        warnings_.push_back(fmt::format("{} of its labels repeat ({}{}) and were numbered: {}#1, {}#2", repeated.size(),
                                        joined(std::span(repeated).first(std::min<std::size_t>(repeated.size(), 5))),
                                        repeated.size() > 5 ? ", ..." : "", repeated.front(), repeated.front()));
    }
    if (parts_.centres.is_zero()) parts_.centres.reset();
    const bool given = !parts_.tract_lengths.empty();
    if (!given && has_centres()) {
        parts_.tract_lengths = distances_between(parts_.centres);
        about_lengths_ = "it has no tract lengths; the distances between region centres are used";
    } else if (!given) {
        parts_.tract_lengths.zeros(regions, regions);
    }
    has_lengths_ = !parts_.tract_lengths.is_zero();
    if (!has_lengths_) {
        about_lengths_ = fmt::format("{}; all connections are without delay",
                                     given ? "all its tract lengths are zero" : "it has neither tract lengths nor region centres");
    }
}

std::vector<std::string> Connectivity::warnings(bool delays) const {
    std::vector<std::string> sentences = warnings_;
    if (delays && !about_lengths_.empty()) sentences.push_back(about_lengths_);
    return sentences;
}

std::size_t Connectivity::index_of(std::string_view label) const {
    const auto found = std::ranges::find(parts_.labels, label);
    if (found == parts_.labels.end()) {
        throw ConfigurationError(fmt::format("{} has no region '{}'{}", source(), label, suggestion(label, parts_.labels)));
    }
    return static_cast<std::size_t>(found - parts_.labels.begin());
}

std::vector<std::size_t> Connectivity::matching(std::string_view pattern) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < regions(); ++i) {
        if (matches(pattern, label(i))) found.push_back(i);
    }
    if (found.empty()) {
        throw ConfigurationError(fmt::format("no region of {} fits '{}'{}", source(), pattern, suggestion(pattern, parts_.labels)));
    }
    return found;
}

Connectivity Connectivity::normalised(Normalisation how) const {
    Connectivity result = *this;
    arma::mat& weights = result.parts_.weights;
    const arma::mat size = arma::abs(weights);
    switch (how) {
        case Normalisation::none:
            break;
        case Normalisation::max:
            weights = divided(weights, size.max());
            break;
        case Normalisation::total:
            weights = divided(weights, arma::accu(size));
            break;
        case Normalisation::max_row:
            weights = divided(weights, arma::max(arma::sum(size, 1)));
            break;
        case Normalisation::row: {
            arma::vec sums = arma::sum(size, 1);
            sums.replace(0.0, 1.0);
            weights.each_col() /= sums;
            break;
        }
    }
    return result;
}

Connectivity Connectivity::without_self_connections() const {
    Connectivity result = *this;
    result.parts_.weights.diag().zeros();
    return result;
}

Connectivity Connectivity::with_weight(std::size_t to, std::size_t from, double weight) const {
    if (!std::isfinite(weight)) {
        throw ConfigurationError(
            fmt::format("weight to {} from {} is {}; allowed is any finite number", label(to), label(from), shortest(weight)));
    }
    Connectivity result = *this;
    result.parts_.weights(to, from) = weight;
    return result;
}

Connectivity Connectivity::with_length(std::size_t to, std::size_t from, double millimetres) const {
    if (!std::isfinite(millimetres) || millimetres < 0) {
        throw ConfigurationError(
            fmt::format("tract length to {} from {} is {} mm; allowed is [0, inf)", label(to), label(from), shortest(millimetres)));
    }
    Connectivity result = *this;
    result.parts_.tract_lengths(to, from) = millimetres;
    if (!has_lengths_ && millimetres > 0) {
        result.has_lengths_ = true;
        result.about_lengths_.clear();
    }
    return result;
}

StepMatrix Connectivity::delays(double speed, double dt) const {
    if (!(speed > 0)) throw ConfigurationError(fmt::format("speed = {} mm/ms is outside (0, inf]", shortest(speed)));
    if (!(dt > 0) || std::isinf(dt)) throw ConfigurationError(fmt::format("dt = {} ms is outside (0, inf)", shortest(dt)));
    constexpr double countable = 9.0e15;  // beyond this, neighbouring steps are the same double
    const double longest = tract_lengths().max() / speed;
    if (!(longest / dt < countable)) {
        throw ConfigurationError(fmt::format("speed = {} mm/ms makes a delay of {} ms, too long to count in steps of dt = {} ms",
                                             shortest(speed), shortest(longest), shortest(dt)));
    }
    StepMatrix steps(regions(), regions());
    std::ranges::transform(tract_lengths(), steps.begin(), [&](double length) { return nearest_step(length / speed, dt); });
    return steps;
}

}  // namespace kation
