// A model in a shared library, compiled on its own, is the same model.
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>
#include <support/all_models.hpp>
#include <support/networks.hpp>

#include <doctest/doctest.h>
#include <boost/dll/import.hpp>
#include <boost/dll/shared_library.hpp>

using namespace kation;

TEST_CASE("every model gives the same bits in a shared library as in the program") {
    const boost::dll::shared_library library(KATION_EVERY_MODEL);
    const auto entries = library.get<const Plugin>("kation_plugin").entries();
    REQUIRE(entries.size() == all_models().size());
    const Connectivity brain = random_connectome({.regions = 9, .self_connections = true});
    for (const Entry* shared : entries)
        for (const PresetValues& preset : shared->presets)
            for (const Method method : {Method::euler, Method::heun, Method::rk4}) {
                const Entry& own = model(shared->info.name);
                CAPTURE(std::string(own.info.name));
                CAPTURE(std::string(preset.name));
                CHECK(shared != &own);
                CHECK((shared->kernels.step[0].of[0] != own.kernels.step[0].of[0]));  // code of its own, not the program's
                const auto states = [&](const Entry& entry) {
                    Network network(brain, entry, preset.name);
                    scatter_starts(network, 0.02);
                    SimulatorSettings settings;
                    settings.integrator =
                        Integrator::of(method, std::min(0.25 * entry.info.largest_dt[static_cast<std::size_t>(method)], 0.02));
                    settings.coupling = Coupling::linear(0.01);
                    settings.speed = 4.0;
                    return final_states(network, settings, 100.0 * settings.integrator.dt);
                };
                CHECK(states(*shared) == states(own));
            }
}
