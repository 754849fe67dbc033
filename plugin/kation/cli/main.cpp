#include <kation/cli/commands.hpp>
#include <kation/support/error.hpp>
#include <kation/support/text.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <vector>

namespace {

/// The command, or the command of a command, that was asked for.
const CLI::App& chosen(const CLI::App& app) {
    const auto commands = app.get_subcommands();
    return commands.empty() ? app : chosen(*commands.front());
}

/// "kation connectome info"
std::string full_name(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : fmt::format("{} {}", full_name(*app.get_parent()), app.get_name());
}

std::string command_known_as(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
    return fmt::format("there is no command '{}'{}", word, kation::suggestion(word, known));
}

std::string option_known_as(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    return fmt::format("there is no option '{}'{}", word, kation::suggestion(word, known));
}

/// What is wrong with the command line, in one sentence.
std::string complaint(const CLI::App& program, const CLI::ParseError& problem) {
    const CLI::App& command = chosen(program);
    std::string sentence = problem.what();
    if (const auto left = program.remaining(true); !left.empty()) {
        const std::string& word = left.front();
        if (word.starts_with('-'))
            sentence = option_known_as(command, word.substr(0, word.find('=')));
        else
            sentence = command.get_subcommands({}).empty() ? fmt::format("'{}' was not expected", word) : command_known_as(command, word);
    }
    return fmt::format("{}; see {} --help", sentence, full_name(command));
}

}  // namespace

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
    add_merge(program);
    add_threshold(program);
    add_models(program);
    add_connectome(program);
    add_plot(program);
    add_report(program);
    add_bench(program);
    try {
        program.parse(argc, argv);
        return static_cast<int>(kation::ExitCode::done);
    } catch (const CLI::ParseError& problem) {
        if (problem.get_exit_code() == 0) return program.exit(problem);  // --help and --version
        fmt::print(stderr, "kation: {}\n", complaint(program, problem));
        return static_cast<int>(kation::ExitCode::configuration);
    } catch (const kation::Error& problem) {
        fmt::print(stderr, "kation: {}\n", problem.what());
        // HDF5 crashes while the program ends if it could not close a file before: nothing is left to do, so that it is not asked to.
        if (problem.code() == kation::ExitCode::output && std::fflush(nullptr) == 0) std::_Exit(static_cast<int>(problem.code()));
        return static_cast<int>(problem.code());
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "kation: there is not enough memory for this\n");
        return static_cast<int>(kation::ExitCode::configuration);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "kation: an error that should not happen: {}\n", problem.what());
        return 70;
    }
}
