#pragma once

#include <kation/monitors/recording.hpp>
#include <kation/monitors/recruitment.hpp>
#include <kation/simulator/settings.hpp>
#include <kation/support/error.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kation {

class Engine;

/// Up to `lanes` simulations that differ in numbers alone, side by side in the lanes of vectors: each gives what it gives alone, bit for
/// bit, and all together take little longer than one of a small network. What may differ: parameters, start states, weights, the coupling's
/// strength, stimuli, and the seed where there is no noise.
class Ensemble {
  public:
    /// What keeps two simulations from going side by side, as the end of a sentence; empty if nothing does.
    [[nodiscard]] static std::string obstacle(const Simulation& a, const Simulation& b);

    /// Checks everything. ConfigurationError says what is wrong. @param simulations  1 to `lanes`
    explicit Ensemble(std::vector<Simulation> simulations);
    ~Ensemble();
    Ensemble(Ensemble&&) noexcept;
    Ensemble& operator=(Ensemble&&) noexcept;

    [[nodiscard]] std::size_t size() const { return size_; }

    /// Called once per block of steps; either may be empty.
    struct Watcher {
        std::function<void(double simulated_ms)> progress;
        std::function<bool(std::size_t k)> stop;  ///< true: this simulation ends after the block, the others go on
    };
    /// Advances all that have not ended by `duration` [ms], each with a sink of its own. One whose state becomes invalid ends, the others
    /// go on: see `failure`.
    void run(double duration, std::span<Sink* const> sinks, const Watcher& watcher = {});

    /// Ends a simulation: the next run goes on without it.
    void end(std::size_t k);

    [[nodiscard]] double time(std::size_t k) const;  ///< [ms] that a simulation has reached
    [[nodiscard]] std::int64_t step(std::size_t k) const;
    [[nodiscard]] std::vector<double> state(std::size_t k, std::size_t region) const;  ///< meaningless once it has ended
    [[nodiscard]] Recruitment recruitment(std::size_t k) const;
    /// Why a simulation left its valid states, as it says alone; nothing if it did not.
    [[nodiscard]] const std::optional<InvalidState>& failure(std::size_t k) const;
    [[nodiscard]] bool ended(std::size_t k) const;

  private:
    std::size_t size_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace kation
