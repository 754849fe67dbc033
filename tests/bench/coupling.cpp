// The delayed sums alone, without any model: what a connection costs per step.
#include <bench/parts.hpp>
#include <bench/sparse.hpp>
#include <bench/support.hpp>

#include <kation/model/catalogue.hpp>

#include <fmt/format.h>

#include <algorithm>

using namespace kation;

namespace {

SimulatorSettings settings_of(double speed, double dt) {
    SimulatorSettings settings;
    settings.speed = speed;
    settings.integrator = Integrator::heun(dt);
    return settings;
}

}  // namespace

SumsAlone::SumsAlone(const Connectivity& connectivity, double speed, double dt)
    : SumsAlone(Network(connectivity, model("ion_exchange")), settings_of(speed, dt)) {}

SumsAlone::SumsAlone(const Network& network, const SimulatorSettings& settings)
    : blocks_(network),
      tracts_(network, delays_of(network.connectivity(), settings), blocks_, settings.coupling),
      rows_(tracts_, blocks_, settings.coupling, std::array{settings.coupling.G}, settings.integrator.method, {true}),
      all_{0, blocks_.slots(), {}} {
    rows_.touch(all_);
    rows_.prime([](std::size_t, std::int64_t, double* sent) { *sent = 0.5; }, true);
    // What nodes send is not written anew at every step: that is the models' work.
    for (std::int64_t step = 0; step < 4 * static_cast<std::int64_t>(block_steps); ++step)
        std::fill_n(rows_.sent(step)[0], blocks_.slots(), 0.5);
}

std::size_t SumsAlone::connections() const {
    return tracts_.count() + static_cast<std::size_t>(std::ranges::count_if(tracts_.own(), [](double weight) { return weight != 0.0; }));
}

void SumsAlone::advance() {
    constexpr auto block = static_cast<std::int64_t>(block_steps);
    rows_.begin_block(first_);
    rows_.sum_far(all_, first_);
    for (std::int64_t step = first_; step < first_ + block; ++step) {
        rows_.add_near(all_, step);
        benchmark::DoNotOptimize(rows_.at_step(all_, step));
    }
    rows_.remember(all_, first_ + 1, first_ + block);
    first_ += block;
}

namespace {

void sums(benchmark::State& state, std::size_t regions, double speed, double dt) {
    SumsAlone sums(connectome(regions), speed, dt);
    for (auto _ : state) sums.advance();
    state.counters["ns_per_edge_step"] = ns_per(static_cast<double>(sums.connections() * block_steps));
    state.counters["ns_per_node_step"] = ns_per(static_cast<double>(regions * block_steps));
    state.counters["edges"] = static_cast<double>(sums.connections());
    state.counters["KB"] = static_cast<double>(sums.bytes()) / 1024;
}

void far_sums(benchmark::State& state, std::size_t regions, std::size_t degree, Coupling::Order order) {
    SparseSums sums(random_connections(regions, degree), order);
    for (auto _ : state) sums.advance();
    state.counters["ns_per_edge_step"] = ns_per(static_cast<double>(regions * degree * block_steps));
    state.counters["ns_per_node_step"] = ns_per(static_cast<double>(regions * block_steps));
    state.counters["edges"] = static_cast<double>(regions * degree);
}

const bool registered = [] {
    for (const std::size_t regions : {76UL, 200UL, 998UL})
        for (const auto& [speed, dt] : {std::pair{4.0, 0.1}, std::pair{4.0, 0.02}, std::pair{inf, 0.1}})
            benchmark::RegisterBenchmark(fmt::format("coupling/N:{}/speed:{}/dt:{}", regions, speed, dt).c_str(),
                                         [regions, speed = speed, dt = dt](benchmark::State& state) { sums(state, regions, speed, dt); });
    for (const auto& [regions, degree] : {std::pair{1000UL, 40UL}, std::pair{5000UL, 50UL}, std::pair{20000UL, 50UL}})
        for (const auto& [order, name] : {std::pair{Coupling::Order::target, "target"}, std::pair{Coupling::Order::source, "source"}})
            benchmark::RegisterBenchmark(
                fmt::format("coupling_sparse/N:{}/degree:{}/order:{}", regions, degree, name).c_str(),
                [regions = regions, degree = degree, order = order](benchmark::State& state) { far_sums(state, regions, degree, order); });
    return true;
}();

}  // namespace
