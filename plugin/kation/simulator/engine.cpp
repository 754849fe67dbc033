#include <kation/simulator/engine.hpp>
#include <kation/simulator/gains.hpp>
#include <kation/simulator/parts_order.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>

namespace kation {
namespace {

/// Threads that may take part.
std::size_t threads_for(const SimulatorSettings& settings) {
    if (settings.integrator.method == Method::adaptive) return 1;
    const int offered = omp_get_max_threads();  // as OMP_NUM_THREADS and the affinity mask say
    return static_cast<std::size_t>(std::max(1, settings.threads > 0 ? settings.threads : offered));
}

Blocks blocks_of(std::span<const Simulation> members) {
    std::vector<const Network*> networks;
    for (const Simulation& member : members) networks.push_back(&member.network);
    const auto& [network, settings] = members.front();
    // Sums by source follow the order of the slots.
    const bool free = members.size() == 1 && settings.coupling.order == Coupling::Order::target;
    return Blocks(networks,
                  free ? order_for_parts(network.connectivity(), delays_of(network.connectivity(), settings), threads_for(settings))
                       : std::vector<std::size_t>{});
}

Tracts tracts_of(std::span<const Simulation> members, const Blocks& blocks) {
    std::vector<Tracts::Member> coupled;
    for (const Simulation& member : members) coupled.push_back({&member.network, &member.settings.coupling});
    return {coupled, delays_of(members.front().network.connectivity(), members.front().settings), blocks};
}

std::vector<Simulation> checked(std::vector<Simulation> members) {
    for (const Simulation& member : members) {
        member.network.check();
        check(member.settings, member.network);
    }
    return members;
}

std::vector<bool> heard_channels(std::span<const Simulation> members, const Blocks& blocks) {
    std::vector<bool> heard(blocks.channels(), false);
    for (std::size_t n = 0; n < blocks.nodes(); ++n) {
        const RegionModel& node = members[blocks.member_of(n)].network.region(blocks.region_of(n));
        for (std::size_t c = 0; c < node.model->outputs.size(); ++c) heard[c] = heard[c] || node.model->listens(c, node.parameters);
    }
    return heard;
}

constexpr double node_cost = 15.0, tract_cost = 0.3;  // [ns] per stage and per step, rough: they only share out work and choose threads
constexpr std::array<double, method_names.size()> stages_of{1, 2, 4, 0};  // adaptive counts its own

}  // namespace

Engine::Engine(std::vector<Simulation> members)
    : members_(checked(std::move(members))),
      blocks_(blocks_of(members_)),
      tracts_(tracts_of(members_, blocks_)),
      validity_(blocks_, members_),
      stimulus_rows_(3, blocks_.slots()),
      zeros_(blocks_.slots(), 0.0),
      ends_(members_.size()) {
    const Integrator& integrator = common().integrator;
    const auto heard = heard_channels(members_, blocks_);
    collect_warnings();
    add_stimuli();
    if (!common().noise.none()) noise_.emplace(common().noise, blocks_, integrator.dt, integrator.seed);
    stimulated_ = !stimuli_.empty() || (noise_ && noise_->stirs_stimulus());
    bounded_ = integrator.bounds == Bounds::clip || (noise_ && noise_->stirs_state());
    add_monitors();
    observer_ = std::make_unique<RecruitmentObserver>(common().recruitment, blocks_, block_steps);
    if (integrator.method == Method::adaptive) {
        adaptive_ = std::make_unique<Adaptive>(blocks_, tracts_, common().coupling, integrator, heard, stimuli_, stimulated_slots_);
    } else {
        std::vector<double> strengths;
        for (const Simulation& member : members_) strengths.push_back(member.settings.coupling.G);
        rows_ = std::make_unique<InputRows>(tracts_, blocks_, common().coupling, strengths, integrator.method, heard);
    }
    for (const Group& group : blocks_.groups()) {
        const std::size_t variables = rows_ && rows_->staged() ? group.model->state.size() : 0;
        sum_.emplace_back(variables, group.slots());
        point_.emplace_back(variables, group.slots());
    }
    for (auto& rows : stage_sent_) rows = ColumnStore(blocks_.channels(), blocks_.slots());
    choose_teams();
    prime();
}

double Engine::time_at(std::int64_t step) const { return time_of(step, common().integrator.dt); }

const RegionModel& Engine::model_of(std::size_t node) const {
    return members_[blocks_.member_of(node)].network.region(blocks_.region_of(node));
}

void Engine::collect_warnings() {
    const Integrator& integrator = common().integrator;
    const Network& network = members_.front().network;
    warnings_ = network.warnings(!common().delay && common().speed < inf);
    for (std::string& sentence : Gains(common().coupling).unused(network)) warnings_.push_back(std::move(sentence));
    for (const Entry* model : network.models()) {
        if (integrator.method == Method::adaptive) break;
        const double largest = model->info.largest_dt[static_cast<std::size_t>(integrator.method)];
        if (integrator.dt > largest)
            warnings_.push_back(fmt::format(
                "{}: dt = {} ms is above {} ms, the largest advised for {}: the regime may change or the run become invalid",
                model->info.name, shortest(integrator.dt), shortest(largest), method_names[static_cast<std::size_t>(integrator.method)]));
    }
}

void Engine::add_stimuli() {
    const double dt = common().integrator.dt;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        const std::vector<Stimulus>& stimuli = members_[m].settings.stimuli;
        for (std::size_t k = 0; k < stimuli.size(); ++k) {
            stimuli_.emplace_back(stimuli[k], dt);
            if (m == 0 && !stimuli_.back().moved().empty())
                warnings_.push_back(
                    fmt::format("stimulus[{}]: moved to the grid of dt = {} ms: {}", k, shortest(dt), stimuli_.back().moved()));
            std::vector<std::size_t> slots;
            for (const std::size_t region : stimuli[k].regions) slots.push_back(blocks_.slot_of(blocks_.node(m, region)));
            std::ranges::sort(slots);
            stimulated_slots_.push_back(std::move(slots));
        }
    }
}

void Engine::add_monitors() {
    for (const MonitorSettings& monitor : common().monitors) {
        monitors_.emplace_back(monitor, blocks_, common().integrator.dt);
        for (std::size_t k = 0; k + 1 < monitors_.size(); ++k)
            if (monitors_[k].name() == monitors_.back().name())
                throw ConfigurationError(
                    fmt::format("two monitors are named '{}'; give one of them a name of its own", monitors_[k].name()));
    }
}

void Engine::prime() {
    const double dt = common().integrator.dt;
    const auto sent_in_past = [&](std::size_t slot, std::int64_t step, double* sent) {
        const std::size_t found = blocks_.node_in(slot), n = found == Blocks::none ? blocks_.group_of(slot).nodes.front() : found;
        const Simulation& member = members_[blocks_.member_of(n)];
        const std::size_t region = blocks_.region_of(n);
        const RegionModel& node = member.network.region(region);
        const auto state = step == 0 ? node.initial : member.settings.past(region, time_of(step, dt));
        if (state.size() != node.initial.size())
            throw ConfigurationError(fmt::format("the past of region {} at t = {} ms has {} variables; {} has {}",
                                                 member.network.label(region), shortest(time_of(step, dt)), state.size(),
                                                 node.model->info.name, node.initial.size()));
        std::ranges::copy(node.model->output(state, node.parameters), sent);
    };
    if (adaptive_) {
        adaptive_->prime(sent_in_past, !common().past);
        return;
    }
    const std::vector<Part>& parts = teams_.back().parts;
#pragma omp parallel for num_threads(static_cast<int>(parts.size())) schedule(static, 1)
    for (std::size_t p = 0; p < parts.size(); ++p) rows_->touch(parts[p]);
    rows_->prime(sent_in_past, !common().past);
}

Engine::Team Engine::team_of(std::size_t threads) const {
    std::vector<double> cost(blocks_.slots());
    for (std::size_t slot = 0; slot < cost.size(); ++slot) cost[slot] = cost_of_step(slot);
    Team team{partition(blocks_, cost, threads), 1, nullptr};
    // A dense product reads what all parts send, with zeros for weights where there is no connection.
    const std::int64_t shortest = tracts_.instant() > 0 ? 0 : tracts_.shortest_between(team.parts);
    team.steps_alone = std::max<std::int64_t>(1, shortest - steps_ahead(common().integrator.method) + 1);
    team.barrier = std::make_unique<Barrier>(static_cast<int>(team.parts.size()));
    return team;
}

double Engine::cost_of_step(std::size_t slot) const {
    return node_cost * stages_of[static_cast<std::size_t>(common().integrator.method)] +
           tract_cost * static_cast<double>(tracts_.into(slot).size());
}

/// One team of one thread, and one of more where that may pay.
void Engine::choose_teams() {
    const std::size_t offered = threads_for(common());
    const std::size_t vectors = blocks_.slots() / lanes;
    teams_.push_back(team_of(1));
    const auto take = [&](std::size_t threads, bool fixed, const char* reason) {
        if (threads > 1) teams_.push_back(team_of(threads));
        choice_ = std::make_unique<ThreadChoice>(teams_.back().parts.size(), fixed, reason);
    };
    if (common().integrator.method == Method::adaptive) return take(1, true, "the adaptive scheme takes one");
    if (common().threads > 0) return take(std::min(offered, vectors), true, "as asked");
    if (offered == 1) return take(1, true, "one thread is offered");
    if (vectors == 1) return take(1, true, "all regions fit into one vector");
    // Less work than this is over before another thread has answered.
    constexpr double worthwhile_ns = 10000;
    double step_ns = 0;
    for (std::size_t slot = 0; slot < blocks_.slots(); ++slot) step_ns += cost_of_step(slot);
    take(std::min(offered, vectors), false, "between two waits is enough work to share");
    const double ns = step_ns * static_cast<double>(std::min<std::int64_t>(teams_.back().steps_alone, block_steps));
    if (ns < worthwhile_ns) choice_->only_one("between two waits is too little work to share");
}

void Engine::fill_stimulus(const Part& part, std::int64_t step) {
    if (!stimulated_) return;
    const bool samples = common().integrator.method == Method::rk4;
    for (std::size_t sample = 0; sample < (samples ? 3 : 1); ++sample)
        std::fill(stimulus_rows_[sample] + part.begin, stimulus_rows_[sample] + part.end, 0.0);
    for (std::size_t k = 0; k < stimuli_.size(); ++k) {
        const auto values = samples ? stimuli_[k].within(step) : std::array<double, 3>{stimuli_[k].at(step), 0, 0};
        for (const std::size_t slot : stimulated_slots_[k]) {
            if (slot < part.begin || slot >= part.end) continue;
            for (std::size_t sample = 0; sample < (samples ? 3 : 1); ++sample) stimulus_rows_[sample][slot] += values[sample];
        }
    }
    if (noise_ && noise_->stirs_stimulus()) noise_->add_to_stimulus(part, step, stimulus_rows_[0]);
}

void Engine::advance_in_registers(const Part& part, std::int64_t step) {
    const bool samples = common().integrator.method == Method::rk4;
    const auto coupling = samples ? rows_->within_step(part, step) : std::array<ConstColumns, 3>{rows_->at_step(part, step), {}, {}};
    const ConstColumns own = samples ? rows_->own() : ConstColumns{zeros_.data(), 0};
    if (noise_ && noise_->stirs_state()) noise_->draw(part, step);
    const auto method = static_cast<std::size_t>(common().integrator.method);
    const InstructionSet set = instruction_set();
    for (const Piece& piece : part.pieces) {
        Group& group = blocks_.groups()[piece.group];
        const std::size_t first = group.first_slot;
        const StepInputs inputs{.dt = common().integrator.dt,
                                .coupling = {coupling[0].from(first), coupling[1].from(first), coupling[2].from(first)},
                                .own = own.from(first),
                                .stimulus = {stimulus_rows_[0] + first, stimulus_rows_[1] + first, stimulus_rows_[2] + first},
                                .kick = noise_ ? noise_->kicks(piece.group) : ConstColumns{zeros_.data(), 0},
                                .limits = validity_.clip(piece.group),
                                .sent = rows_->sent(step + 1).from(first),
                                .event = observer_->quantity(step + 1) + first};
        const auto& kernels = group.model->kernels;
        (bounded_ ? kernels.step_bounded : kernels.step)[method][set](group.columns(), inputs, piece.begin, piece.end);
    }
}

void Engine::advance_in_stages(const Team& team, const Part& part, std::int64_t step) {
    constexpr std::array<double, 4> weights{1.0, 2.0, 2.0, 1.0};
    const double dt = common().integrator.dt;
    const std::array<double, 4> along_rate{0.5 * dt, 0.5 * dt, dt, 0.0}, along_sum{0.0, 0.0, 0.0, dt / 6.0};
    constexpr std::array<std::size_t, 4> sample_of_stage{0, 1, 1, 2};
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks_.groups()[piece.group];
        for (std::size_t k = 0; k < group.model->state.size(); ++k) {
            std::fill(sum_[piece.group][k] + piece.begin, sum_[piece.group][k] + piece.end, 0.0);
            std::copy(group.state[k] + piece.begin, group.state[k] + piece.end, point_[piece.group][k] + piece.begin);
        }
    }
    rows_->begin_stages(part, step);
    for (std::size_t stage = 0; stage < 4; ++stage) {
        if (stage > 0) team.barrier->arrive_and_wait();
        const Columns heard_now = stage == 0 ? rows_->sent(step) : stage_sent_[stage % 2].view();
        const Columns sent_next = stage == 3 ? rows_->sent(step + 1) : stage_sent_[(stage + 1) % 2].view();
        const ConstColumns coupling = rows_->at_stage(part, stage, heard_now);
        for (const Piece& piece : part.pieces) {
            Group& group = blocks_.groups()[piece.group];
            const std::size_t first = group.first_slot;
            const StageInputs inputs{.coupling = coupling.from(first),
                                     .stimulus = stimulus_rows_[sample_of_stage[stage]] + first,
                                     .limits = validity_.clip(piece.group),
                                     .weight = weights[stage],
                                     .along_rate = along_rate[stage],
                                     .along_sum = along_sum[stage],
                                     .sum = sum_[piece.group].view(),
                                     .point = point_[piece.group].view(),
                                     .sent = sent_next.from(first)};
            group.model->kernels.stage[instruction_set()](group.columns(), inputs, piece.begin, piece.end);
        }
    }
    for (const Piece& piece : part.pieces) {
        Group& group = blocks_.groups()[piece.group];
        for (std::size_t k = 0; k < group.model->state.size(); ++k)
            std::copy(point_[piece.group][k] + piece.begin, point_[piece.group][k] + piece.end, group.state[k] + piece.begin);
    }
    observer_->look(part, blocks_, step + 1);
}

void Engine::advance(const Team& team, const Part& part, std::int64_t step) {
    if (adaptive_) {
        adaptive_->reach(step + 1, blocks_);
        observer_->look(part, blocks_, step + 1);
    } else {
        rows_->add_near(part, step);
        fill_stimulus(part, step);
        if (rows_->staged())
            advance_in_stages(team, part, step);
        else
            advance_in_registers(part, step);
    }
    for (Monitor& monitor : monitors_) monitor.sample(part, blocks_, step + 1);
}

void Engine::flush(std::span<Sink* const> sinks, const std::vector<std::int64_t>& until) {
    std::vector<Monitor::Recipient> recipients;
    for (std::size_t m = 0; m < members_.size(); ++m) recipients.push_back({ends_[m].step ? nullptr : sinks[m], until[m]});
    for (std::size_t k = 0; k < monitors_.size(); ++k) monitors_[k].flush(k, step_, recipients);
}

void Engine::flush(std::span<Sink* const> sinks) { flush(sinks, std::vector<std::int64_t>(members_.size(), step_)); }

void Engine::resume(std::size_t m) {
    if (!ends_[m].failure && ends_[m].step == step_) ends_[m] = {};
}

void Engine::end(std::size_t m) {
    if (ends_[m].step) return;
    ends_[m].step = step_;
    ends_[m].recruitment = observer_->result(blocks_, m);
}

/// What was recorded before the block that begins at `first` stays; what came after is not valid.
void Engine::end_invalid(std::int64_t first, std::span<Sink* const> sinks) {
    std::vector<std::optional<InvalidState>> complaints;
    std::vector<std::int64_t> until;
    for (std::size_t m = 0; m < members_.size(); ++m) {
        complaints.push_back(validity_.complaint(m));
        until.push_back(complaints[m] ? first : step_);
    }
    flush(sinks, until);
    for (std::size_t m = 0; m < members_.size(); ++m) {
        if (!complaints[m]) continue;
        if (!ends_[m].step) ends_[m].failure = std::move(complaints[m]);
        end(m);
        follow_another(m);
    }
}

/// Numbers that are not finite would be looked at again and again, and slow operations down.
void Engine::follow_another(std::size_t m) {
    std::size_t other = 0;
    while (other < members_.size() && validity_.complaint(other)) ++other;
    if (other == members_.size()) return;
    for (std::size_t region = 0; region < blocks_.regions(); ++region) {
        const std::size_t from = blocks_.slot_of(blocks_.node(other, region)), to = blocks_.slot_of(blocks_.node(m, region));
        Group& group = const_cast<Group&>(blocks_.group_of(from));
        for (ColumnStore* columns : {&group.state, &group.parameters, &group.constants})
            for (std::size_t k = 0; k < columns->columns(); ++k)
                (*columns)[k][to - group.first_slot] = (*columns)[k][from - group.first_slot];
        rows_->follow(from, to);
    }
}

bool Engine::all_ended() const {
    return std::ranges::all_of(ends_, [](const End& end) { return end.step.has_value(); });
}

void Engine::after_block(std::int64_t first, std::int64_t done, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher) {
    try {
        step_ = done;
        if (validity_.settle(done)) {
            for (std::string& sentence : validity_.unusual()) warnings_.push_back(std::move(sentence));
        } else {
            end_invalid(first, sinks);
        }
        for (std::size_t m = 0; m < members_.size() && watcher.stop && done < last; ++m)
            if (!ends_[m].step && watcher.stop(m)) {
                flush(sinks);
                end(m);
            }
        over_ = all_ended() || done >= last;
        if (over_ || std::ranges::any_of(
                         monitors_, [&](const Monitor& monitor) { return monitor.full(done, static_cast<std::int64_t>(block_steps)); }))
            flush(sinks);
        if (!over_ && rows_) rows_->begin_block(done);
        pause_ = over_ || std::chrono::steady_clock::now() >= until_;
        if (watcher.progress) watcher.progress(time_at(done));
    } catch (...) {
        failure_ = std::current_exception();
        over_ = pause_ = true;
    }
}

void Engine::worker(const Team& team, std::size_t p, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher) {
    const Part& part = team.parts[p];
    for (std::int64_t first = step_;; first = std::min(first + static_cast<std::int64_t>(block_steps), last)) {
        const std::int64_t end = std::min(first + static_cast<std::int64_t>(block_steps), last);
        if (rows_) rows_->sum_far(part, first);
        for (std::int64_t step = first; step < end; ++step) {
            if (step > first && (step - first) % team.steps_alone == 0) team.barrier->arrive_and_wait();
            advance(team, part, step);
        }
        if (rows_) rows_->remember(part, first + 1, end);
        observer_->watch(part, first + 1, end, common().integrator.dt);
        validity_.look_at(part);
        team.barrier->arrive_and_wait([&] { after_block(first, end, last, sinks, watcher); });
        if (pause_) return;
    }
}

void Engine::begin_run(std::span<Sink* const> sinks) {
    std::vector<std::string> names;
    std::vector<std::vector<RecordedVariable>> variables;
    for (const Monitor& monitor : monitors_) {
        names.push_back(monitor.name());
        variables.push_back(monitor.variables());
    }
    for (Sink* sink : sinks) sink->begin(names, variables, blocks_.regions());
    if (rows_) rows_->begin_block(step_);
    if (monitors_started_) return;
    monitors_started_ = true;
    for (const Part& part : teams_.front().parts) {
        for (Monitor& monitor : monitors_) monitor.start(part, blocks_);
        observer_->look(part, blocks_, 0);
        observer_->watch(part, 0, 0, common().integrator.dt);
    }
}

void Engine::run_team(Team& team, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher) {
    if (team.parts.size() > 1) {
        bool complete = true;
#pragma omp parallel num_threads(static_cast<int>(team.parts.size()))
        {
#pragma omp single
            complete = omp_get_num_threads() == static_cast<int>(team.parts.size());
            if (complete) worker(team, static_cast<std::size_t>(omp_get_thread_num()), last, sinks, watcher);
        }
        if (complete) return;
        // Fewer threads than asked for, as inside another parallel region: threads would wait for ever for those that are missing.
        choice_->only_one("OpenMP gave fewer threads than asked for");
    }
    worker(teams_.front(), 0, last, sinks, watcher);
}

void Engine::run(double duration, std::span<Sink* const> sinks, const Watcher& watcher) {
    if (!(duration >= 0)) throw ConfigurationError(fmt::format("duration = {} ms is below 0", shortest(duration)));
    const std::int64_t last = step_ + whole_steps("duration", duration, common().integrator.dt);
    begin_run(sinks);
    over_ = false;
    failure_ = nullptr;
    using Clock = std::chrono::steady_clock;
    while (!over_) {
        const auto start = Clock::now();
        const double stretch = choice_->stretch();
        until_ = stretch < inf ? start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(stretch))
                               : Clock::time_point::max();
        const std::int64_t first = step_;
        run_team(choice_->threads() == 1 ? teams_.front() : teams_.back(), last, sinks, watcher);
        if (!over_) choice_->took(std::chrono::duration<double>(Clock::now() - start).count(), step_ - first);
    }
    if (failure_) std::rethrow_exception(failure_);
}

std::vector<double> Engine::state(std::size_t m, std::size_t region) const {
    const std::size_t slot = blocks_.slot_of(blocks_.node(m, region));
    const Group& group = blocks_.group_of(slot);
    std::vector<double> state;
    for (std::size_t k = 0; k < group.model->state.size(); ++k) state.push_back(group.state[k][slot - group.first_slot]);
    return state;
}

Recruitment Engine::recruitment(std::size_t m) const {
    return ends_[m].recruitment ? *ends_[m].recruitment : observer_->result(blocks_, m);
}

std::int64_t Engine::evaluations() const {
    const auto stages = static_cast<std::int64_t>(stages_of[static_cast<std::size_t>(common().integrator.method)]);
    return adaptive_ ? adaptive_->evaluations() : stages * step_ * static_cast<std::int64_t>(blocks_.regions());
}

}  // namespace kation
