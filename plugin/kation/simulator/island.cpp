#include <kation/simulator/island.hpp>
#include <kation/support/instruction_set.hpp>
#include <kation/support/math.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kation {
namespace {

using dormand_prince::Row;
constexpr std::size_t last = dormand_prince::last;

struct Term {
    const double* numbers;
    double weight;
};

/// result[i] = start[i] + sum of weight * numbers[i], in the order of the terms, for i in [begin, end), multiples of 8.
struct WeightedSum {
    KATION_INLINE static void run(const double* start, const Term* terms, std::size_t count, double* result, std::size_t begin,
                                  std::size_t end) {
        for (std::size_t first = begin; first < end; first += lanes) {
            double sum[lanes];
            for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] = start[first + lane];
            for (std::size_t t = 0; t < count; ++t) {
                const double* numbers = terms[t].numbers + first;
                const double weight = terms[t].weight;
#pragma omp simd
                for (std::size_t lane = 0; lane < lanes; ++lane) sum[lane] = fma(weight, numbers[lane], sum[lane]);
            }
            for (std::size_t lane = 0; lane < lanes; ++lane) result[first + lane] = sum[lane];
        }
    }
};

void add_up(const double* start, std::span<const Term> terms, double* result, std::size_t begin, std::size_t end) {
    run_loop<WeightedSum>(start, terms.data(), terms.size(), result, begin, end);
}

}  // namespace

Island::Island(const Blocks& blocks, std::span<const std::size_t> slots, const Coupling& coupling, const Integrator& integrator,
               const std::vector<bool>& heard)
    : coupling_(coupling),
      tolerance_(integrator.tolerance),
      dt_(integrator.dt),
      slots_(slots.begin(), slots.end()),
      channels_(blocks.channels()),
      heard_(slots.size()),
      trace_(0, 0),
      proposed_(integrator.dt) {
    for (std::size_t channel = 0; channel < heard.size(); ++channel)
        if (heard[channel]) channels_heard_.push_back(channel);
    for (std::size_t group = 0; group < blocks.groups().size(); ++group) add_members(blocks, group, tolerance_.atol);
    const std::size_t size = start_.size(), places = sides_.size();
    trace_ = Trace(channels_heard_.size(), places);
    for (AlignedNumbers* numbers : {&end_, &settled_, &point_, &zeros_, &error_5_, &error_3_}) numbers->assign(size, 0.0);
    settled_ = start_;
    for (AlignedNumbers& rate : rates_) rate.assign(size, 0.0);
    for (AlignedNumbers& numbers : extension_) numbers.assign(size, 0.0);
    coupling_now_.assign(channels_ * places, 0.0);
    sent_now_.assign(channels_ * places, 0.0);
    stimulus_now_.assign(places, 0.0);
    trial_sides_.assign(places, 0.0);
    crossed_.assign(places, false);
    choose_sides(settled_, sides_);
}

void Island::add_members(const Blocks& blocks, std::size_t group, double atol) {
    const Group& all = blocks.groups()[group];
    std::vector<std::size_t> nodes;
    for (const std::size_t slot : slots_)
        if (slot >= all.first_slot && slot < all.first_slot + all.slots()) nodes.push_back(slot - all.first_slot);
    if (nodes.empty()) return;
    const Entry& model = *all.model;
    const std::size_t padded_nodes = padded(nodes.size());
    Members part{&model, group, sides_.size(), nodes.size(), padded_nodes, start_.size(), {}, {}, all.options.data(), {}};
    part.parameters = ColumnStore(model.parameters.size(), padded_nodes);
    part.constants = ColumnStore(model.constants, padded_nodes);
    sides_.resize(part.first + padded_nodes, 0.0);
    start_.resize(part.offset + model.state.size() * padded_nodes, 0.0);
    for (std::size_t i = 0; i < padded_nodes; ++i) {
        const std::size_t node = nodes[i < nodes.size() ? i : 0];
        if (i < nodes.size()) places_.push_back(part.first + i);
        for (std::size_t k = 0; k < model.parameters.size(); ++k) part.parameters[k][i] = all.parameters[k][node];
        for (std::size_t k = 0; k < model.constants; ++k) part.constants[k][i] = all.constants[k][node];
        for (std::size_t k = 0; k < model.state.size(); ++k) columns(start_, part)[k][i] = all.state[k][node];
    }
    for (const Field& field : model.state) part.smallest.push_back(atol * natural_size(field));
    jumps_ = jumps_ || model.jumps;
    members_.push_back(std::move(part));
}

void Island::add_edge(double time) {
    const auto place = std::ranges::lower_bound(edges_, time);
    if (place == edges_.end() || *place != time) edges_.insert(place, time);
}

// ---- the right-hand side ----

void Island::send(AlignedNumbers& point) {
    for (const Members& part : members_)
        part.model->kernels.send[instruction_set()](at_point(point, part), {&sent_now_[part.first], sides_.size()}, 0, part.slots);
}

double Island::summed(Heard& heard, std::size_t h, std::size_t place, double time) {
    const std::size_t channel = channels_heard_[h];
    const double* sent = &sent_now_[channel * sides_.size()];
    double sum = 0.0;
    for (Delayed& tract : heard.delayed) sum += tract.weight * tract.source->at(h, tract.sender, time - tract.delay, tract.place);
    for (const Instant& tract : heard.instant) sum += tract.weight * sent[tract.sender];
    const double all = coupling_.G * (sum + heard.own * sent[place]);
    if (coupling_.kind != Coupling::Kind::sigmoidal) return all;
    return coupling_.cmin + (coupling_.cmax - coupling_.cmin) / (1.0 + exp(-coupling_.a * (all - coupling_.midpoint) / coupling_.sigma));
}

/// Fills coupling and stimulus; padding hears what the first node of its model hears, whose copy it is.
void Island::hear(double time, AlignedNumbers& point) {
    if (hears_present_) send(point);
    std::ranges::fill(stimulus_now_, 0.0);
    for (const Stimulated& each : stimuli_) {
        const double value = each.stimulus->smooth_at(time, middle_);
        for (const std::size_t place : each.places) stimulus_now_[place] += value;
    }
    for (std::size_t h = 0; h < channels_heard_.size(); ++h)
        for (std::size_t number = 0; number < heard_.size(); ++number)
            coupling_now_[channels_heard_[h] * sides_.size() + places_[number]] = summed(heard_[number], h, places_[number], time);
    for (const Members& part : members_)
        for (std::size_t i = part.first + part.nodes; i < part.first + part.slots; ++i) {
            stimulus_now_[i] = stimulus_now_[part.first];
            for (std::size_t c = 0; c < channels_; ++c)
                coupling_now_[c * sides_.size() + i] = coupling_now_[c * sides_.size() + part.first];
        }
}

void Island::evaluate(std::size_t rate, double time, AlignedNumbers& point) {
    hear(time, point);
    for (const Members& part : members_)
        part.model->kernels.rate[instruction_set()](at_point(point, part),
                                                    {.coupling = {&coupling_now_[part.first], sides_.size()},
                                                     .stimulus = &stimulus_now_[part.first],
                                                     .side = &sides_[part.first],
                                                     .rate = columns(rates_[rate], part)},
                                                    0, part.slots);
    evaluations_ += static_cast<std::int64_t>(slots_.size());
}

/// result = start + factor * sum of weights * rates
void Island::combine(const AlignedNumbers& start, double factor, const Row& weights, AlignedNumbers& result) {
    std::array<Term, dormand_prince::all_rates> terms{};
    std::size_t count = 0;
    for (std::size_t k = 0; k < weights.size(); ++k)
        if (weights[k] != 0.0) terms[count++] = {rates_[k].data(), factor * weights[k]};
    add_up(start.data(), {terms.data(), count}, result.data(), 0, start.size());
}

// ---- a step ----

void Island::advance(double until) {
    if (broken_) {
        time_ = std::min(until, time_ + dt_);
        return;
    }
    begin_step();
    const double end = std::min(until, next_edge());
    for (bool rejected = false;; rejected = true) {
        choose_length(end);
        const double error = attempt();
        if (error <= 1.0) {
            evaluate(last, begin_ + length_, end_);
            propose(error, rejected);
            break;
        }
        proposed_ = length_ * std::max(0.2, std::isfinite(error) ? 0.9 * std::pow(error, -1.0 / 8.0) : 0.0);
        if (proposed_ < 1e-10 * dt_ || begin_ + proposed_ == begin_) {
            give_up();
            time_ = std::min(until, begin_ + dt_);
            remember();
            return;
        }
    }
    time_ = lands_ ? end : begin_ + length_;
    settled_ = end_;
    const double crossing = jumps_ ? first_crossing() : 2.0;
    crossed_.assign(crossed_.size(), false);
    if (crossing <= 1.0) end_step_at_jump(crossing);
    remember();
    renew_ = renew_ || (lands_ && !stimuli_.empty());
}

void Island::begin_step() {
    begin_ = time_;
    std::swap(start_, settled_);
    extended_ = false;
    if (!renew_) std::swap(rates_[0], rates_[last]);
}

double Island::next_edge() const {
    const auto after = std::ranges::upper_bound(edges_, begin_);
    double next = after == edges_.end() ? inf : *after;
    for (const Stimulated& each : stimuli_) next = std::min(next, each.stimulus->next_edge(begin_));
    return next;
}

/// Neither beyond the end nor so that little would be left for the step after it.
void Island::choose_length(double end) {
    const double left = end - begin_;
    lands_ = proposed_ >= left;
    length_ = lands_ ? left : proposed_ > 0.5 * left ? 0.5 * left : proposed_;
    if (!lands_) length_ = (begin_ + length_) - begin_;
    middle_ = begin_ + 0.5 * length_;
}

/// The length of the next step, from the error of this one and from how the error changed since the step before (Gustafsson 1994), so that
/// few steps are rejected where a spike sets in.
void Island::propose(double error, bool rejected) {
    const double now = std::max(error, 1e-10);
    double factor = 0.9 * std::pow(now, -1.0 / 8.0);
    if (length_before_ > 0.0) factor = std::min(factor, factor * length_ / length_before_ * std::pow(error_before_ / now, 1.0 / 8.0));
    length_before_ = length_, error_before_ = std::max(now, 1e-2);
    const double next = length_ * std::clamp(factor, 0.3, rejected ? 1.0 : 6.0);
    proposed_ = lands_ ? std::max(next, proposed_) : next;
}

double Island::attempt() {
    if (renew_) evaluate(0, begin_, start_);
    renew_ = false;
    for (std::size_t k = 1; k < last; ++k) {
        combine(start_, length_, dormand_prince::weights[k], point_);
        evaluate(k, begin_ + dormand_prince::nodes[k] * length_, point_);
    }
    combine(start_, length_, dormand_prince::weights[last], end_);
    return largest_error();
}

double Island::largest_error() {
    static constexpr Row error_3 = [] {
        Row row = dormand_prince::weights[last];
        for (std::size_t k = 0; k < row.size(); ++k) row[k] -= dormand_prince::order_3[k];
        return row;
    }();
    combine(zeros_, length_, dormand_prince::error_5, error_5_);
    combine(zeros_, length_, error_3, error_3_);
    double largest = 0.0;
    for (const Members& part : members_)
        for (std::size_t node = 0; node < part.nodes; ++node) {
            const double error = error_of(part, node);
            if (!(error <= largest)) largest = error;
            if (std::isnan(largest)) return inf;
        }
    return largest;
}

/// Hairer's mixture of both estimates, which behaves as an error of order 8.
double Island::error_of(const Members& part, std::size_t node) const {
    double five = 0.0, three = 0.0;
    for (std::size_t k = 0; k < part.smallest.size(); ++k) {
        const std::size_t i = part.offset + k * part.slots + node;
        const double allowed = part.smallest[k] + tolerance_.rtol * std::max(std::abs(start_[i]), std::abs(end_[i]));
        const double e5 = error_5_[i] / allowed, e3 = error_3_[i] / allowed;
        five += e5 * e5;
        three += e3 * e3;
    }
    if (five == 0.0) return 0.0;
    return five / std::sqrt((five + 0.01 * three) * static_cast<double>(part.smallest.size()));
}

/// No step is short enough: the solution ends here. The nodes at which it does are left without a number, for the check of the state.
void Island::give_up() {
    broken_ = true;
    settled_ = start_;
    for (const Members& part : members_)
        for (std::size_t node = 0; node < part.nodes; ++node)
            if (!(error_of(part, node) <= 1.0))
                for (std::size_t k = 0; k < part.smallest.size(); ++k)
                    columns(settled_, part)[k][node] = std::numeric_limits<double>::quiet_NaN();
}

/// Keeps what was sent during the step for those who hear it later.
void Island::remember() {
    if (!traced_) return;
    const std::size_t samples = broken_ ? 1 : Trace::most_samples, values = channels_heard_.size() * sides_.size();
    std::vector<double> sent;
    sent.reserve(samples * values);
    for (std::size_t s = 0; s < samples; ++s) {
        const double part = static_cast<double>(s) / static_cast<double>(Trace::most_samples - 1) * (time_ - begin_) / length_;
        if (s > 0 && s + 1 < samples) interpolate(part, 0, point_.size(), point_);
        send(broken_ || s + 1 == samples ? settled_ : s == 0 ? start_ : point_);
        for (const std::size_t channel : channels_heard_)
            sent.insert(sent.end(), &sent_now_[channel * sides_.size()], &sent_now_[channel * sides_.size()] + sides_.size());
    }
    trace_.add(begin_, time_ - begin_, sent);
}

// ---- within a step ----

/// The continuous extension of the step, of order 7; it takes three more evaluations.
void Island::extend() {
    if (extended_) return;
    extended_ = true;
    for (std::size_t k = last + 1; k < dormand_prince::all_rates; ++k) {
        combine(start_, length_, dormand_prince::weights[k], point_);
        evaluate(k, begin_ + dormand_prince::nodes[k] * length_, point_);
    }
    const std::size_t size = start_.size();
    const std::array<Term, 2> change{Term{end_.data(), 1.0}, {start_.data(), -1.0}};
    add_up(zeros_.data(), change, extension_[0].data(), 0, size);
    const std::array<Term, 2> bend{Term{rates_[0].data(), length_}, {extension_[0].data(), -1.0}};
    add_up(zeros_.data(), bend, extension_[1].data(), 0, size);
    const std::array<Term, 3> twist{Term{extension_[0].data(), 2.0}, {rates_[last].data(), -length_}, {rates_[0].data(), -length_}};
    add_up(zeros_.data(), twist, extension_[2].data(), 0, size);
    for (std::size_t k = 0; k < dormand_prince::extension.size(); ++k)
        combine(zeros_, length_, dormand_prince::extension[k], extension_[3 + k]);
}

/// The state at a part of the step, for the island's numbers [begin, begin + size).
void Island::interpolate(double part, std::size_t begin, std::size_t size, AlignedNumbers& result) {
    extend();
    std::array<Term, 7> terms{};
    double weight = 1.0;
    for (std::size_t k = 0; k < terms.size(); ++k) {
        weight *= k % 2 == 0 ? part : 1.0 - part;
        terms[k] = {extension_[k].data(), weight};
    }
    add_up(start_.data(), terms, result.data(), begin, begin + size);
}

void Island::state_at(double time, Blocks& blocks) {
    if (!broken_ && time < time_) interpolate((time - begin_) / length_, 0, point_.size(), point_);
    AlignedNumbers& state = broken_ || time >= time_ ? settled_ : point_;
    std::size_t number = 0;
    for (const Members& part : members_) {
        Group& group = blocks.groups()[part.group];
        for (std::size_t i = 0; i < part.nodes; ++i, ++number)
            for (std::size_t k = 0; k < part.smallest.size(); ++k)
                group.state[k][slots_[number] - group.first_slot] = columns(state, part)[k][i];
    }
}

// ---- jumps of the vector field ----

void Island::choose_sides(AlignedNumbers& point, std::vector<double>& sides) {
    for (const Members& part : members_)
        part.model->kernels.side[instruction_set()](at_point(point, part), &sides[part.first], 0, part.slots);
}

/// The switching function of one node at a part of the step.
double Island::side_within(const Members& part, std::size_t node, double at) {
    const std::size_t begin = node / lanes * lanes;
    for (std::size_t k = 0; k < part.smallest.size(); ++k) interpolate(at, part.offset + k * part.slots + begin, lanes, point_);
    part.model->kernels.side[instruction_set()](at_point(point_, part), &trial_sides_[part.first], begin, begin + lanes);
    return trial_sides_[part.first + node];
}

double Island::first_crossing() {
    // The field of the side on which the step began went on beyond the jump, so that a node may have been there and come back.
    constexpr double looks = 4.0;
    for (double look = 1.0; look <= looks; ++look) {
        interpolate(look / looks, 0, point_.size(), point_);
        choose_sides(point_, trial_sides_);
        const std::vector<double> found = trial_sides_;
        double first = 2.0;
        for (const Members& part : members_)
            for (std::size_t node = 0; node < part.nodes; ++node) {
                const std::size_t place = part.first + node;
                if (!beyond(found[place], place)) continue;
                if (first < 2.0 && !beyond(side_within(part, node, first), place)) continue;  // another one crosses before it
                first = crossing_of(part, node, (look - 1.0) / looks, std::min(first, look / looks));
            }
        if (first < 2.0) return first;
    }
    return 2.0;
}

/// Between `low` and `high`, where the node is beyond, by regula falsi with halved sides (Illinois); where it is beyond for the first time.
double Island::crossing_of(const Members& part, std::size_t node, double low, double high) {
    const std::size_t place = part.first + node;
    const double lowest = low;
    double side_low = low == 0.0 ? sides_[place] : side_within(part, node, low), side_high = side_within(part, node, high);
    bool moved_low = false, moved_high = false;
    for (int trial = 0; trial < 100 && high - low > 1e-14; ++trial) {
        double at = low + (high - low) * side_low / (side_low - side_high);
        if (!(at > low && at < high)) at = 0.5 * (low + high);
        const double side = side_within(part, node, at);
        if (beyond(side, place)) {
            if (moved_high) side_low *= 0.5;
            moved_low = false, moved_high = true;
            high = at, side_high = side;
        } else {
            if (moved_low) side_high *= 0.5;
            moved_low = true, moved_high = false;
            low = at, side_low = side;
        }
    }
    // A node that is thrown back at once would never get on: it is let go a little way to the other side.
    if (crossed_[place] && lowest == 0.0) high = std::max(high, std::min(1.0, 1e-3 * dt_ / length_));
    return high;
}

void Island::end_step_at_jump(double part) {
    interpolate(part, 0, settled_.size(), settled_);
    time_ = begin_ + part * length_;
    lands_ = false;
    const std::vector<double> before = sides_;
    choose_sides(settled_, sides_);
    for (std::size_t place = 0; place < sides_.size(); ++place) crossed_[place] = (before[place] <= 0.0) != (sides_[place] <= 0.0);
    renew_ = true;
}

}  // namespace kation
