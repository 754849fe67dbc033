#pragma once

#include <kation/monitors/monitor.hpp>
#include <kation/monitors/recording.hpp>
#include <kation/monitors/recruitment.hpp>
#include <kation/network/network.hpp>
#include <kation/simulator/coupling.hpp>
#include <kation/simulator/integrator.hpp>
#include <kation/simulator/noise.hpp>
#include <kation/simulator/stimulus.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kation {

/// State of a region at a time t <= 0 [ms], in the order of its model's table. Without one the past is the state at t = 0, constant.
using Past = std::function<std::vector<double>(std::size_t region, double time)>;

/// Everything about a simulation but its network and its length.
struct SimulatorSettings {
    Coupling coupling{};
    double speed = 3.0;             ///< conduction speed [mm/ms]; infinity: no delays. The default is The Virtual Brain's
    std::optional<double> delay{};  ///< [ms]: instead of the speed, the same delay for every connection between different regions
    Integrator integrator{};
    Noise noise{};
    std::vector<Stimulus> stimuli{};
    std::vector<MonitorSettings> monitors{};
    RecruitmentSettings recruitment{};
    Past past{};
    int threads = 0;  ///< 0: as many as pay, at most as OpenMP offers
};

/// What a run tells while it goes on. Both functions may be empty and are called by one thread, once per block of steps.
struct RunWatcher {
    std::function<void(double simulated_ms)> progress;
    std::function<bool()> stop;  ///< true: the run ends after this block
};

/// Delays in steps, axes (to, from), as a simulation with these settings uses them.
StepMatrix delays_of(const Connectivity& connectivity, const SimulatorSettings& settings);

/// A network in time.
class Simulator {
  public:
    /// Checks everything. ConfigurationError says what is wrong.
    Simulator(Network network, SimulatorSettings settings);
    ~Simulator();
    Simulator(Simulator&&) noexcept;
    Simulator& operator=(Simulator&&) noexcept;

    /// Advances by `duration` [ms], a whole number of steps, and hands what monitors keep to the sink. Called again it goes on where it
    /// stopped, with the same numbers as one longer run. InvalidState if the state leaves its valid ranges; what was recorded before is
    /// in the sink. @returns false if the watcher stopped it.
    bool run(double duration, Sink& sink, const RunWatcher& watcher = {});

    /// The same, kept in memory.
    Recording run(double duration);

    [[nodiscard]] double time() const;                                  ///< [ms]
    [[nodiscard]] std::int64_t step() const;                            ///< number of steps done
    [[nodiscard]] std::vector<double> state(std::size_t region) const;  ///< in the order of the region's model's table
    [[nodiscard]] double state(std::size_t region, std::string_view variable) const;
    [[nodiscard]] Recruitment recruitment() const;
    [[nodiscard]] const Network& network() const;
    [[nodiscard]] const SimulatorSettings& settings() const;
    [[nodiscard]] int threads() const;
    [[nodiscard]] const std::string& reason_for_threads() const;
    /// Right-hand sides that were evaluated, of all regions: what a scheme's work is measured by. The adaptive scheme may be ahead of the
    /// time by a step.
    [[nodiscard]] std::int64_t evaluations() const;
    [[nodiscard]] std::size_t memory_bytes() const;  ///< of the history and the columns: grows with the longest delay, not with time
    /// What the user should know: moved edges, a large dt, advice of the models, and what left its usual range in a run. One sentence each.
    [[nodiscard]] const std::vector<std::string>& warnings() const;

  private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace kation
