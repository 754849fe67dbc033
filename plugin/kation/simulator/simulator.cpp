#include <kation/simulator/engine.hpp>
#include <kation/simulator/simulator.hpp>
#include <kation/support/error.hpp>
#include <kation/support/units.hpp>

namespace kation {

Simulator::Simulator(Network network, SimulatorSettings settings) {
    std::vector<Simulation> members;
    members.push_back({std::move(network), std::move(settings)});
    engine_ = std::make_unique<Engine>(std::move(members));
}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

bool Simulator::run(double duration, Sink& sink, const RunWatcher& watcher) {
    if (engine_->failure(0)) throw InvalidState("this simulation became invalid and cannot go on");
    engine_->resume(0);
    Sink* const sinks[] = {&sink};
    Engine::Watcher each{watcher.progress, {}};
    if (watcher.stop) each.stop = [&](std::size_t) { return watcher.stop(); };
    engine_->run(duration, sinks, each);
    if (engine_->failure(0)) throw InvalidState(*engine_->failure(0));
    return !engine_->stopped(0);
}

Recording Simulator::run(double duration) {
    Recording recording;
    run(duration, recording);
    return recording;
}

double Simulator::time() const { return time_of(step(), settings().integrator.dt); }
std::int64_t Simulator::step() const { return engine_->step(0); }
std::vector<double> Simulator::state(std::size_t region) const { return engine_->state(0, region); }
double Simulator::state(std::size_t region, std::string_view variable) const {
    return state(region)[network().region(region).model->state_index(variable)];
}
Recruitment Simulator::recruitment() const { return engine_->recruitment(0); }
const Network& Simulator::network() const { return engine_->member(0).network; }
const SimulatorSettings& Simulator::settings() const { return engine_->member(0).settings; }
int Simulator::threads() const { return engine_->threads(); }
const std::string& Simulator::reason_for_threads() const { return engine_->reason_for_threads(); }
std::int64_t Simulator::evaluations() const { return engine_->evaluations(); }
std::size_t Simulator::memory_bytes() const { return engine_->bytes(); }
const std::vector<std::string>& Simulator::warnings() const { return engine_->warnings(); }

}  // namespace kation
