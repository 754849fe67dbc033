#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace kation {

/// A waveform that enters chosen regions through their model's stimulus input, in that input's unit.
struct Stimulus {
    enum class Waveform {
        pulse,        ///< amplitude while onset <= t < onset + duration
        pulse_train,  ///< amplitude where t > onset and (t - onset) mod period < width: The Virtual Brain's
        sine,         ///< amplitude sin(2 pi frequency (t - onset) + phase) while onset <= t < onset + duration
        ramp,         ///< from 0 to amplitude between onset and onset + duration, then amplitude
        file          ///< amplitude times a series that is interpolated linearly, 0 outside of it
    };
    std::vector<std::size_t> regions;
    Waveform waveform = Waveform::pulse;
    double onset = 0.0;                 ///< [ms]
    double duration = 1e300;            ///< [ms]
    double amplitude = 1.0;             ///< in the unit of the model's stimulus input
    double period = 0.0;                ///< [ms], of a pulse train
    double width = 0.0;                 ///< [ms], of a pulse train's pulses
    double frequency = 0.0;             ///< [1/ms], of a sine
    double phase = 0.0;                 ///< [rad], of a sine
    std::vector<double> times, values;  ///< [ms], of a series; ascending

    /// Names the first thing that is wrong; empty if nothing is.
    [[nodiscard]] std::string problem() const;
};

/// A stimulus on the grid of a run. Edges that are not on the grid are moved to it.
class StimulusOnGrid {
  public:
    StimulusOnGrid(Stimulus stimulus, double dt);

    /// Edges that had to be moved, for a warning: "onset 10.03 ms -> 10.02 ms"; empty if none.
    [[nodiscard]] const std::string& moved() const { return moved_; }
    [[nodiscard]] const Stimulus& description() const { return stimulus_; }

    /// Value at the time of a step, as Euler and Heun take it.
    [[nodiscard]] double at(std::int64_t step) const;

    /// Values at the begin, the middle and the end of a step, as RK4 takes them: an edge belongs to the step before or after it,
    /// never to both.
    [[nodiscard]] std::array<double, 3> within(std::int64_t step) const;

    /// The next time after this one [ms] at which the waveform jumps or bends; infinity if there is none.
    [[nodiscard]] double next_edge(double time) const;

    /// Value at a time within or at the ends of a stretch without edges; `middle`: any time inside of it, which says what holds there.
    [[nodiscard]] double smooth_at(double time, double middle) const;

  private:
    /// Whether the waveform is on between this step and the next.
    [[nodiscard]] bool on_during(std::int64_t step) const;
    [[nodiscard]] double shape(double time) const;

    Stimulus stimulus_;
    double dt_;
    std::int64_t first_ = 0, end_ = 0, period_ = 0, width_ = 0;
    std::string moved_;
};

}  // namespace kation
