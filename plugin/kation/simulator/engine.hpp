#pragma once

#include <kation/monitors/monitor.hpp>
#include <kation/monitors/recruitment.hpp>
#include <kation/simulator/adaptive.hpp>
#include <kation/simulator/barrier.hpp>
#include <kation/simulator/input_rows.hpp>
#include <kation/simulator/noise.hpp>
#include <kation/simulator/settings.hpp>
#include <kation/simulator/thread_choice.hpp>
#include <kation/simulator/validity.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// The time loop: one network, or an ensemble of `lanes` that differ in numbers alone and go side by side, its members.
class Engine {
  public:
    /// Checks everything. ConfigurationError says what is wrong. @param members  one, or `lanes` that fit together
    explicit Engine(std::vector<Simulation> members);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Both may be empty; called by one thread at a time, once per block of steps.
    struct Watcher {
        std::function<void(double simulated_ms)> progress;
        std::function<bool(std::size_t member)> stop;  ///< true: the member ends after this block, the others go on
    };
    /// Advances all members that have neither failed nor been stopped by `duration` [ms]. What a monitor keeps goes to the member's sink.
    void run(double duration, std::span<Sink* const> sinks, const Watcher& watcher);

    [[nodiscard]] const Simulation& member(std::size_t m) const { return members_[m]; }
    /// Number of steps that a member has done.
    [[nodiscard]] std::int64_t step(std::size_t m) const { return ends_[m].step.value_or(step_); }
    [[nodiscard]] std::vector<double> state(std::size_t m, std::size_t region) const;
    [[nodiscard]] Recruitment recruitment(std::size_t m) const;
    /// Why a member left its valid states; nothing if it did not.
    [[nodiscard]] const std::optional<InvalidState>& failure(std::size_t m) const { return ends_[m].failure; }
    /// Ends a member between two runs, if it has not ended.
    void end(std::size_t m);
    /// A member that ended just now, but did not fail, goes on in the next run.
    void resume(std::size_t m);
    [[nodiscard]] bool stopped(std::size_t m) const { return ends_[m].step.has_value(); }

    [[nodiscard]] int threads() const { return static_cast<int>(choice_->threads()); }
    [[nodiscard]] const std::string& reason_for_threads() const { return choice_->reason(); }
    [[nodiscard]] std::int64_t evaluations() const;
    [[nodiscard]] std::size_t bytes() const { return rows_ ? rows_->bytes() : 0; }
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    /// What became of a member that does not go on; its lane does, and nobody looks.
    struct End {
        std::optional<std::int64_t> step;  ///< at which it ended
        std::optional<InvalidState> failure;
        std::optional<Recruitment> recruitment;
    };

    /// Threads and how they share out the nodes.
    struct Team {
        std::vector<Part> parts;   ///< one for each thread
        std::int64_t steps_alone;  ///< that a thread can do without what the others do at the same time
        std::unique_ptr<Barrier> barrier;
    };

    [[nodiscard]] const SimulatorSettings& common() const { return members_.front().settings; }
    [[nodiscard]] double time_at(std::int64_t step) const;
    [[nodiscard]] const RegionModel& model_of(std::size_t node) const;

    void collect_warnings();
    void add_stimuli();
    void add_monitors();
    void prime();
    [[nodiscard]] double cost_of_step(std::size_t slot) const;
    [[nodiscard]] Team team_of(std::size_t threads) const;
    void choose_teams();

    void begin_run(std::span<Sink* const> sinks);
    void run_team(Team& team, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher);
    void worker(const Team& team, std::size_t p, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher);
    void advance(const Team& team, const Part& part, std::int64_t step);
    void advance_in_registers(const Part& part, std::int64_t step);
    void advance_in_stages(const Team& team, const Part& part, std::int64_t step);
    void fill_stimulus(const Part& part, std::int64_t step);

    void after_block(std::int64_t first, std::int64_t done, std::int64_t last, std::span<Sink* const> sinks, const Watcher& watcher);
    /// Hands over what the monitors have kept. @param until  of each member, steps whose states count
    void flush(std::span<Sink* const> sinks, const std::vector<std::int64_t>& until);
    void flush(std::span<Sink* const> sinks);
    void end_invalid(std::int64_t first, std::span<Sink* const> sinks);
    void follow_another(std::size_t m);
    [[nodiscard]] bool all_ended() const;

    std::vector<Simulation> members_;
    Blocks blocks_;
    Tracts tracts_;
    std::unique_ptr<Adaptive> adaptive_;  ///< if the method is adaptive; else:
    std::unique_ptr<InputRows> rows_;
    std::optional<NoiseSource> noise_;
    std::vector<StimulusOnGrid> stimuli_;                     ///< of all members
    std::vector<std::vector<std::size_t>> stimulated_slots_;  ///< of each stimulus, ascending
    std::vector<Monitor> monitors_;
    std::unique_ptr<RecruitmentObserver> observer_;
    Validity validity_;
    ColumnStore stimulus_rows_;
    std::vector<ColumnStore> sum_, point_;  ///< [group], of RK4 in stages
    std::array<ColumnStore, 2> stage_sent_;
    AlignedNumbers zeros_;
    std::vector<std::string> warnings_;
    std::vector<Team> teams_;  ///< of one thread, and of more
    std::unique_ptr<ThreadChoice> choice_;
    bool monitors_started_ = false;
    bool bounded_ = false, stimulated_ = false;
    std::int64_t step_ = 0;
    std::vector<End> ends_;  ///< of each member

    // Shared by the threads of one run.
    std::chrono::steady_clock::time_point until_;  ///< when the team is to pause
    bool pause_ = false, over_ = false;            ///< for a while; for this run
    std::exception_ptr failure_;
};

}  // namespace kation
