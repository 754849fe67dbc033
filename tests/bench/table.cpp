#include <bench/machine.hpp>
#include <bench/parts.hpp>
#include <bench/plain.hpp>
#include <bench/sparse.hpp>
#include <bench/stopwatch.hpp>
#include <bench/support.hpp>
#include <bench/table.hpp>

#include <kation/connectome/builtin.hpp>
#include <kation/model/catalogue.hpp>
#include <kation/scan/campaign.hpp>
#include <kation/scan/schedule.hpp>
#include <kation/simulator/ensemble.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

using namespace kation;

namespace {

// ---- rows ----

void print_section(std::string_view title) {
    fmt::print("\n{:<70}{:>10}  {:<14}{:>9}  {:<7}{:>10}\n", title, "Kation", "", "ratio to", "", "promised");
}

/// What is promised, in words, and whether it is kept.
struct Promise {
    std::string words;
    bool kept;
};
Promise at_most(double promised, double value) { return {fmt::format("<= {}", promised), value <= promised}; }
Promise at_least(double promised, double value) { return {fmt::format(">= {} x", promised), value >= promised}; }

void print_row(const std::string& what, double value, std::string_view unit, std::optional<double> ratio = {},
               std::string_view against = {}, const std::optional<Promise>& promise = {}) {
    fmt::print("{:<70}{:>10.3g}  {:<14}{:>9}  {:<7}{:>10}  {}\n", what, value, unit, ratio ? fmt::format("{:.2f}", *ratio) : "", against,
               promise ? promise->words : "", promise ? (promise->kept ? "kept" : "NOT KEPT") : "");
    std::fflush(stdout);
}

// ---- networks ----

constexpr double G = 0.001, speed = 4.0;  // [mm/ms]
constexpr std::int64_t steps_per_call = 320;

SimulatorSettings settings_for(Method method, double dt, double at_speed = speed, int threads = 1) {
    SimulatorSettings settings;
    settings.coupling = Coupling::linear(G);
    settings.speed = at_speed;
    settings.integrator = Integrator::of(method, dt);
    settings.threads = threads;
    return settings;
}

/// A simulation and what it takes to advance it.
class Running {
  public:
    Running(Network network, const SimulatorSettings& settings) : simulator_(std::move(network), settings) {}
    Work work(std::int64_t steps = steps_per_call) {
        return [this, steps] { simulator_.run(static_cast<double>(steps) * simulator_.settings().integrator.dt, sink_); };
    }
    Simulator& simulator() { return simulator_; }

  private:
    Simulator simulator_;
    NoSink sink_;
};

/// The same for an ensemble of copies of one simulation.
class RunningSideBySide {
  public:
    RunningSideBySide(const Simulation& simulation, std::size_t count)
        : dt_(simulation.settings.integrator.dt), ensemble_(std::vector<Simulation>(count, simulation)), sinks_(count, &sink_) {}
    Work work() {
        return [this] { ensemble_.run(static_cast<double>(steps_per_call) * dt_, sinks_); };
    }

  private:
    double dt_;
    Ensemble ensemble_;
    NoSink sink_;
    std::vector<Sink*> sinks_;
};

plain::Scheme plain_scheme(Method method) {
    return method == Method::euler ? plain::Scheme::euler : method == Method::heun ? plain::Scheme::heun : plain::Scheme::rk4;
}

// ---- both compute the same ----

double difference(double a, double b) { return std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-6}); }
double difference(const std::vector<double>& x, const plain::IonExchange::State& y) {
    return std::max({difference(x[0], y.r), difference(x[1], y.V), difference(x[2], y.n), difference(x[3], y.DKi), difference(x[4], y.Kg)});
}
double difference(const std::vector<double>& x, const plain::MontbrioPazoRoxin::State& y) {
    return std::max(difference(x[0], y.r), difference(x[1], y.v));
}

/// Largest relative difference between the states of the two implementations after 1000 steps from a start that is no rest.
template <class Model>
double largest_difference(const Network& network, Method method, double at_speed) {
    constexpr double strength = 0.1, dt = 0.01;
    SimulatorSettings settings = settings_for(method, dt, at_speed);
    settings.coupling = Coupling::linear(strength);
    Simulator ours(network, settings);
    plain::Simulation<Model> theirs(network, strength, at_speed, dt, plain_scheme(method));
    NoSink sink;
    ours.run(1000 * dt, sink);
    theirs.run(1000);
    double largest = 0;
    for (std::size_t region = 0; region < network.regions(); ++region)
        largest = std::max(largest, difference(ours.state(region), theirs.state(region)));
    return largest;
}

void print_agreement() {
    Network ions(connectome(76), model("ion_exchange"), "rest"), neurons(connectome(76), model("montbrio_pazo_roxin"));
    for (std::size_t region = 0; region < 76; ++region) {
        const double spread = static_cast<double>(region) / 76;
        ions.set_parameter(region, "K_bath", 5.5 + 2 * spread);
        ions.set_initial(region, "V", -72.0 + 4 * spread);
        neurons.set_initial(region, "v", -2.0 + spread);
    }
    // In the first steps, where the constant past bends what arrives with delay, Kation's RK4 interpolates with more care.
    double largest = 0, with_bends = 0;
    for (const Method method : {Method::euler, Method::heun, Method::rk4})
        for (const double at_speed : {speed, inf}) {
            double& found = method == Method::rk4 && at_speed < inf ? with_bends : largest;
            found = std::max({found, largest_difference<plain::IonExchange>(ions, method, at_speed),
                              largest_difference<plain::MontbrioPazoRoxin>(neurons, method, at_speed)});
        }
    fmt::print("{:<18}computes the same: states after 1000 steps differ by {:.1g} (relative) at most, with RK4 and delays by {:.1g}{}\n",
               "", largest, with_bends,
               largest < 1e-9 && with_bends < 1e-6 ? "" : "\nTHEY DO NOT: the ratios below compare different things");
}

// ---- sections ----

void print_kernels() {
    print_section("Loop over 512 nodes alone, no network");
    const auto time = [](std::string_view name, Method method) {
        KernelLoop loop(model(name), method, instruction_set());
        return median_time([&] { loop.step(); }) / KernelLoop::nodes * 1e9;
    };
    const std::pair<const char*, double> promised[] = {{"ion_exchange", 10},         {"adex", 16},      {"adex_second_order", 60},
                                                       {"montbrio_pazo_roxin", 0.5}, {"izhikevich", 6}, {"shot_noise_qif", 6}};
    for (const auto& [name, limit] : promised) {
        const double euler = time(name, Method::euler);
        print_row(fmt::format("{}, Euler", name), euler, "ns/node-step", {}, {}, at_most(limit, euler));
        if (std::string_view(name) != "montbrio_pazo_roxin") continue;
        // Most of it is memory. The right-hand side alone is what its second evaluation adds.
        const double right_hand_side = std::max(0.0, time(name, Method::heun) - euler);
        print_row(fmt::format("{}, Heun less Euler: a right-hand side alone", name), right_hand_side, "ns/node-step", {}, {},
                  at_most(limit, right_hand_side));
    }
}

std::vector<std::vector<plain::Connection>> connections_of(const Connectivity& connectivity, double dt) {
    const StepMatrix delays = connectivity.delays(speed, dt);
    std::vector<std::vector<plain::Connection>> all(connectivity.regions());
    for (std::size_t to = 0; to < all.size(); ++to)
        for (std::size_t from = 0; from < all.size(); ++from)
            if (connectivity.weight(to, from) != 0.0)
                all[to].push_back(
                    {static_cast<std::uint32_t>(from), static_cast<std::int32_t>(delays(to, from)), connectivity.weight(to, from)});
    return all;
}

void print_sums_of(const std::string& what, const Connectivity& connectivity, std::optional<double> promised) {
    constexpr double dt = 0.1;
    SumsAlone ours(connectivity, speed, dt);
    plain::Sums theirs(connections_of(connectivity, dt));
    const double edges = static_cast<double>(ours.connections()) * block_steps;
    const Pair time = in_turns([&] { ours.advance(); },
                               [&] {
                                   for (std::size_t step = 0; step < block_steps; ++step) theirs.advance();
                               });
    const double ns = time.ours / edges * 1e9;
    print_row(what, ns, "ns/edge-step", time.ratio, "plain", promised ? std::optional(at_most(*promised, ns)) : std::nullopt);
}

void print_sums() {
    print_section("Delayed sums alone, speed 4, dt 0.1");
    print_sums_of("76 regions", connectome(76), 0.18);
    print_sums_of("200 regions, synthetic", connectome(200), {});
    print_sums_of("998 regions", connectome(998), {});
    print_sums_of("1000 regions, 40 connections each", random_connectome(1000, 40), 0.28);
    const auto connections = random_connections(20000, 50);
    for (const auto& [order, words] : {std::pair{Coupling::Order::target, ""}, std::pair{Coupling::Order::source, ", order = source"}}) {
        SparseSums ours(connections, order);
        plain::Sums theirs(connections);
        const Pair time = in_turns([&] { ours.advance(); },
                                   [&] {
                                       for (std::size_t step = 0; step < block_steps; ++step) theirs.advance();
                                   });
        const double ns = time.ours / (20000.0 * 50 * block_steps) * 1e9;
        print_row(fmt::format("20000 regions, 50 connections each (made without matrices){}", words), ns, "ns/edge-step", time.ratio,
                  "plain", at_most(1.2, ns));
    }
}

void print_products() {
    print_section("Product without delays, all pairs connected");
    for (const std::size_t regions : {76UL, 200UL, 998UL}) {
        ConnectomeParts parts;
        arma::arma_rng::set_seed(1);
        parts.weights.randu(regions, regions);
        const arma::mat weights = parts.weights;
        const arma::vec sent(regions, arma::fill::value(0.5));
        arma::vec heard(regions);
        SumsAlone ours(Connectivity(std::move(parts)), inf, 0.1);
        const Pair time = in_turns([&] { ours.advance(); },
                                   [&] {
                                       for (std::size_t step = 0; step < block_steps; ++step) {
                                           heard = weights * sent;
                                           benchmark::DoNotOptimize(heard.memptr());
                                       }
                                   });
        print_row(fmt::format("{} regions", regions), time.ours / static_cast<double>(regions * regions * block_steps) * 1e9,
                  "ns/edge-step", time.ratio, "BLAS");
    }
}

/// A whole simulation beside the plain one. @param side_by_side  simulations in the lanes of an ensemble, each beside a plain one
/// @param promised_ns, promised_ratio  0: nothing
template <class Model>
void print_whole(const std::string& what, Network network, Method method, double dt, double at_speed, double promised_ns,
                 double promised_ratio, std::size_t side_by_side = 1) {
    const double node_steps = static_cast<double>(network.regions() * steps_per_call);
    plain::Simulation<Model> theirs(network, G, at_speed, dt, plain_scheme(method));
    const SimulatorSettings settings = settings_for(method, dt, at_speed);
    const Work plain_work = [&] { theirs.run(steps_per_call); };
    Pair time{};
    if (side_by_side > 1) {
        RunningSideBySide ours({network, settings}, side_by_side);
        time = in_turns(ours.work(), plain_work);
        time.ours /= static_cast<double>(side_by_side);
        time.ratio *= static_cast<double>(side_by_side);
    } else {
        Running ours(std::move(network), settings);
        time = in_turns(ours.work(), plain_work);
    }
    const double ns = time.ours / node_steps * 1e9;
    std::optional<Promise> promise;
    if (promised_ns > 0) promise = at_most(promised_ns, ns);
    if (promised_ratio > 0) promise = at_least(promised_ratio, time.ratio);
    print_row(what, ns, "ns/node-step", time.ratio, "plain", promise);
}

void print_whole_steps() {
    print_section("Whole steps of a network at rest, one thread");
    const auto ions = [](std::size_t regions) { return Network(connectome(regions), model("ion_exchange"), "rest"); };
    const auto neurons = [](std::size_t regions) { return Network(connectome(regions), model("montbrio_pazo_roxin")); };
    using plain::IonExchange, plain::MontbrioPazoRoxin;
    print_whole<IonExchange>("ion_exchange, Euler, 6 regions, speed 4, dt 0.1", ions(6), Method::euler, 0.1, speed, 0, 4);
    print_whole<IonExchange>("   8 of them side by side", ions(6), Method::euler, 0.1, speed, 0, 6, 8);
    print_whole<IonExchange>("ion_exchange, Euler, 76 regions, speed 4, dt 0.1", ions(76), Method::euler, 0.1, speed, 0, 5);
    print_whole<IonExchange>("   8 of them side by side", ions(76), Method::euler, 0.1, speed, 0, 0, 8);
    print_whole<IonExchange>("ion_exchange, Euler, 200 regions, speed 4, dt 0.1", ions(200), Method::euler, 0.1, speed, 0, 0);
    print_whole<IonExchange>("ion_exchange, Euler, 998 regions, speed 4, dt 0.1", ions(998), Method::euler, 0.1, speed, 0, 10);
    print_whole<IonExchange>("ion_exchange, Euler, 76 regions, no delays", ions(76), Method::euler, 0.1, inf, 0, 0);
    print_whole<IonExchange>("ion_exchange, Heun, 76 regions, speed 4, dt 0.1", ions(76), Method::heun, 0.1, speed, 40, 0);
    print_whole<IonExchange>("ion_exchange, RK4, 76 regions, speed 4, dt 0.1", ions(76), Method::rk4, 0.1, speed, 60, 0);
    print_whole<IonExchange>("ion_exchange, RK4, 6 regions, no delays, dt 0.05", ions(6), Method::rk4, 0.05, inf, 0, 0);
    print_whole<IonExchange>("   8 of them side by side", ions(6), Method::rk4, 0.05, inf, 0, 0, 8);
    print_whole<MontbrioPazoRoxin>("montbrio_pazo_roxin, Heun, 76 regions, speed 4, dt 0.1", neurons(76), Method::heun, 0.1, speed, 12, 0);
    print_whole<MontbrioPazoRoxin>("montbrio_pazo_roxin, Heun, 998 regions, speed 4, dt 0.1", neurons(998), Method::heun, 0.1, speed, 0, 0);
    Running adex(Network(connectome(76), model("adex")), settings_for(Method::heun, 0.1));
    const double ns = median_time(adex.work()) / static_cast<double>(76 * steps_per_call) * 1e9;
    print_row("adex, Heun, 76 regions, speed 4, dt 0.1", ns, "ns/node-step", {}, {}, at_most(45, ns));
}

void print_large(std::size_t regions) {
    print_whole<plain::IonExchange>(fmt::format("ion_exchange, Euler, {} regions with 50 connections each", regions),
                                    Network(random_connectome(regions, 50), model("ion_exchange"), "rest"), Method::euler, 0.1, speed, 0,
                                    0);
}

void print_threads() {
    print_section("Two threads: wall time");
    for (const auto& [regions, promised] : {std::pair{76UL, 1.7}, std::pair{998UL, 1.8}}) {
        const Network network(connectome(regions), model("ion_exchange"), "rest");
        Running one(network, settings_for(Method::euler, 0.1, speed, 1)), two(network, settings_for(Method::euler, 0.1, speed, 2));
        const double node_steps = static_cast<double>(regions * steps_per_call);
        const Pair time = in_turns(two.work(), one.work(), Clock::wall);
        print_row(fmt::format("ion_exchange, Euler, {} regions, speed 4, dt 0.1", regions), time.ours / node_steps * 1e9, "ns/node-step",
                  time.ratio, "one", at_least(promised, time.ratio));
    }
    for (const std::size_t regions : {6UL, 76UL, 998UL}) {
        Running chosen(Network(connectome(regions), model("ion_exchange"), "rest"), settings_for(Method::euler, 0.1, speed, 0));
        print_row(fmt::format("chosen for {} regions: {}", regions, chosen.simulator().reason_for_threads()), chosen.simulator().threads(),
                  "threads");
    }
}

// Six regions, D in the high potassium of the seizure, which fires from the beginning; from G = 30 on the others join.
constexpr const char* scan = R"([connectome]
builtin = "six_node"
speed = {}
[model]
name = "ion_exchange"
preset = "rest"
[regions.D]
K_bath = 15.5
[integrator]
method = "rk4"
dt = 0.05
duration = 2000
[recruitment]
control = false
[scan]
keys = {{ "coupling.G" = {{ from = 0, to = 30, steps = 16 }} }}
measures = ["recruited"]
)";

void print_scan() {
    print_section("Scan of six regions: 16 trials of 2 s, RK4, dt 0.05, one core");
    const Catalogue catalogue;
    for (const auto& [words, at_speed] : {std::pair{"\"inf\"", inf}, std::pair{"4", speed}}) {
        const Document document = Document::from_text(fmt::format(fmt::runtime(scan), words), "bench.toml");
        const Campaign campaign(document, read_scan(document), catalogue);
        const auto trials = static_cast<double>(campaign.plan().trials());
        Network network(builtin_connectome("six_node"), model("ion_exchange"), "rest");
        network.set_parameter({"D"}, "K_bath", 15.5);
        std::size_t done = 0;
        const Pair time = in_turns(
            [&] {
                run_alone(
                    campaign, {1, 1}, std::vector<bool>(campaign.plan().trials(), false), 1, [] { return false; },
                    [&](const TrialRow& row) { done += row.status == "ok" ? 1 : 0; });
            },
            [&, at_speed = at_speed] {
                for (int trial = 0; trial < 16; ++trial)
                    plain::Simulation<plain::IonExchange>(network, 2.0 * trial, at_speed, 0.05, plain::Scheme::rk4).run(40000);
            });
        if (done % campaign.plan().trials() != 0) fmt::print("trials failed: the next line says nothing\n");
        print_row(fmt::format("{}", at_speed == inf ? "no delays" : "delays of 5 ms"), trials / time.ours, "trials/s", time.ratio, "plain",
                  at_least(5, time.ratio));
    }
}

void print_surroundings() {
    print_section("Around the steps, 76 regions, Heun, dt 0.1, speed 4");
    const Network neurons(connectome(76), model("montbrio_pazo_roxin")), ions(connectome(76), model("ion_exchange"), "rest");
    const double node_steps = 76.0 * steps_per_call;
    SimulatorSettings noisy = settings_for(Method::heun, 0.1);
    noisy.noise.variables = {{.variable = "v", .D = 1e-6, .tau = {}}};
    Running quiet(neurons, settings_for(Method::heun, 0.1)), stirred(neurons, noisy);
    const Pair noise = in_turns(stirred.work(), quiet.work());
    print_row("montbrio_pazo_roxin with white noise on v", noise.ours / node_steps * 1e9, "ns/node-step", noise.ratio, "quiet");
    print_row("   the noise alone", (noise.ours - noise.theirs) / node_steps * 1e9, "ns/node-step");
    SimulatorSettings recorded = settings_for(Method::heun, 0.1);
    recorded.monitors = {MonitorSettings::raw()};
    Running silent(ions, settings_for(Method::heun, 0.1)), watched(ions, recorded);
    const Pair record = in_turns(watched.work(), silent.work());
    print_row("ion_exchange, all variables of every step handed on", record.ours / node_steps * 1e9, "ns/node-step", record.ratio, "none");
    for (const std::size_t regions : {6UL, 76UL, 998UL}) {
        const Network network(connectome(regions), model("ion_exchange"), "rest");
        const double start = median_time([&] { const Simulator built(network, settings_for(Method::heun, 0.1)); });
        print_row(fmt::format("building a simulation of {} regions", regions), start * 1e3, "ms");
    }
    // Beside the program in the build folder, or where both are installed.
    const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const std::filesystem::path& program : {here / ".." / ".." / "kation", here / ".." / ".." / "bin" / "kation"}) {
        if (!std::filesystem::is_regular_file(program)) continue;
        const std::string command = fmt::format("'{}' --version > /dev/null", program.string());
        int code = 0;
        const double start = median_time([&] { code |= std::system(command.c_str()); }, Clock::wall);
        if (code == 0) print_row("a process that says its version, from begin to end (wall time)", start * 1e3, "ms");
    }
}

double peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;  // [MB]
}

// Comes first: afterwards the process holds memory that others have left behind.
void print_memory() {
    print_section("Memory, 76 regions, Heun, dt 0.1, speed 4");
    Running running(Network(connectome(76), model("ion_exchange"), "rest"), settings_for(Method::heun, 0.1));
    running.work(100)();
    const double before = peak_memory();
    running.work(100000)();
    print_row("history and coupling of a simulation", static_cast<double>(running.simulator().memory_bytes()) / 1024, "KB");
    print_row("growth of the process while 10 s are simulated", (peak_memory() - before) * 1024, "KB");
    print_row("peak of the process with libraries and connectomes", peak_memory(), "MB");
}

/// What Linux can still give [MB].
double available_memory() {
    std::ifstream facts("/proc/meminfo");
    for (std::string name, unit; facts >> name;) {
        double kilobytes = 0;
        facts >> kilobytes;
        std::getline(facts, unit);
        if (name == "MemAvailable:") return kilobytes / 1024;
    }
    return 0;
}

}  // namespace

// The connectome's matrices, and the delays while a simulation is built, take 8 bytes each for every pair of regions, connected or not.
void print_largest() {
    constexpr std::size_t regions = 20000;
    constexpr double needed = 11000;  // [MB]
    if (available_memory() < needed) {
        fmt::print("{} regions as a whole are left out: their matrices need {} MB of free memory\n", regions, needed);
        return;
    }
    print_section("Whole steps of a large network");
    print_large(regions);
    print_row("peak of the process", peak_memory(), "MB");
}

void print_table() {
    print_agreement();
    fmt::print("\nMedians of CPU time; ratio: how many times as long the other side takes, measured in turns.\n");
    print_memory();
    print_kernels();
    print_whole_steps();
    print_large(5000);
    print_row("   peak of the process", peak_memory(), "MB");
    print_sums();
    print_products();
    print_scan();
    print_surroundings();
    print_threads();
}
