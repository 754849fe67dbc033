#include <kation/simulator/settings.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>
#include <kation/support/units.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kation {
namespace {

void check_tolerance(const Integrator& integrator) {
    constexpr double least = StepTolerance::least, most = StepTolerance::most;
    for (const auto& [name, value] : {std::pair("rtol", integrator.tolerance.rtol), std::pair("atol", integrator.tolerance.atol)})
        if (!(value >= least && value <= most))
            throw ConfigurationError(
                fmt::format("integrator: {} = {} is outside [{}, {}]", name, shortest(value), shortest(least), shortest(most)));
    if (integrator.bounds == Bounds::clip)
        throw ConfigurationError(
            "integrator: adaptive does not clip, as a clipped state bends within a step that counts on smoothness; use bounds = \"error\", "
            "or method = \"rk4\"");
}

}  // namespace

void check(const SimulatorSettings& s, const Network& network) {
    if (!(s.integrator.dt > 0) || !std::isfinite(s.integrator.dt))
        throw ConfigurationError(fmt::format("integrator: dt = {} ms is not above 0", shortest(s.integrator.dt)));
    if (s.delay) {
        if (!(*s.delay >= 0) || !std::isfinite(*s.delay))
            throw ConfigurationError(fmt::format("delay = {} ms is below 0", shortest(*s.delay)));
    } else if (!(s.speed > 0)) {
        throw ConfigurationError(fmt::format("speed = {} mm/ms is not above 0 (\"inf\" for no delays)", shortest(s.speed)));
    }
    if (!std::isfinite(s.coupling.G))
        throw ConfigurationError(fmt::format("coupling: G = {} is not a finite number", shortest(s.coupling.G)));
    if (s.coupling.kind == Coupling::Kind::sigmoidal && !(s.coupling.sigma != 0 && std::isfinite(s.coupling.sigma)))
        throw ConfigurationError(fmt::format("coupling: sigma = {} must be a number other than 0", shortest(s.coupling.sigma)));
    if (!s.noise.none() && (s.integrator.method == Method::rk4 || s.integrator.method == Method::adaptive))
        throw ConfigurationError(fmt::format("integrator: {} takes no noise; use method = \"heun\" or \"euler\"",
                                             method_names[static_cast<std::size_t>(s.integrator.method)]));
    if (s.integrator.method == Method::adaptive) {
        check_tolerance(s.integrator);
        if (s.coupling.history != Coupling::History::float64 || s.coupling.order != Coupling::Order::target)
            throw ConfigurationError(
                "coupling: history = \"float32\" and order = \"source\" are for fixed steps; adaptive keeps polynomials");
    }
    if (!s.integrator.limits.empty() && s.integrator.bounds != Bounds::clip)
        throw ConfigurationError("integrator: limits are for bounds = \"clip\"; with \"error\" the models' valid ranges count");
    for (const Limit& limit : s.integrator.limits) {
        std::vector<std::string> known;
        for (const Entry* model : network.models())
            for (const std::string& name : names_of(model->state)) known.push_back(name);
        if (std::ranges::find(known, limit.variable) == known.end())
            throw ConfigurationError(fmt::format("integrator.limits: no model of this network has a state variable '{}'{}", limit.variable,
                                                 suggestion(limit.variable, known)));
        if (!(limit.low <= limit.high))
            throw ConfigurationError(
                fmt::format("integrator.limits: {} = [{}, {}] is empty", limit.variable, shortest(limit.low), shortest(limit.high)));
    }
    for (std::size_t k = 0; k < s.stimuli.size(); ++k) {
        const std::string problem = s.stimuli[k].problem();
        if (!problem.empty()) throw ConfigurationError(fmt::format("stimulus[{}]: {}", k, problem));
        for (const std::size_t region : s.stimuli[k].regions) {
            if (region >= network.regions()) throw ConfigurationError(fmt::format("stimulus[{}]: there is no region number {}", k, region));
            if (std::ranges::count(s.stimuli[k].regions, region) > 1)
                throw ConfigurationError(fmt::format("stimulus[{}] names region {} twice", k, network.label(region)));
        }
    }
}

StepMatrix delays_of(const Connectivity& connectivity, const SimulatorSettings& settings) {
    const std::size_t regions = connectivity.regions();
    if (!settings.delay) return connectivity.delays(settings.speed, settings.integrator.dt);
    StepMatrix delays(regions, regions);
    delays.fill(nearest_step(*settings.delay, settings.integrator.dt));
    delays.diag().zeros();
    return delays;
}

}  // namespace kation
