#include <kation/connectome/builtin.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/simulator/simulator.hpp>

#include <fmt/format.h>

int main() {
    using namespace kation;
    const Connectivity brain = builtin_connectome("synthetic_76").without_self_connections().normalised(Normalisation::row);
    Network network(brain, model("ion_exchange"), "rest");
    network.set_parameter("K_bath", 6.2);
    network.set_parameter({"rT03", "rT04", "rP06"}, "K_bath", 15.5);

    Simulator simulator(network, {.coupling = Coupling::linear(11.0),
                                  .speed = 4.0,
                                  .integrator = Integrator::rk4(0.02),
                                  .monitors = {MonitorSettings::average(1.0, {"V", "K_ext"})}});
    const Recording recording = simulator.run(500.0);  // ms
    fmt::print("{} samples, V of rT03 ends at {:.2f} mV\n", recording.series().time.size(),
               recording.series()["V"].tail_rows(1)(brain.index_of("rT03")));
    fmt::print("{} events in rT03\n", simulator.recruitment().events[brain.index_of("rT03")]);
}
