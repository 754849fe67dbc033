#include <kation/simulator/adaptive.hpp>
#include <kation/simulator/barrier.hpp>
#include <kation/simulator/input_rows.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>

namespace kation {
namespace {

/// Ends of a range as a loop compares with them: open ends moved by one rounding, infinities to the largest number.
Limits effective(const Range& range, double& low, double& high) {
    constexpr double largest = std::numeric_limits<double>::max();
    const bool low_open = range.ends == Ends::open || range.ends == Ends::open_low;
    const bool high_open = range.ends == Ends::open || range.ends == Ends::open_high;
    low = range.low == -inf ? -largest : low_open ? std::nextafter(range.low, inf) : range.low;
    high = range.high == inf ? largest : high_open ? std::nextafter(range.high, -inf) : range.high;
    return {&low, &high};
}

/// Numbers per group: what the state is clipped to, and what it must be within to be valid.
struct GroupLimits {
    std::vector<double> clip_low, clip_high;    ///< [variable]
    std::vector<double> valid_low, valid_high;  ///< [variable, then derived quantity]
    std::vector<double> usual_low, usual_high;  ///< the same; infinite where nothing is said about it, or has been said already
    bool usual = false;                         ///< whether there are any
};

GroupLimits limits_for(const Entry& model, const Integrator& integrator) {
    GroupLimits limits;
    const bool clip = integrator.bounds == Bounds::clip;
    const auto add = [&](const Range& range) {
        double low = 0, high = 0;
        effective(range, low, high);
        limits.valid_low.push_back(low);
        limits.valid_high.push_back(high);
    };
    const auto add_usual = [&](const Range& range) {
        limits.usual_low.push_back(range.low);
        limits.usual_high.push_back(range.high);
        limits.usual = limits.usual || range.bounded();
    };
    for (const Field& field : model.state) add_usual(field.usual);
    for (const Field& field : model.observed) add_usual(field.usual);
    for (const Field& field : model.state) {
        Range range = field.valid;
        for (const Limit& limit : integrator.limits)
            if (limit.variable == field.name.view()) range = Range{limit.low, limit.high};
        double low = -inf, high = inf;
        if (clip) effective(range, low, high);
        limits.clip_low.push_back(range.low == -inf || !clip ? -inf : low);
        limits.clip_high.push_back(range.high == inf || !clip ? inf : high);
        add(clip ? Range{} : field.valid);
    }
    for (const Field& field : model.observed) add(clip ? Range{} : field.valid);
    return limits;
}

void check_tolerance(const Integrator& integrator) {
    constexpr double least = StepTolerance::least, most = StepTolerance::most;
    for (const auto& [name, value] : {std::pair("rtol", integrator.tolerance.rtol), std::pair("atol", integrator.tolerance.atol)})
        if (!(value >= least && value <= most))
            throw ConfigurationError(
                fmt::format("integrator: {} = {} is outside [{}, {}]", name, shortest(value), shortest(least), shortest(most)));
    if (integrator.bounds == Bounds::clip)
        throw ConfigurationError(
            "integrator: adaptive does not clip, as a clipped state bends within a step that counts on smoothness; use bounds = \"error\", "
            "or method = \"rk4\"");
}

void check_settings(const Network& network, const SimulatorSettings& s) {
    if (!(s.integrator.dt > 0) || !std::isfinite(s.integrator.dt))
        throw ConfigurationError(fmt::format("integrator: dt = {} ms is not above 0", shortest(s.integrator.dt)));
    if (s.delay) {
        if (!(*s.delay >= 0) || !std::isfinite(*s.delay))
            throw ConfigurationError(fmt::format("delay = {} ms is below 0", shortest(*s.delay)));
    } else if (!(s.speed > 0)) {
        throw ConfigurationError(fmt::format("speed = {} mm/ms is not above 0 (\"inf\" for no delays)", shortest(s.speed)));
    }
    if (!std::isfinite(s.coupling.G))
        throw ConfigurationError(fmt::format("coupling: G = {} is not a finite number", shortest(s.coupling.G)));
    if (s.coupling.kind == Coupling::Kind::sigmoidal && !(s.coupling.sigma != 0 && std::isfinite(s.coupling.sigma)))
        throw ConfigurationError(fmt::format("coupling: sigma = {} must be a number other than 0", shortest(s.coupling.sigma)));
    if (!s.noise.none() && (s.integrator.method == Method::rk4 || s.integrator.method == Method::adaptive))
        throw ConfigurationError(fmt::format("integrator: {} takes no noise; use method = \"heun\" or \"euler\"",
                                             method_names[static_cast<std::size_t>(s.integrator.method)]));
    if (s.integrator.method == Method::adaptive) {
        check_tolerance(s.integrator);
        if (s.coupling.history != Coupling::History::float64 || s.coupling.order != Coupling::Order::target)
            throw ConfigurationError(
                "coupling: history = \"float32\" and order = \"source\" are for fixed steps; adaptive keeps polynomials");
    }
    if (!s.integrator.limits.empty() && s.integrator.bounds != Bounds::clip)
        throw ConfigurationError("integrator: limits are for bounds = \"clip\"; with \"error\" the models' valid ranges count");
    for (const Limit& limit : s.integrator.limits) {
        std::vector<std::string> known;
        for (const Entry* model : network.models())
            for (const std::string& name : names_of(model->state)) known.push_back(name);
        if (std::ranges::find(known, limit.variable) == known.end())
            throw ConfigurationError(fmt::format("integrator.limits: no model of this network has a state variable '{}'{}", limit.variable,
                                                 suggestion(limit.variable, known)));
        if (!(limit.low <= limit.high))
            throw ConfigurationError(
                fmt::format("integrator.limits: {} = [{}, {}] is empty", limit.variable, shortest(limit.low), shortest(limit.high)));
    }
    for (std::size_t k = 0; k < s.stimuli.size(); ++k) {
        const std::string problem = s.stimuli[k].problem();
        if (!problem.empty()) throw ConfigurationError(fmt::format("stimulus[{}]: {}", k, problem));
        for (const std::size_t region : s.stimuli[k].regions) {
            if (region >= network.regions()) throw ConfigurationError(fmt::format("stimulus[{}]: there is no region number {}", k, region));
            if (std::ranges::count(s.stimuli[k].regions, region) > 1)
                throw ConfigurationError(fmt::format("stimulus[{}] names region {} twice", k, network.label(region)));
        }
    }
}

std::vector<bool> heard_channels(const Network& network, const Blocks& blocks) {
    std::vector<bool> heard(blocks.channels(), false);
    for (std::size_t region = 0; region < network.regions(); ++region) {
        const RegionModel& node = network.region(region);
        for (std::size_t c = 0; c < node.model->outputs.size(); ++c) heard[c] = heard[c] || node.model->listens(c, node.parameters);
    }
    return heard;
}

constexpr double node_cost = 15.0, tract_cost = 0.3;  // [ns] per stage and per step, rough: they only share out work and choose threads
constexpr std::array<double, method_names.size()> stages_of{1, 2, 4, 0};  // adaptive counts its own

}  // namespace

StepMatrix delays_of(const Connectivity& connectivity, const SimulatorSettings& settings) {
    const std::size_t regions = connectivity.regions();
    if (!settings.delay) return connectivity.delays(settings.speed, settings.integrator.dt);
    StepMatrix delays(regions, regions);
    delays.fill(nearest_step(*settings.delay, settings.integrator.dt));
    delays.diag().zeros();
    return delays;
}

class Simulator::Engine {
  public:
    Engine(Network network, SimulatorSettings settings);

    bool run(double duration, Sink& sink, const RunWatcher& watcher);

    Network network_;
    SimulatorSettings settings_;
    Blocks blocks_;
    std::int64_t step_ = 0;
    std::vector<std::string> warnings_;
    std::vector<Part> parts_;
    std::string reason_;
    std::unique_ptr<RecruitmentObserver> observer_;

    [[nodiscard]] double time_at(std::int64_t step) const { return time_of(step, settings_.integrator.dt); }
    [[nodiscard]] std::size_t bytes() const { return rows_.bytes(); }
    [[nodiscard]] std::int64_t evaluations() const {
        const auto stages = static_cast<std::int64_t>(stages_of[static_cast<std::size_t>(settings_.integrator.method)]);
        return adaptive_ ? adaptive_->evaluations() : stages * step_ * static_cast<std::int64_t>(network_.regions());
    }

  private:
    [[nodiscard]] std::size_t choose_threads();
    void choose_parts(std::size_t threads);
    void run_team(std::int64_t last, Sink& sink, const RunWatcher& watcher);
    void begin_run(Sink& sink);
    void worker(std::size_t p, std::int64_t last, Sink& sink, const RunWatcher& watcher);
    void advance(const Part& part, std::int64_t step);
    void advance_in_registers(const Part& part, std::int64_t step);
    void advance_in_stages(const Part& part, std::int64_t step);
    void fill_stimulus(const Part& part, std::int64_t step);
    [[nodiscard]] bool valid(const Part& part) const;
    void look_for_unusual(const Part& part);
    /// Says of each quantity that has left its usual range, once in a simulation, where that was.
    void tell_unusual();
    /// State and then derived quantities of a node, from the state given.
    [[nodiscard]] std::vector<double> numbers_of(std::size_t g, const ColumnStore& state, std::size_t node) const;
    /// The first of them outside its range.
    [[nodiscard]] std::optional<std::size_t> first_invalid(std::size_t g, std::size_t node) const;
    void keep_as_good(const Part& part);
    [[nodiscard]] InvalidState complaint() const;
    void after_block(std::int64_t first, std::int64_t done, std::int64_t last, Sink& sink, const RunWatcher& watcher);

    Tracts tracts_;
    InputRows rows_;
    std::unique_ptr<Adaptive> adaptive_;  ///< in place of `rows_`, if the method is adaptive
    std::optional<NoiseSource> noise_;
    std::vector<StimulusOnGrid> stimuli_;
    std::vector<std::vector<std::size_t>> stimulated_slots_;  ///< of each stimulus, ascending
    std::vector<Monitor> monitors_;
    std::vector<GroupLimits> limits_;
    ColumnStore stimulus_rows_{3, 0};
    std::vector<ColumnStore> sum_, point_;  ///< [group], of RK4 in stages
    std::array<ColumnStore, 2> stage_sent_;
    AlignedNumbers zeros_;
    std::vector<ColumnStore> last_good_;  ///< [group]: the state at the last check
    std::int64_t last_good_step_ = 0;
    bool monitors_started_ = false;
    bool bounded_ = false, stimulated_ = false;
    std::int64_t steps_alone_ = 1;  ///< that a thread can do without what the others do at the same time

    // Shared by the threads of one run.
    std::unique_ptr<Barrier> barrier_;
    std::atomic<bool> invalid_{false}, unusual_{false};
    bool stop_ = false, stopped_by_watcher_ = false;
    std::exception_ptr failure_;
};

Simulator::Engine::Engine(Network network, SimulatorSettings settings)
    : network_(std::move(network)),
      settings_((network_.check(), check_settings(network_, settings), std::move(settings))),
      blocks_(network_),
      tracts_(network_, delays_of(network_.connectivity(), settings_), blocks_, settings_.coupling),
      rows_(tracts_, blocks_, settings_.coupling, settings_.integrator.method, heard_channels(network_, blocks_)),
      stimulus_rows_(3, blocks_.slots()),
      zeros_(blocks_.slots(), 0.0) {
    const Integrator& integrator = settings_.integrator;
    warnings_ = network_.warnings(!settings_.delay && settings_.speed < inf);
    for (std::string& sentence : Gains(settings_.coupling).unused(network_)) warnings_.push_back(std::move(sentence));
    for (const Entry* model : network_.models()) {
        if (integrator.method == Method::adaptive) break;
        const double largest = model->info.largest_dt[static_cast<std::size_t>(integrator.method)];
        if (integrator.dt > largest)
            warnings_.push_back(fmt::format(
                "{}: dt = {} ms is above {} ms, the largest advised for {}: the regime may change or the run become invalid",
                model->info.name, shortest(integrator.dt), shortest(largest), method_names[static_cast<std::size_t>(integrator.method)]));
    }
    for (const Stimulus& stimulus : settings_.stimuli) {
        stimuli_.emplace_back(stimulus, integrator.dt);
        if (!stimuli_.back().moved().empty())
            warnings_.push_back(fmt::format("stimulus[{}]: moved to the grid of dt = {} ms: {}", stimuli_.size() - 1,
                                            shortest(integrator.dt), stimuli_.back().moved()));
        std::vector<std::size_t> slots;
        for (const std::size_t region : stimulus.regions) slots.push_back(blocks_.slot_of(region));
        std::ranges::sort(slots);
        stimulated_slots_.push_back(std::move(slots));
    }
    if (!settings_.noise.none()) noise_.emplace(settings_.noise, blocks_, integrator.dt, integrator.seed);
    stimulated_ = !stimuli_.empty() || (noise_ && noise_->stirs_stimulus());
    bounded_ = integrator.bounds == Bounds::clip || (noise_ && noise_->stirs_state());
    for (const MonitorSettings& monitor : settings_.monitors) {
        monitors_.emplace_back(monitor, blocks_, network_, integrator.dt);
        for (std::size_t k = 0; k + 1 < monitors_.size(); ++k)
            if (monitors_[k].name() == monitors_.back().name())
                throw ConfigurationError(
                    fmt::format("two monitors are named '{}'; give one of them a name of its own", monitors_[k].name()));
    }
    observer_ = std::make_unique<RecruitmentObserver>(settings_.recruitment, blocks_);

    for (const Group& group : blocks_.groups()) {
        limits_.push_back(limits_for(*group.model, integrator));
        last_good_.push_back(group.state);
        const std::size_t variables = rows_.staged() ? group.model->state.size() : 0;
        sum_.emplace_back(variables, group.slots());
        point_.emplace_back(variables, group.slots());
    }
    for (auto& rows : stage_sent_) rows = ColumnStore(blocks_.channels(), blocks_.slots());
    choose_parts(choose_threads());

    const auto sent_in_past = [&](std::size_t slot, std::int64_t step, double* sent) {
        const std::size_t found = blocks_.region_of(slot);
        const std::size_t region = found == Blocks::none ? blocks_.group_of(slot).regions.front() : found;
        const RegionModel& node = network_.region(region);
        const auto state = step == 0 ? node.initial : settings_.past(region, time_of(step, integrator.dt));
        if (state.size() != node.initial.size())
            throw ConfigurationError(fmt::format("the past of region {} at t = {} ms has {} variables; {} has {}", network_.label(region),
                                                 shortest(time_of(step, integrator.dt)), state.size(), node.model->info.name,
                                                 node.initial.size()));
        std::ranges::copy(node.model->output(state, node.parameters), sent);
    };
    if (integrator.method == Method::adaptive) {
        adaptive_ = std::make_unique<Adaptive>(blocks_, tracts_, settings_.coupling, integrator, heard_channels(network_, blocks_),
                                               stimuli_, stimulated_slots_);
        adaptive_->prime(sent_in_past, !settings_.past);
    } else {
        rows_.prime(sent_in_past, !settings_.past);
    }
}

std::size_t Simulator::Engine::choose_threads() {
    const std::size_t offered = static_cast<std::size_t>(std::max(1, omp_get_max_threads()));
    const auto vectors = blocks_.slots() / lanes;
    if (settings_.integrator.method == Method::adaptive) {
        reason_ = "the adaptive scheme takes one";
        return 1;
    }
    if (settings_.threads > 0) {
        reason_ = "as asked";
        return std::min(static_cast<std::size_t>(settings_.threads), vectors);
    }
    // A block of less work than this is over before a second thread has woken up.
    constexpr double worthwhile_ns = 20000;
    const double block_ns =
        static_cast<double>(block_steps) *
        (node_cost * stages_of[static_cast<std::size_t>(settings_.integrator.method)] * static_cast<double>(blocks_.slots()) +
         tract_cost * static_cast<double>(tracts_.count()));
    if (offered == 1) {
        reason_ = "one thread is offered";
        return 1;
    }
    if (block_ns < worthwhile_ns || tracts_.instant() > 0) {
        reason_ = tracts_.instant() > 0 ? "connections without delay leave no work between two waits"
                                        : "a block of steps is too little work to share";
        return 1;
    }
    reason_ = "a block of steps is enough work to share";
    return std::min(offered, vectors);
}

void Simulator::Engine::choose_parts(std::size_t threads) {
    std::vector<double> cost(blocks_.slots());
    for (std::size_t slot = 0; slot < cost.size(); ++slot)
        cost[slot] = node_cost * stages_of[static_cast<std::size_t>(settings_.integrator.method)] +
                     tract_cost * static_cast<double>(tracts_.into(slot).size());
    parts_ = partition(blocks_, cost, threads);
    // A dense product reads what all parts send, with zeros for weights where there is no connection.
    const std::int64_t shortest = tracts_.instant() > 0 ? 0 : tracts_.shortest_between(parts_);
    steps_alone_ = std::max<std::int64_t>(1, shortest - steps_ahead(settings_.integrator.method) + 1);
    barrier_ = std::make_unique<Barrier>(static_cast<int>(parts_.size()));
}

void Simulator::Engine::fill_stimulus(const Part& part, std::int64_t step) {
    if (!stimulated_) return;
    const bool samples = settings_.integrator.method == Method::rk4;
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

void Simulator::Engine::advance_in_registers(const Part& part, std::int64_t step) {
    const bool samples = settings_.integrator.method == Method::rk4;
    const auto coupling = samples ? rows_.within_step(part, step) : std::array<ConstColumns, 3>{rows_.at_step(part, step), {}, {}};
    const ConstColumns own = samples ? rows_.own() : ConstColumns{zeros_.data(), 0};
    if (noise_ && noise_->stirs_state()) noise_->draw(part, step);
    const auto method = static_cast<std::size_t>(settings_.integrator.method);
    const InstructionSet set = instruction_set();
    for (const Piece& piece : part.pieces) {
        Group& group = blocks_.groups()[piece.group];
        const std::size_t first = group.first_slot;
        const StepInputs inputs{.dt = settings_.integrator.dt,
                                .coupling = {coupling[0].from(first), coupling[1].from(first), coupling[2].from(first)},
                                .own = own.from(first),
                                .stimulus = {stimulus_rows_[0] + first, stimulus_rows_[1] + first, stimulus_rows_[2] + first},
                                .kick = noise_ ? noise_->kicks(piece.group) : ConstColumns{zeros_.data(), 0},
                                .limits = {limits_[piece.group].clip_low.data(), limits_[piece.group].clip_high.data()},
                                .sent = rows_.sent(step + 1).from(first)};
        const auto& kernels = group.model->kernels;
        (bounded_ ? kernels.step_bounded : kernels.step)[method][set](group.columns(), inputs, piece.begin, piece.end);
    }
}

void Simulator::Engine::advance_in_stages(const Part& part, std::int64_t step) {
    constexpr std::array<double, 4> weights{1.0, 2.0, 2.0, 1.0};
    const double dt = settings_.integrator.dt;
    const std::array<double, 4> along_rate{0.5 * dt, 0.5 * dt, dt, 0.0}, along_sum{0.0, 0.0, 0.0, dt / 6.0};
    constexpr std::array<std::size_t, 4> sample_of_stage{0, 1, 1, 2};
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks_.groups()[piece.group];
        for (std::size_t k = 0; k < group.model->state.size(); ++k) {
            std::fill(sum_[piece.group][k] + piece.begin, sum_[piece.group][k] + piece.end, 0.0);
            std::copy(group.state[k] + piece.begin, group.state[k] + piece.end, point_[piece.group][k] + piece.begin);
        }
    }
    rows_.begin_stages(part, step);
    for (std::size_t stage = 0; stage < 4; ++stage) {
        if (stage > 0) barrier_->arrive_and_wait();
        const Columns heard_now = stage == 0 ? rows_.sent(step) : stage_sent_[stage % 2].view();
        const Columns sent_next = stage == 3 ? rows_.sent(step + 1) : stage_sent_[(stage + 1) % 2].view();
        const ConstColumns coupling = rows_.at_stage(part, stage, heard_now);
        for (const Piece& piece : part.pieces) {
            Group& group = blocks_.groups()[piece.group];
            const std::size_t first = group.first_slot;
            const StageInputs inputs{.coupling = coupling.from(first),
                                     .stimulus = stimulus_rows_[sample_of_stage[stage]] + first,
                                     .limits = {limits_[piece.group].clip_low.data(), limits_[piece.group].clip_high.data()},
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
}

void Simulator::Engine::advance(const Part& part, std::int64_t step) {
    if (adaptive_) {
        adaptive_->reach(step + 1, blocks_);
    } else {
        rows_.add_near(part, step);
        fill_stimulus(part, step);
        if (rows_.staged())
            advance_in_stages(part, step);
        else
            advance_in_registers(part, step);
    }
    for (Monitor& monitor : monitors_) monitor.sample(part, blocks_, step + 1);
    observer_->watch(part, blocks_, step + 1, settings_.integrator.dt);
}

bool Simulator::Engine::valid(const Part& part) const {
    return std::ranges::all_of(part.pieces, [&](const Piece& piece) {
        const Group& group = blocks_.groups()[piece.group];
        const GroupLimits& limits = limits_[piece.group];
        if (group.model->kernels.check[instruction_set()](group.columns(), {limits.valid_low.data(), limits.valid_high.data()}, piece.begin,
                                                          piece.end))
            return true;
        // Padding hears nothing, so that it may be unstable where the nodes that it copies are not: it does not count.
        const std::size_t end = std::min(piece.end, group.regions.size());
        for (std::size_t node = piece.begin; node < end; ++node)
            if (first_invalid(piece.group, node)) return false;
        return true;
    });
}

std::vector<double> Simulator::Engine::numbers_of(std::size_t g, const ColumnStore& state, std::size_t node) const {
    const Group& group = blocks_.groups()[g];
    std::vector<double> numbers;
    for (std::size_t k = 0; k < group.model->state.size(); ++k) numbers.push_back(state[k][node]);
    const auto derived = group.model->observe(numbers, network_.region(group.regions[node]).parameters);
    numbers.insert(numbers.end(), derived.begin(), derived.end());
    return numbers;
}

std::optional<std::size_t> Simulator::Engine::first_invalid(std::size_t g, std::size_t node) const {
    const auto numbers = numbers_of(g, blocks_.groups()[g].state, node);
    for (std::size_t k = 0; k < numbers.size(); ++k)
        if (!(numbers[k] >= limits_[g].valid_low[k] && numbers[k] <= limits_[g].valid_high[k])) return k;
    return std::nullopt;
}

void Simulator::Engine::look_for_unusual(const Part& part) {
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks_.groups()[piece.group];
        const GroupLimits& limits = limits_[piece.group];
        if (limits.usual && !group.model->kernels.check[instruction_set()](
                                group.columns(), {limits.usual_low.data(), limits.usual_high.data()}, piece.begin, piece.end))
            unusual_ = true;
    }
}

void Simulator::Engine::tell_unusual() {
    unusual_ = false;
    for (std::size_t g = 0; g < limits_.size(); ++g) {
        const Group& group = blocks_.groups()[g];
        GroupLimits& limits = limits_[g];
        for (std::size_t node = 0; limits.usual && node < group.regions.size(); ++node) {
            const std::vector<double> numbers = numbers_of(g, group.state, node);
            for (std::size_t k = 0; k < numbers.size(); ++k) {
                if (numbers[k] >= limits.usual_low[k] && numbers[k] <= limits.usual_high[k]) continue;
                const std::size_t states = group.model->state.size();
                const Field& field = k < states ? group.model->state[k] : group.model->observed[k - states];
                warnings_.push_back(fmt::format("{}: {} = {:.6g} {} in region {} at t = {:.10g} ms is outside its usual range {}",
                                                group.model->info.name, field.name.view(), numbers[k], field.unit.view(),
                                                network_.label(group.regions[node]), time_at(step_), text_of(field.usual)));
                limits.usual_low[k] = -inf, limits.usual_high[k] = inf;
            }
        }
        // What has been said of every quantity need not be looked for again.
        limits.usual = std::ranges::any_of(limits.usual_low, [](double low) { return low != -inf; }) ||
                       std::ranges::any_of(limits.usual_high, [](double high) { return high != inf; });
    }
}

void Simulator::Engine::keep_as_good(const Part& part) {
    for (const Piece& piece : part.pieces) {
        const Group& group = blocks_.groups()[piece.group];
        for (std::size_t k = 0; k < group.model->state.size(); ++k)
            std::copy(group.state[k] + piece.begin, group.state[k] + piece.end, last_good_[piece.group][k] + piece.begin);
    }
}

InvalidState Simulator::Engine::complaint() const {
    for (std::size_t region = 0; region < network_.regions(); ++region) {
        const Group& group = blocks_.group_of(blocks_.slot_of(region));
        const auto g = static_cast<std::size_t>(&group - blocks_.groups().data());
        const std::size_t node = blocks_.slot_of(region) - group.first_slot;
        const auto k = first_invalid(g, node);
        if (!k) continue;
        const double now = numbers_of(g, group.state, node)[*k], before = numbers_of(g, last_good_[g], node)[*k];
        const std::size_t states = group.model->state.size();
        const Field& field = *k < states ? group.model->state[*k] : group.model->observed[*k - states];
        const double dt = settings_.integrator.dt;
        const std::string_view method = method_names[static_cast<std::size_t>(settings_.integrator.method)];
        const std::string_view known = group.model->info.if_invalid;
        const std::string advice =
            adaptive_
                ? fmt::format("{}The adaptive scheme follows the equations to rtol = {}: they themselves lead there",
                              known.empty() ? std::string() : fmt::format("{}. ", known), shortest(settings_.integrator.tolerance.rtol))
            : known.empty()
                ? fmt::format("With {} at dt = {} ms the step is probably too large: try dt = {}", method, shortest(dt), shortest(dt / 4))
                : fmt::format("{}. If that is not it, try a smaller dt than {} ms", known, shortest(dt));
        return InvalidState(fmt::format(
            "{}: {} = {:.6g} {} in region {} at t = {:.10g} ms is {}; it was {:.6g} at t = {:.10g} ms. {}", group.model->info.name,
            field.name.view(), std::isnan(now) ? std::abs(now) : now, field.unit.view(), network_.label(region), time_at(step_),
            std::isfinite(now) ? "outside " + text_of(field.valid) : "no finite number", before, time_at(last_good_step_), advice));
    }
    return InvalidState("the state became invalid");
}

void Simulator::Engine::after_block(std::int64_t first, std::int64_t done, std::int64_t last, Sink& sink, const RunWatcher& watcher) {
    try {
        step_ = done;
        const bool broken = invalid_;
        if (!broken) last_good_step_ = done;
        if (unusual_ && !broken) tell_unusual();
        if (broken) failure_ = std::make_exception_ptr(complaint());
        if (!broken && done < last && watcher.stop && watcher.stop()) stopped_by_watcher_ = true;
        stop_ = broken || stopped_by_watcher_ || done >= last;
        for (std::size_t m = 0; m < monitors_.size(); ++m)
            if (stop_ || monitors_[m].full(done, static_cast<std::int64_t>(block_steps)))
                monitors_[m].flush(m, broken ? first : done, sink);
        if (!stop_) rows_.begin_block(done);
        if (watcher.progress) watcher.progress(time_at(done));
    } catch (...) {
        failure_ = std::current_exception();
        stop_ = true;
    }
}

void Simulator::Engine::worker(std::size_t p, std::int64_t last, Sink& sink, const RunWatcher& watcher) {
    const Part& part = parts_[p];
    for (std::int64_t first = step_;; first = std::min(first + static_cast<std::int64_t>(block_steps), last)) {
        const std::int64_t end = std::min(first + static_cast<std::int64_t>(block_steps), last);
        if (!adaptive_) rows_.sum_far(part, first);
        for (std::int64_t step = first; step < end; ++step) {
            if (step > first && (step - first) % steps_alone_ == 0) barrier_->arrive_and_wait();
            advance(part, step);
        }
        if (!adaptive_) rows_.remember(part, first + 1, end);
        if (valid(part))
            keep_as_good(part);
        else
            invalid_ = true;
        look_for_unusual(part);
        barrier_->arrive_and_wait();
        if (p == 0) after_block(first, end, last, sink, watcher);
        barrier_->arrive_and_wait();
        if (stop_) return;
    }
}

void Simulator::Engine::begin_run(Sink& sink) {
    std::vector<std::string> names;
    std::vector<std::vector<RecordedVariable>> variables;
    for (const Monitor& monitor : monitors_) {
        names.push_back(monitor.name());
        variables.push_back(monitor.variables());
    }
    sink.begin(names, variables, network_.regions());
    if (monitors_started_) return;
    monitors_started_ = true;
    for (const Part& part : parts_) {
        for (Monitor& monitor : monitors_) monitor.start(part, blocks_);
        observer_->watch(part, blocks_, 0, settings_.integrator.dt);
    }
}

void Simulator::Engine::run_team(std::int64_t last, Sink& sink, const RunWatcher& watcher) {
    if (parts_.size() > 1) {
        bool complete = true;
#pragma omp parallel num_threads(static_cast<int>(parts_.size()))
        {
#pragma omp single
            complete = omp_get_num_threads() == static_cast<int>(parts_.size());
            if (complete) worker(static_cast<std::size_t>(omp_get_thread_num()), last, sink, watcher);
        }
        if (complete) return;
        // Fewer threads than asked for, as inside another parallel region: threads would wait for ever for those that are missing.
        choose_parts(1);
        reason_ = "OpenMP gave fewer threads than asked for";
    }
    worker(0, last, sink, watcher);
}

bool Simulator::Engine::run(double duration, Sink& sink, const RunWatcher& watcher) {
    if (!(duration >= 0)) throw ConfigurationError(fmt::format("duration = {} ms is below 0", shortest(duration)));
    if (invalid_) throw InvalidState("this simulation became invalid and cannot go on");
    const std::int64_t last = step_ + whole_steps("duration", duration, settings_.integrator.dt);
    begin_run(sink);
    stop_ = stopped_by_watcher_ = false;
    failure_ = nullptr;
    rows_.begin_block(step_);
    run_team(last, sink, watcher);
    if (failure_) std::rethrow_exception(failure_);
    return !stopped_by_watcher_;
}

Simulator::Simulator(Network network, SimulatorSettings settings)
    : engine_(std::make_unique<Engine>(std::move(network), std::move(settings))) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

bool Simulator::run(double duration, Sink& sink, const RunWatcher& watcher) { return engine_->run(duration, sink, watcher); }

Recording Simulator::run(double duration) {
    Recording recording;
    run(duration, recording);
    return recording;
}

double Simulator::time() const { return engine_->time_at(engine_->step_); }
std::int64_t Simulator::step() const { return engine_->step_; }

std::vector<double> Simulator::state(std::size_t region) const {
    const Group& group = engine_->blocks_.group_of(engine_->blocks_.slot_of(region));
    std::vector<double> state;
    for (std::size_t k = 0; k < group.model->state.size(); ++k)
        state.push_back(group.state[k][engine_->blocks_.slot_of(region) - group.first_slot]);
    return state;
}

double Simulator::state(std::size_t region, std::string_view variable) const {
    return state(region)[engine_->network_.region(region).model->state_index(variable)];
}

Recruitment Simulator::recruitment() const { return engine_->observer_->result(engine_->blocks_); }
const Network& Simulator::network() const { return engine_->network_; }
const SimulatorSettings& Simulator::settings() const { return engine_->settings_; }
int Simulator::threads() const { return static_cast<int>(engine_->parts_.size()); }
const std::string& Simulator::reason_for_threads() const { return engine_->reason_; }
std::int64_t Simulator::evaluations() const { return engine_->evaluations(); }
std::size_t Simulator::memory_bytes() const { return engine_->bytes(); }
const std::vector<std::string>& Simulator::warnings() const { return engine_->warnings_; }

}  // namespace kation
