#include <kation/simulator/validity.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kation {
namespace {

/// Ends of a range as a loop compares with them: open ends moved by one rounding, infinities to the largest number.
std::pair<double, double> effective(const Range& range) {
    constexpr double largest = std::numeric_limits<double>::max();
    const bool low_open = range.ends == Ends::open || range.ends == Ends::open_low;
    const bool high_open = range.ends == Ends::open || range.ends == Ends::open_high;
    return {range.low == -inf ? -largest
            : low_open        ? std::nextafter(range.low, inf)
                              : range.low,
            range.high == inf ? largest
            : high_open       ? std::nextafter(range.high, -inf)
                              : range.high};
}

const Field& field_of(const Entry& model, std::size_t k) {
    return k < model.state.size() ? model.state[k] : model.observed[k - model.state.size()];
}

}  // namespace

void Validity::GroupLimits::narrow_down() {
    narrow = valid;
    for (std::size_t k = 0; k < narrow.low.size(); ++k) {
        narrow.low[k] = std::max(narrow.low[k], usual.low[k]);
        narrow.high[k] = std::min(narrow.high[k], usual.high[k]);
    }
}

Validity::GroupLimits Validity::limits_for(const Entry& model, const Integrator& integrator) {
    GroupLimits limits;
    const bool clip = integrator.bounds == Bounds::clip;
    for (const Field& field : model.state) {
        Range range = field.valid;
        for (const Limit& limit : integrator.limits)
            if (limit.variable == field.name.view()) range = Range{limit.low, limit.high};
        const auto [low, high] = effective(range);
        limits.clip_low.push_back(range.low == -inf || !clip ? -inf : low);
        limits.clip_high.push_back(range.high == inf || !clip ? inf : high);
    }
    for (const auto fields : {model.state, model.observed})
        for (const Field& field : fields) {
            const auto [low, high] = effective(clip ? Range{} : field.valid);
            limits.valid.add(low, high);
            limits.usual.add(field.usual.low, field.usual.high);
        }
    limits.narrow_down();
    return limits;
}

Validity::Validity(const Blocks& blocks, std::span<const Simulation> members) : blocks_(&blocks), members_(members) {
    for (const Group& group : blocks.groups()) {
        limits_.push_back(limits_for(*group.model, members.front().settings.integrator));
        last_good_.push_back(group.state);
    }
}

bool Validity::within(const Piece& piece, const Box& ends) const {
    const Group& group = blocks_->groups()[piece.group];
    return group.model->kernels.check[instruction_set()](group.columns(), ends.limits(), piece.begin, piece.end);
}

bool Validity::valid(const Piece& piece) const {
    if (within(piece, limits_[piece.group].valid)) return true;
    // Padding hears nothing, so that it may be unstable where the nodes that it copies are not: it does not count.
    const std::size_t end = std::min(piece.end, blocks_->groups()[piece.group].nodes.size());
    for (std::size_t place = piece.begin; place < end; ++place)
        if (first_invalid(piece.group, place)) return false;
    return true;
}

void Validity::look_at(const Part& part) {
    bool all_valid = true;
    for (const Piece& piece : part.pieces) {
        const GroupLimits& limits = limits_[piece.group];
        if (within(piece, limits.narrow)) continue;
        all_valid = all_valid && valid(piece);
        if (!within(piece, limits.usual)) unusual_ = true;
    }
    if (!all_valid) {
        invalid_ = true;
        return;
    }
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks_->groups()[piece.group];
        for (std::size_t k = 0; k < group.model->state.size(); ++k)
            std::copy(group.state[k] + piece.begin, group.state[k] + piece.end, last_good_[piece.group][k] + piece.begin);
    }
}

bool Validity::settle(std::int64_t step) {
    step_ = step;
    const bool all_valid = !invalid_.exchange(false);
    if (all_valid) last_good_step_ = step;
    return all_valid;
}

std::vector<double> Validity::numbers_of(std::size_t g, const ColumnStore& state, std::size_t place) const {
    const Group& group = blocks_->groups()[g];
    const std::size_t node = group.nodes[place];
    std::vector<double> numbers;
    for (std::size_t k = 0; k < group.model->state.size(); ++k) numbers.push_back(state[k][place]);
    const auto derived = group.model->observe(numbers, network_of(node).region(blocks_->region_of(node)).parameters);
    numbers.insert(numbers.end(), derived.begin(), derived.end());
    return numbers;
}

std::optional<std::size_t> Validity::first_invalid(std::size_t g, std::size_t place) const {
    const auto numbers = numbers_of(g, blocks_->groups()[g].state, place);
    for (std::size_t k = 0; k < numbers.size(); ++k)
        if (!limits_[g].valid.contain(k, numbers[k])) return k;
    return std::nullopt;
}

std::vector<std::string> Validity::unusual() {
    std::vector<std::string> sentences;
    if (!unusual_.exchange(false)) return sentences;
    for (std::size_t node = 0; node < blocks_->nodes(); ++node) {
        const std::size_t slot = blocks_->slot_of(node);
        const Group& group = blocks_->group_of(slot);
        const auto g = static_cast<std::size_t>(&group - blocks_->groups().data());
        Box& usual = limits_[g].usual;
        const std::vector<double> numbers = numbers_of(g, group.state, slot - group.first_slot);
        for (std::size_t k = 0; k < numbers.size(); ++k) {
            if (usual.contain(k, numbers[k])) continue;
            const Field& field = field_of(*group.model, k);
            sentences.push_back(fmt::format("{}: {} = {:.6g} {} in region {} at t = {:.10g} ms is outside its usual range {}",
                                            group.model->info.name, field.name.view(), numbers[k], field.unit.view(),
                                            network_of(node).label(blocks_->region_of(node)),
                                            time_of(step_, members_.front().settings.integrator.dt), text_of(field.usual)));
            usual.low[k] = -inf, usual.high[k] = inf;  // what has been said need not be looked for again
            limits_[g].narrow_down();
        }
    }
    return sentences;
}

std::optional<InvalidState> Validity::complaint(std::size_t member) const {
    const Network& network = members_[member].network;
    const Integrator& integrator = members_[member].settings.integrator;
    for (std::size_t region = 0; region < network.regions(); ++region) {
        const std::size_t slot = blocks_->slot_of(blocks_->node(member, region));
        const Group& group = blocks_->group_of(slot);
        const auto g = static_cast<std::size_t>(&group - blocks_->groups().data());
        const std::size_t place = slot - group.first_slot;
        const auto k = first_invalid(g, place);
        if (!k) continue;
        const double now = numbers_of(g, group.state, place)[*k], before = numbers_of(g, last_good_[g], place)[*k];
        const Field& field = field_of(*group.model, *k);
        const double dt = integrator.dt;
        const std::string_view method = method_names[static_cast<std::size_t>(integrator.method)];
        const std::string_view known = group.model->info.if_invalid;
        const std::string advice =
            integrator.method == Method::adaptive
                ? fmt::format("{}The adaptive scheme follows the equations to rtol = {}: they themselves lead there",
                              known.empty() ? std::string() : fmt::format("{}. ", known), shortest(integrator.tolerance.rtol))
            : known.empty()
                ? fmt::format("With {} at dt = {} ms the step is probably too large: try dt = {}", method, shortest(dt), shortest(dt / 4))
                : fmt::format("{}. If that is not it, try a smaller dt than {} ms", known, shortest(dt));
        return InvalidState(fmt::format(
            "{}: {} = {:.6g} {} in region {} at t = {:.10g} ms is {}; it was {:.6g} at t = {:.10g} ms. {}", group.model->info.name,
            field.name.view(), std::isnan(now) ? std::abs(now) : now, field.unit.view(), network.label(region), time_of(step_, dt),
            std::isfinite(now) ? "outside " + text_of(field.valid) : "no finite number", before, time_of(last_good_step_, dt), advice));
    }
    return std::nullopt;
}

}  // namespace kation
