#include <kation/io/run.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>
#include <omp.h>

#include <atomic>
#include <exception>
#include <thread>

namespace kation {
namespace {

/// Keeps nothing: of the control, only recruitment counts.
class Nowhere : public Sink {
  public:
    void begin(std::span<const std::string>, std::span<const std::vector<RecordedVariable>>, std::size_t) override {}
    void write(const Chunk&) override {}
};

SimulatorSettings for_control(const RunConfiguration& configuration) {
    SimulatorSettings settings = configuration.control_settings();
    settings.monitors.clear();
    settings.threads = 1;
    return settings;
}

}  // namespace

RunResult run_with_control(const RunConfiguration& configuration, Simulator& simulator, Sink& sink, const RunWatcher& watcher) {
    std::optional<Simulator> control;
    if (configuration.control) control.emplace(*configuration.control, for_control(configuration));
    const bool side_by_side = control && configuration.settings.threads != 1 && omp_get_max_threads() > 1;
    // One after the other, each is half of the work.
    const double share = control && !side_by_side ? 0.5 : 1.0;
    const auto tell = [&](double done) {
        if (watcher.progress) watcher.progress(share * done);
    };
    std::atomic<bool> abort{false};
    std::exception_ptr control_failure;
    bool control_whole = true;
    const auto run_control = [&] {
        try {
            Nowhere nowhere;
            control_whole = control->run(configuration.duration, nowhere,
                                         {.progress =
                                              [&](double done) {
                                                  if (!side_by_side) tell(configuration.duration + done);
                                              },
                                          .stop = [&] { return abort || (watcher.stop && watcher.stop()); }});
        } catch (...) {
            control_failure = std::current_exception();
        }
    };

    bool whole = false;
    std::thread beside;
    if (side_by_side) beside = std::thread(run_control);
    try {
        whole = simulator.run(configuration.duration, sink, {.progress = tell, .stop = watcher.stop});
    } catch (...) {
        abort = true;
        if (beside.joinable()) beside.join();
        throw;
    }
    if (!whole) abort = true;
    if (beside.joinable())
        beside.join();
    else if (control && whole)
        run_control();
    if (control_failure) {
        try {
            std::rethrow_exception(control_failure);
        } catch (const InvalidState& problem) {
            throw InvalidState(fmt::format("in the control run, {}", problem.what()));
        }
    }
    whole = whole && control_whole;
    RunResult result{whole,
                     simulator.step(),
                     simulator.evaluations(),
                     simulator.time(),
                     simulator.threads(),
                     simulator.reason_for_threads(),
                     simulator.recruitment(),
                     std::nullopt};
    if (control && whole) result.control = control->recruitment();
    return result;
}

}  // namespace kation
