#include <kation/simulator/input_rows.hpp>

#include <algorithm>
#include <limits>

namespace kation {
namespace {

constexpr double dense_above = 0.15;  // of all pairs connected without delay: then a dense product is quicker than a sparse one

std::vector<std::size_t> places_of_true(const std::vector<bool>& flags) {
    std::vector<std::size_t> places;
    for (std::size_t k = 0; k < flags.size(); ++k)
        if (flags[k]) places.push_back(k);
    return places;
}

}  // namespace

InputRows::InputRows(const Tracts& tracts, const Blocks& blocks, const Coupling& coupling, std::span<const double> strengths, Method method,
                     const std::vector<bool>& heard)
    : tracts_(&tracts),
      coupling_(coupling),
      ahead_(steps_ahead(method)),
      far_from_(block + ahead_),
      slots_(blocks.slots()),
      channels_(blocks.channels()),
      heard_(places_of_true(heard)),
      staged_(method == Method::rk4 && (tracts.instant() > 0 || (tracts.has_own() && coupling.kind == Coupling::Kind::sigmoidal))),
      dense_(false),
      near_(tracts, blocks, std::max<std::int64_t>(1, ahead_), far_from_, coupling.history),
      next_(tracts, blocks, 1, std::max<std::int64_t>(1, ahead_), coupling.history),
      instant_(tracts, blocks, 0, 1, Coupling::History::float64),
      far_(far_sums(blocks)),
      strength_(slots_, coupling.G),
      sent_(static_cast<std::size_t>(sent_ring) * channels_ * slots_, 0.0),
      raw_(static_cast<std::size_t>(raw_ring) * std::max<std::size_t>(1, heard_.size()) * slots_, 0.0),
      scratch_(channels_, slots_),
      own_scaled_(channels_, slots_),
      zeros_(slots_, 0.0) {
    for (std::size_t slot = 0; slot < slots_; ++slot)
        if (blocks.node_in(slot) != Blocks::none) strength_[slot] = strengths[blocks.member_of(blocks.node_in(slot))];
    for (auto& rows : delayed_) rows = ColumnStore(channels_, slots_);
    for (auto& rows : input_) rows = ColumnStore(channels_, slots_);
    if (method == Method::rk4 && !staged_)
        for (const std::size_t channel : heard_)
            for (std::size_t slot = 0; slot < slots_; ++slot) own_scaled_[channel][slot] = strength_[slot] * tracts.own()[slot];

    const auto nodes = static_cast<double>(blocks.slots());
    dense_ = blocks.members() == 1 && static_cast<double>(tracts.instant()) > dense_above * nodes * nodes;
    if (!dense_) return;
    std::vector<std::size_t> row_of_slot(slots_);
    for (std::size_t region = 0; region < blocks.regions(); ++region) {
        row_of_slot[blocks.slot_of(region)] = region;
        dense_sources_.push_back(static_cast<std::uint32_t>(blocks.slot_of(region)));
    }
    dense_weights_.assign(dense_sources_.size() * slots_, 0.0);
    for (std::size_t slot = 0; slot < slots_; ++slot)
        for (const Tract& tract : tracts.into(slot, 0, 1)) dense_weights_[row_of_slot[tract.source] * slots_ + slot] = tract.weight;
}

InputRows::FarSumsOfAnyKind InputRows::far_sums(const Blocks& blocks) const {
    if (blocks.members() > 1) return LaneSums(*tracts_, blocks, heard_.size(), ahead_);
    auto into = tracts_->into_all(far_from_, any_delay);
    if (coupling_.history == Coupling::History::float32) return FarSums<float>(std::move(into), heard_.size(), ahead_, coupling_.order);
    return FarSums<double>(std::move(into), heard_.size(), ahead_, coupling_.order);
}

std::size_t InputRows::bytes() const {
    return std::visit([](const auto& far) { return far.bytes(); }, far_) +
           (sent_.size() + raw_.size() + dense_weights_.size()) * sizeof(double);
}

void InputRows::touch(const Part& part) {
    std::visit([&](auto& far) { far.touch(part); }, far_);
}

void InputRows::prime(const SentInPast& past, bool constant) {
    std::vector<double> sent(channels_);
    const std::int64_t deepest = std::min(-tracts_->longest(), std::int64_t{-2});
    for (std::size_t slot = 0; slot < slots_; ++slot)
        for (std::int64_t step = 0; step >= deepest; --step) {
            if (step == 0 || !constant) past(slot, step, sent.data());
            for (std::size_t h = 0; h < heard_.size(); ++h) std::visit([&](auto& far) { far.store(h, slot, step, sent[heard_[h]]); }, far_);
            if (step > -sent_ring + block)
                for (std::size_t channel = 0; channel < channels_; ++channel) sent_rows(channel).at(step)[slot] = sent[channel];
        }
    // Sums for the first steps that the first block does not reach; connections of one step join when step 0 is prepared.
    for (std::int64_t step = 0; step < ahead_; ++step)
        for (std::size_t slot = 0; slot < slots_; ++slot)
            for (std::size_t h = 0; h < heard_.size(); ++h) {
                double sum = 0;
                for (const Tract& tract : tracts_->into(slot, step == 0 ? 1 : 2, any_delay))
                    sum = fma(tract.weight, remembered(h, tract, step - tract.delay), sum);
                raw_row(h, step)[slot] = sum;
            }
}

double InputRows::remembered(std::size_t h, const Tract& tract, std::int64_t step) {
    if (tract.delay >= far_from_) return std::visit([&](const auto& far) { return far.sent(h, tract.source, step); }, far_);
    const double sent = sent_rows(heard_[h]).at(step)[tract.source];
    return coupling_.history == Coupling::History::float32 ? as<float>(sent) : sent;
}

void InputRows::begin_block(std::int64_t step) {
    std::visit([&](auto& far) { far.begin_block(step); }, far_);
}

void InputRows::sum_far(const Part& part, std::int64_t step) {
    for (std::size_t h = 0; h < heard_.size(); ++h) std::visit([&](auto& far) { far.sum(part, h, step, raw_rows(h)); }, far_);
}

void InputRows::add_near(const Part& part, std::int64_t step) {
    for (std::size_t h = 0; h < heard_.size(); ++h) {
        near_.add(part, sent_rows(heard_[h]), step + ahead_, raw_row(h, step + ahead_));
        next_.add(part, sent_rows(heard_[h]), step + 1, raw_row(h, step + 1));
    }
}

void InputRows::remember(const Part& part, std::int64_t first, std::int64_t last) {
    for (std::size_t h = 0; h < heard_.size(); ++h)
        std::visit([&](auto& far) { far.remember(part, h, sent_rows(heard_[h]), first, last); }, far_);
}

void InputRows::add_instant(const Part& part, const double* sent, double* raw) {
    if (tracts_->instant() == 0) return;
    if (dense_)
        run_loop<DenseProduct>(dense_weights_.data(), slots_, std::span<const std::uint32_t>(dense_sources_), sent, raw, part.begin,
                               part.end);
    else
        instant_.add(part, ConstRowRing{sent, 0, 0}, 0, raw);
}

void InputRows::follow(std::size_t from, std::size_t to) {
    for (std::int64_t step = 0; step < sent_ring; ++step)
        for (std::size_t channel = 0; channel < channels_; ++channel) sent_rows(channel).at(step)[to] = sent_rows(channel).at(step)[from];
    for (std::size_t h = 0; h < heard_.size(); ++h)
        for (std::int64_t step = 0; step < raw_ring; ++step) raw_row(h, step)[to] = raw_row(h, step)[from];
    std::get<LaneSums>(far_).copy(from, to);
    strength_[to] = 0.0;
    for (const std::size_t channel : heard_) own_scaled_[channel][to] = 0.0;
}

void InputRows::finish(const Part& part, const double* raw, const double* own, const double* sent, double* input) {
    if (coupling_.kind == Coupling::Kind::sigmoidal)
        run_loop<SigmoidalInput>(raw, own, sent, coupling_, strength_.data(), input, part.begin, part.end);
    else
        run_loop<ScaledInput>(raw, own, sent, strength_.data(), input, part.begin, part.end);
}

ConstColumns InputRows::at_step(const Part& part, std::int64_t step) {
    for (std::size_t h = 0; h < heard_.size(); ++h) {
        const double* sent = sent_rows(heard_[h]).at(step);
        add_instant(part, sent, raw_row(h, step));
        finish(part, raw_row(h, step), tracts_->own().data(), sent, input_[0][heard_[h]]);
    }
    return input_[0].view();
}

double InputRows::middle_near_kinks(std::size_t slot, std::size_t h, std::int64_t step) {
    // The constant past bends what arrives through a connection at the moment t = delay. No value from beyond a bend is used.
    const auto delayed = tracts_->into(slot, 1, any_delay);
    if (delayed.empty()) return 0.0;
    const auto first_past = std::ranges::partition_point(delayed, [&](const Tract& tract) { return tract.delay > step; });
    const std::int64_t since = first_past == delayed.end() ? step : step - first_past->delay;
    const auto value = [&](std::int64_t at) { return raw_row(h, at)[slot]; };
    if (since >= 2) return 0.0625 * value(step - 2) - 0.3125 * value(step - 1) + 0.9375 * value(step) + 0.3125 * value(step + 1);
    if (since == 1) return -0.125 * value(step - 1) + 0.75 * value(step) + 0.375 * value(step + 1);
    const bool bend_next = first_past != delayed.begin() && (first_past - 1)->delay == step + 1;
    if (!bend_next && delayed.back().delay >= 2) return 0.375 * value(step) + 0.75 * value(step + 1) - 0.125 * value(step + 2);
    return 0.5 * (value(step) + value(step + 1));
}

void InputRows::middle_of_step(const Part& part, std::size_t h, std::int64_t step, double* middle) {
    if (step > tracts_->longest() + 2) {
        run_loop<MiddleInput>(raw_row(h, step - 2), raw_row(h, step - 1), raw_row(h, step), raw_row(h, step + 1), middle, part.begin,
                              part.end);
        return;
    }
    for (std::size_t slot = part.begin; slot < part.end; ++slot) middle[slot] = middle_near_kinks(slot, h, step);
}

std::array<ConstColumns, 3> InputRows::within_step(const Part& part, std::int64_t step) {
    for (std::size_t h = 0; h < heard_.size(); ++h) {
        const std::size_t channel = heard_[h];
        middle_of_step(part, h, step, scratch_[channel]);
        const double* const raw[] = {raw_row(h, step), scratch_[channel], raw_row(h, step + 1)};
        for (std::size_t sample = 0; sample < 3; ++sample) finish(part, raw[sample], zeros_.data(), zeros_.data(), input_[sample][channel]);
    }
    return {input_[0].view(), input_[1].view(), input_[2].view()};
}

void InputRows::begin_stages(const Part& part, std::int64_t step) {
    for (std::size_t h = 0; h < heard_.size(); ++h) {
        const std::size_t channel = heard_[h];
        std::copy(raw_row(h, step) + part.begin, raw_row(h, step) + part.end, delayed_[0][channel] + part.begin);
        middle_of_step(part, h, step, delayed_[1][channel]);
        std::copy(raw_row(h, step + 1) + part.begin, raw_row(h, step + 1) + part.end, delayed_[2][channel] + part.begin);
    }
}

ConstColumns InputRows::at_stage(const Part& part, std::size_t stage, ConstColumns sent_at_stage) {
    constexpr std::array<std::size_t, 4> sample_of_stage{0, 1, 1, 2};
    const ColumnStore& delayed = delayed_[sample_of_stage[stage]];
    for (const std::size_t channel : heard_) {
        double* raw = scratch_[channel];
        std::copy(delayed[channel] + part.begin, delayed[channel] + part.end, raw + part.begin);
        add_instant(part, sent_at_stage[channel], raw);
        finish(part, raw, tracts_->own().data(), sent_at_stage[channel], input_[0][channel]);
    }
    return input_[0].view();
}

}  // namespace kation
