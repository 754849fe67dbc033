#pragma once

#include <kation/network/blocks.hpp>
#include <kation/simulator/input_rows.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/instruction_set.hpp>

/// The loop over nodes alone: what a model and a scheme cost.
class KernelLoop {
  public:
    static constexpr std::size_t nodes = 512;
    KernelLoop(const kation::Entry& model, kation::Method method, kation::InstructionSet set);
    KernelLoop(const KernelLoop&) = delete;
    KernelLoop& operator=(const KernelLoop&) = delete;
    void step() { kernel_(blocks_.groups().front().columns(), inputs_, 0, nodes); }

  private:
    kation::Blocks blocks_;
    kation::ColumnStore coupling_, own_, kick_, stimulus_, sent_;
    kation::AlignedNumbers event_ = kation::AlignedNumbers(nodes);
    kation::StepInputs inputs_;
    kation::Kernels::Step* kernel_;
};

/// The sums over connections alone, without a model: every node sends 0.5.
class SumsAlone {
  public:
    SumsAlone(const kation::Connectivity& connectivity, double speed, double dt);
    SumsAlone(const SumsAlone&) = delete;
    SumsAlone& operator=(const SumsAlone&) = delete;
    /// A block of steps.
    void advance();
    /// Those of nodes to themselves included.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::size_t bytes() const { return rows_.bytes(); }

  private:
    SumsAlone(const kation::Network& network, const kation::SimulatorSettings& settings);
    kation::Blocks blocks_;
    kation::Tracts tracts_;
    kation::InputRows rows_;
    kation::Part all_;
    std::int64_t first_ = 0;
};
