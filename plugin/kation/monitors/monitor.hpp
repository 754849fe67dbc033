#pragma once

#include <kation/monitors/recording.hpp>
#include <kation/network/blocks.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kation {

/// A monitor during a run: samples the nodes of each part after each step, and hands full buffers to a sink.
class Monitor {
  public:
    /// ConfigurationError if a variable is unknown to all models, or the period is no whole number of steps.
    Monitor(const MonitorSettings& settings, const Blocks& blocks, double dt);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::vector<RecordedVariable>& variables() const { return variables_; }

    /// The state at t = 0, before the first step.
    void start(const Part& part, const Blocks& blocks) { sample(part, blocks, 0); }

    /// The state after `step` steps. Every part is sampled by its own thread; `step` counts from 1.
    void sample(const Part& part, const Blocks& blocks, std::int64_t step);

    /// True if a block of so many steps from `step` on might not fit into the buffer.
    [[nodiscard]] bool full(std::int64_t step, std::int64_t steps) const;

    /// Who gets the rows of a member.
    struct Recipient {
        Sink* sink;          ///< null: nobody
        std::int64_t until;  ///< rows up to the state after so many steps
    };
    /// Hands rows up to the state after `step` steps to the recipients, one for each member, and forgets them. Called by one thread while
    /// no other samples.
    void flush(std::size_t place, std::int64_t step, std::span<const Recipient> recipients);

  private:
    /// Where a recorded variable comes from in one group: a state variable, a derived quantity, or nowhere.
    struct Origin {
        enum class Kind { state, observed, missing } kind = Kind::missing;
        std::size_t index = 0;
    };

    [[nodiscard]] std::int64_t row_after(std::int64_t step) const;
    [[nodiscard]] ConstColumns derived(const Group& group, const Piece& piece, std::size_t g);
    void add_to_sums(const Part& part, const Blocks& blocks);
    void write_row(const Part& part, const Blocks& blocks, std::int64_t row);
    [[nodiscard]] const double* column(const Group& group, std::size_t g, std::size_t variable, ConstColumns observed) const;

    MonitorSettings::Kind kind_;
    std::string name_;
    double dt_;
    std::int64_t period_;  ///< [steps]
    std::vector<RecordedVariable> variables_;
    std::vector<std::vector<Origin>> origins_;  ///< [group][variable]
    std::vector<bool> needs_observed_;          ///< [group]
    std::vector<ColumnStore> observed_;         ///< [group]: derived quantities of the present state
    std::vector<ColumnStore> sums_;             ///< [group][variable][node], of the present window
    std::size_t nodes_;
    std::int64_t first_row_ = 0;               ///< the buffer's first row
    std::int64_t rows_;                        ///< that the buffer can hold
    std::vector<std::vector<double>> buffer_;  ///< [variable], nodes fastest
};

}  // namespace kation
