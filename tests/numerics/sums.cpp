// The sum over a target's connections is one canonical chain of fused operations, falling delay and then source, however it is cut: into
// blocks, long blocks, near and far connections, parts, lanes.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/input_rows.hpp>
#include <kation/simulator/settings.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace kation;

namespace {

/// What a node sends at a step: any numbers, of both signs and many sizes.
double sent_by(std::size_t node, std::int64_t step) {
    const double phase = 0.37 * static_cast<double>(node) + 0.113 * static_cast<double>(step);
    return std::sin(phase) * std::exp(3.0 * std::sin(2.7 * phase));
}

struct Summed {
    Connectivity brain;
    StepMatrix delays;
    double remembered(double sent, Coupling::History history) const {
        return history == Coupling::History::float32 ? static_cast<double>(static_cast<float>(sent)) : sent;
    }
    /// As it is written down: G (sum + own).
    [[nodiscard]] double at(std::size_t to, std::int64_t step, double scale, const Coupling& coupling, std::size_t first_node) const {
        std::vector<std::pair<std::int64_t, std::size_t>> order;
        for (std::size_t from = 0; from < brain.regions(); ++from)
            if (brain.weight(to, from) != 0.0 && !(from == to && delays(to, from) == 0)) order.emplace_back(-delays(to, from), from);
        std::ranges::sort(order);
        double sum = 0;
        for (const auto& [less_delay, from] : order) {
            const double sent = sent_by(first_node + from, step + less_delay);
            sum = std::fma(scale * brain.weight(to, from), less_delay == 0 ? sent : remembered(sent, coupling.history), sum);
        }
        const double own = delays(to, to) == 0 ? scale * brain.weight(to, to) : 0.0;
        return coupling.G * std::fma(own, sent_by(first_node + to, step), sum);
    }
};

/// Runs the sums with blocks of these lengths, over and over, and compares each with how it is written down.
void sums_are_canonical(const Summed& summed, const Coupling& coupling, std::size_t members, std::size_t parts,
                        const std::vector<std::int64_t>& lengths) {
    const auto scale_of = [](std::size_t member) { return 1.0 + 0.25 * static_cast<double>(member); };
    std::vector<Network> networks;
    std::vector<Coupling> couplings;
    for (std::size_t m = 0; m < members; ++m) {
        arma::mat weights(summed.brain.regions(), summed.brain.regions());
        for (std::size_t to = 0; to < weights.n_rows; ++to)
            for (std::size_t from = 0; from < weights.n_cols; ++from) weights(to, from) = scale_of(m) * summed.brain.weight(to, from);
        networks.emplace_back(connectome(weights), model("ion_exchange"));
        couplings.push_back(coupling);
        couplings.back().G *= 1.0 + static_cast<double>(m);
    }
    std::vector<const Network*> pointers;
    std::vector<Tracts::Member> coupled;
    std::vector<double> strengths;
    for (std::size_t m = 0; m < members; ++m) {
        pointers.push_back(&networks[m]);
        coupled.push_back({&networks[m], &couplings[m]});
        strengths.push_back(couplings[m].G);
    }
    const Blocks blocks(pointers);
    const Tracts tracts(coupled, summed.delays, blocks);
    InputRows rows(tracts, blocks, coupling, strengths, Method::heun, {true});
    const auto cut = partition(blocks, std::vector<double>(blocks.slots(), 1.0), parts);
    for (const Part& part : cut) rows.touch(part);
    const auto of_slot = [&](std::size_t slot, std::int64_t step) {
        const std::size_t node = blocks.node_in(slot);
        return node == Blocks::none ? 0.0 : sent_by(node, step);
    };
    rows.prime([&](std::size_t slot, std::int64_t step, double* sent) { *sent = of_slot(slot, step); }, false);
    std::size_t different = 0;
    std::int64_t step = 0;
    for (std::size_t block = 0; step < 400; ++block) {
        const std::int64_t length = lengths[block % lengths.size()];
        rows.begin_block(step);
        for (const Part& part : cut) rows.sum_far(part, step);
        for (const std::int64_t last = step + length; step < last; ++step) {
            for (const Part& part : cut) rows.add_near(part, step);
            for (const Part& part : cut) {
                const ConstColumns input = rows.at_step(part, step);
                for (std::size_t slot = part.begin; slot < part.end; ++slot) {
                    const std::size_t node = blocks.node_in(slot);
                    if (node == Blocks::none) continue;
                    const std::size_t m = blocks.member_of(node);
                    const double expected =
                        summed.at(blocks.region_of(node), step, scale_of(m), couplings[m], node - blocks.region_of(node));
                    different += input[0][slot] != expected ? 1 : 0;
                }
            }
            for (std::size_t slot = 0; slot < blocks.slots(); ++slot) rows.sent(step + 1)[0][slot] = of_slot(slot, step + 1);
        }
        for (const Part& part : cut) rows.remember(part, step - length + 1, step);
    }
    CHECK(different == 0);
}

}  // namespace

TEST_CASE(
    "[sums] every sum is the canonical chain, to the last bit: delays on all sides of the blocks, blocks of all lengths, parts, lanes") {
    const Connectivity brain = random_connectome({.regions = 21, .density = 0.5, .longest = 60, .self_connections = true});
    // Delays in steps up to 6, 60 and 600: near, far, long, and no delay at all.
    for (const double speed : {10.0, 1.0, 0.1, inf}) {
        CAPTURE(speed);
        SimulatorSettings settings;
        settings.speed = speed;
        settings.integrator.dt = 1.0;
        const Summed summed{brain, delays_of(brain, settings)};
        for (const auto& lengths : std::vector<std::vector<std::int64_t>>{{16}, {1}, {16, 3, 16, 16, 7}, {5, 11}}) {
            CAPTURE(lengths.size());
            for (const std::size_t parts : {1UL, 2UL})
                for (const std::size_t members : {1UL, lanes}) {
                    CAPTURE(parts);
                    CAPTURE(members);
                    sums_are_canonical(summed, Coupling::linear(0.7), members, parts, lengths);
                }
            sums_are_canonical(summed, Coupling{.G = 0.7, .history = Coupling::History::float32}, 1, 1, lengths);
        }
    }
}
