#pragma once

#include <kation/simulator/settings.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kation {

/// What a run tells while it goes on. Both functions may be empty and are called by one thread at a time, once per block of steps.
struct RunWatcher {
    std::function<void(double simulated_ms)> progress;
    std::function<bool()> stop;  ///< true: the run ends after this block
};

class Engine;

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
    std::unique_ptr<Engine> engine_;
};

}  // namespace kation
