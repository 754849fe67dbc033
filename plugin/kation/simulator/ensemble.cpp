#include <kation/simulator/engine.hpp>
#include <kation/simulator/ensemble.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kation {
namespace {

/// Takes nothing: what the lanes that nobody asked for hand on.
class NoSink : public Sink {
  public:
    void begin(std::span<const std::string>, std::span<const std::vector<RecordedVariable>>, std::size_t) override {}
    void write(const Chunk&) override {}
};

bool same_delays(const Simulation& a, const Simulation& b) {
    const StepMatrix one = delays_of(a.network.connectivity(), a.settings), other = delays_of(b.network.connectivity(), b.settings);
    return arma::approx_equal(one, other, "absdiff", 0);
}

Integrator without_seed(Integrator integrator) {
    integrator.seed = 0;
    return integrator;
}
Coupling without_strength(Coupling coupling) {
    coupling.G = 1.0;
    return coupling;
}

}  // namespace

std::string Ensemble::obstacle(const Simulation& a, const Simulation& b) {
    const SimulatorSettings &s = a.settings, &t = b.settings;
    if (a.network.regions() != b.network.regions()) return "the number of regions differs";
    for (std::size_t region = 0; region < a.network.regions(); ++region)
        if (a.network.region(region).model != b.network.region(region).model)
            return fmt::format("the model of region {} differs", a.network.label(region));
    for (const Entry* model : a.network.models())
        if (a.network.options_of(*model) != b.network.options_of(*model)) return fmt::format("the options of {} differ", model->info.name);
    if (s.integrator.method == Method::adaptive) return "the adaptive scheme has steps of its own in each";
    if (without_seed(s.integrator) != without_seed(t.integrator)) return "method, dt or bounds differ";
    if (without_strength(s.coupling) != without_strength(t.coupling)) return "the coupling differs in more than its strength";
    if (s.coupling.history != Coupling::History::float64 || s.coupling.order != Coupling::Order::target)
        return "history = \"float32\" and order = \"source\" are for single networks";
    if (s.noise != t.noise) return "the noise differs";
    if (!s.noise.none() && s.integrator.seed != t.integrator.seed) return "the seed of the noise differs";
    if (s.monitors != t.monitors || s.recruitment != t.recruitment) return "monitors or what counts as recruited differ";
    if (static_cast<bool>(s.past) != static_cast<bool>(t.past)) return "only one has a past of its own";
    if (!same_delays(a, b)) return "the delays differ";
    return {};
}

Ensemble::Ensemble(std::vector<Simulation> simulations) : size_(simulations.size()) {
    if (simulations.empty() || simulations.size() > lanes)
        throw ConfigurationError(fmt::format("an ensemble has 1 to {} simulations, not {}", lanes, simulations.size()));
    for (std::size_t k = 1; k < simulations.size(); ++k)
        if (const std::string problem = obstacle(simulations.front(), simulations[k]); !problem.empty())
            throw ConfigurationError(fmt::format("simulations 0 and {} cannot go side by side: {}", k, problem));
    while (simulations.size() < lanes) simulations.push_back(simulations.front());
    engine_ = std::make_unique<Engine>(std::move(simulations));
}
Ensemble::~Ensemble() = default;
Ensemble::Ensemble(Ensemble&&) noexcept = default;
Ensemble& Ensemble::operator=(Ensemble&&) noexcept = default;

void Ensemble::run(double duration, std::span<Sink* const> sinks, const Watcher& watcher) {
    if (sinks.size() != size_)
        throw ConfigurationError(fmt::format("an ensemble of {} simulations needs as many sinks, not {}", size_, sinks.size()));
    NoSink nowhere;
    std::vector<Sink*> all(sinks.begin(), sinks.end());
    all.resize(lanes, &nowhere);
    engine_->run(duration, all,
                 {.progress = watcher.progress, .stop = [&](std::size_t k) { return k >= size_ || (watcher.stop && watcher.stop(k)); }});
}

void Ensemble::end(std::size_t k) { engine_->end(k); }
double Ensemble::time(std::size_t k) const { return time_of(step(k), engine_->member(k).settings.integrator.dt); }
std::int64_t Ensemble::step(std::size_t k) const { return engine_->step(k); }
std::vector<double> Ensemble::state(std::size_t k, std::size_t region) const { return engine_->state(k, region); }
Recruitment Ensemble::recruitment(std::size_t k) const { return engine_->recruitment(k); }
const std::optional<InvalidState>& Ensemble::failure(std::size_t k) const { return engine_->failure(k); }
bool Ensemble::ended(std::size_t k) const { return engine_->stopped(k); }

}  // namespace kation
