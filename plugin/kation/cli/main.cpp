#include <kation/cli/commands.hpp>
#include <kation/support/error.hpp>

#include <fmt/format.h>

#include <exception>
#include <new>

int main(int argc, char** argv) {
    CLI::App program{
        "Kation: whole-brain networks of neural masses. Load a connectome, couple neural masses through it, watch a seizure spread."};
    program.name("kation");
    program.set_version_flag("--version", "kation " KATION_VERSION);
    program.require_subcommand(1);
    program.footer(
        "Start with:  kation run examples/seizure_propagation/seizure.toml\nEvery command explains itself: kation COMMAND --help");
    add_run(program);
    add_scan(program);
    add_models(program);
    add_connectome(program);
    add_plot(program);
    try {
        program.parse(argc, argv);
        return static_cast<int>(kation::ExitCode::done);
    } catch (const CLI::ParseError& problem) {
        const int code = program.exit(problem);
        return code == 0 ? 0 : static_cast<int>(kation::ExitCode::configuration);
    } catch (const kation::Error& problem) {
        fmt::print(stderr, "kation: {}\n", problem.what());
        return static_cast<int>(problem.code());
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "kation: there is not enough memory for this\n");
        return static_cast<int>(kation::ExitCode::configuration);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "kation: an error that should not happen: {}\n", problem.what());
        return 70;
    }
}
