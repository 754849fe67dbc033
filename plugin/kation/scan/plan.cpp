#include <kation/scan/plan.hpp>
#include <kation/support/error.hpp>
#include <kation/support/random.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

namespace kation {
namespace {

constexpr std::size_t most_trials = 1'000'000'000'000;  // beyond it a mistake is likelier than a plan
constexpr std::size_t most_in_latin = 10'000'000;       // a permutation is kept for each key

/// What a random number of a plan is for; no variable of a model has such a number.
enum Purpose : std::uint32_t { value_of_key = 0x80000000, shuffle_of_key = 0x80000001, noise_of_trial = 0x80000002 };

/// A number for a key's name (FNV-1a), so that what is drawn for it does not depend on what else is swept.
std::uint32_t number_of(std::string_view key) {
    std::uint32_t hash = 2166136261U;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

/// Uniform on (0, 1), the number that belongs to the place.
double uniform(std::uint64_t seed, std::uint32_t key, Purpose purpose, std::uint64_t count) {
    return two_uniforms(seed, {key, purpose, count})[0];
}

/// One of 0, 1, ..., count - 1.
std::size_t one_of(std::size_t count, double part) {
    return std::min(count - 1, static_cast<std::size_t>(part * static_cast<double>(count)));
}

std::vector<std::uint32_t> permutation(std::size_t count, std::uint64_t seed, std::uint32_t key) {
    std::vector<std::uint32_t> places(count);
    std::iota(places.begin(), places.end(), 0U);
    for (std::size_t left = count; left > 1; --left)
        std::swap(places[left - 1], places[one_of(left, uniform(seed, key, shuffle_of_key, left - 1))]);
    return places;
}

}  // namespace

std::string SweptKey::value(std::size_t k) const {
    if (!values.empty()) return values[k];
    if (k == 0) return shortest(from);
    if (k + 1 == steps) return shortest(to);
    const double part = static_cast<double>(k) / static_cast<double>(steps - 1);
    const double exact = logarithmic ? from * std::pow(to / from, part) : from + (to - from) * part;
    // Somebody who asks for 0 to 1 in 11 steps means 0.3, not the 0.30000000000000004 that rounding makes of it.
    const double round = number_from(fmt::format("{:.14g}", exact)).value();
    constexpr double few_roundings = 4 * std::numeric_limits<double>::epsilon();
    return shortest(std::abs(round - exact) <= few_roundings * std::max(std::abs(from), std::abs(to)) ? round : exact);
}

std::string SweptKey::drawn(double part) const {
    if (!values.empty()) return values[one_of(values.size(), part)];
    if (whole) return shortest(from + static_cast<double>(one_of(static_cast<std::size_t>(to - from) + 1, part)));
    return shortest(std::clamp(logarithmic ? from * std::pow(to / from, part) : from + (to - from) * part, from, to));
}

Plan::Plan(Mode mode, std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed)
    : mode_(mode), keys_(std::move(keys)), trials_(trials), seed_(seed) {
    if (trials_ > most_trials) throw ConfigurationError(fmt::format("a plan of {} trials is above {}", trials_, most_trials));
}

Plan Plan::grid(std::vector<SweptKey> keys) {
    std::size_t trials = 1;
    for (const SweptKey& key : keys) {
        if (key.count() > most_trials / trials)
            throw ConfigurationError(fmt::format("scan.keys: all combinations would be more than {} trials", most_trials));
        trials *= key.count();
    }
    return {Mode::grid, std::move(keys), trials, 0};
}

Plan Plan::list(std::vector<SweptKey> keys) {
    const std::size_t trials = keys.front().values.size();
    return {Mode::list, std::move(keys), trials, 0};
}

Plan Plan::random(std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed) {
    return {Mode::random, std::move(keys), trials, seed};
}

Plan Plan::latin(std::vector<SweptKey> keys, std::size_t trials, std::uint64_t seed) {
    if (trials > most_in_latin)
        throw ConfigurationError(
            fmt::format("scan.n = {} is above {} for mode = \"latin\", which keeps a permutation of them for each key; "
                        "mode = \"random\" keeps nothing",
                        trials, most_in_latin));
    Plan plan(Mode::latin, std::move(keys), trials, seed);
    for (const SweptKey& key : plan.keys_) plan.strata_.push_back(permutation(trials, seed, number_of(key.key)));
    return plan;
}

std::vector<std::string> Plan::values(std::size_t trial) const {
    std::vector<std::string> values(keys_.size());
    std::size_t rest = trial;
    for (std::size_t k = keys_.size(); k-- > 0;) {
        const SweptKey& key = keys_[k];
        if (mode_ == Mode::grid) {
            values[k] = key.value(rest % key.count());
            rest /= key.count();
        } else if (mode_ == Mode::list) {
            values[k] = key.values[trial];
        } else {
            const double drawn = uniform(seed_, number_of(key.key), value_of_key, trial);
            values[k] = key.drawn(mode_ == Mode::random ? drawn : (strata_[k][trial] + drawn) / static_cast<double>(trials_));
        }
    }
    return values;
}

std::optional<std::uint64_t> Plan::noise_seed(std::size_t trial) const {
    if (!noise_seed_) return std::nullopt;
    return static_cast<std::uint64_t>(uniform(*noise_seed_, 0, noise_of_trial, trial) * 0x1p52);
}

Document Plan::document(const Document& base, std::size_t trial) const {
    Document document = base;
    const auto chosen = values(trial);
    for (std::size_t k = 0; k < keys_.size(); ++k) document.set(fmt::format("{}={}", keys_[k].key, chosen[k]));
    if (const auto seed = noise_seed(trial)) document.set(fmt::format("integrator.seed={}", *seed));
    return document;
}

}  // namespace kation
