#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/files.hpp"

/// What a run of the program told the shell.
struct Outcome {
    int code;              ///< exit code; 128 + the signal if it was ended by one
    std::string out, err;  ///< standard output and standard error
};

using Arguments = std::vector<std::string>;

/// The real program, `kation`, at work.
class RunningProgram {
  public:
    /// @param launcher  a program, with its arguments, that starts kation: mpirun
    RunningProgram(const std::filesystem::path& folder, const Arguments& arguments, const Arguments& launcher = {}) {
        process_ = fork();
        if (process_ < 0) throw std::runtime_error("cannot start another process");
        if (process_ > 0) return;
        Arguments words = launcher;
        words.emplace_back(KATION_PROGRAM);
        words.insert(words.end(), arguments.begin(), arguments.end());
        become_program(folder, words);
    }
    ~RunningProgram() {
        if (process_ <= 0) return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    void send(int signal) const { kill(process_, signal); }
    [[nodiscard]] pid_t process() const { return process_; }

    Outcome wait() {
        int status = 0;
        waitpid(process_, &status, 0);
        process_ = 0;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(streams_ / "out"), read_file(streams_ / "err")};
    }

  private:
    [[noreturn]] void become_program(const std::filesystem::path& folder, Arguments arguments) const {
        std::vector<char*> words;
        for (std::string& argument : arguments) words.push_back(argument.data());
        words.push_back(nullptr);
        const auto redirect = [&](const char* name, int stream) {
            return dup2(open((streams_ / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), stream) >= 0;
        };
        if (chdir(folder.c_str()) == 0 && redirect("out", STDOUT_FILENO) && redirect("err", STDERR_FILENO))
            execvp(words.front(), words.data());
        _exit(127);
    }

    TemporaryFolder streams_;
    pid_t process_;
};

/// A small run: the six nodes for 20 ms.
inline const std::string small_run = R"([connectome]
builtin = "six_node"

[model]
name = "ion_exchange"
preset = "rest"
parameters = { K_bath = 5.5 }

[regions.D]
K_bath = 15.5

[coupling]
G = 0.5

[integrator]
dt = 0.02
duration = 20.0

[[stimulus]]
labels = ["A"]
onset = 2.0
duration = 10.0
amplitude = 5.0

[[monitor]]
kind = "raw"
variables = ["V"]

[recruitment]
min_events = 1

[output]
file = "result.h5"
picture = false
)";

/// A folder with a configuration, run.toml, in which the program runs.
class Workplace {
  public:
    explicit Workplace(const std::string& configuration = small_run) { write_file(folder_ / "run.toml", configuration); }

    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    std::filesystem::path write(const std::string& name, const std::string& text) const { return write_file(folder_ / name, text); }

    /// `kation` with these arguments.
    [[nodiscard]] Outcome kation(const Arguments& arguments) const { return RunningProgram(folder_.path(), arguments).wait(); }

    /// `kation run run.toml` with a --set for each of the settings, and further arguments.
    [[nodiscard]] Arguments run_arguments(const Arguments& settings, const Arguments& further = {}) const {
        Arguments arguments{"run", "run.toml"};
        for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
        arguments.insert(arguments.end(), further.begin(), further.end());
        return arguments;
    }
    [[nodiscard]] Outcome run(const Arguments& settings = {}, const Arguments& further = {}) const {
        return kation(run_arguments(settings, further));
    }

    /// Every file with what it holds: to see that nothing was touched.
    [[nodiscard]] std::map<std::string, std::string> contents() const {
        std::map<std::string, std::string> contents;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path()))
            contents[entry.path().string()] = entry.is_regular_file() ? read_file(entry.path()) : "";
        return contents;
    }

  private:
    TemporaryFolder folder_;
};

inline bool holds_text(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

inline std::ptrdiff_t lines_of(const std::string& text) { return std::ranges::count(text, '\n'); }

/// CHECKs that the program refused: this exit code, one sentence on standard error that holds the text, and nothing on standard output.
inline void check_refused(const Outcome& outcome, int code, const std::string& says) {
    CAPTURE(outcome.err);
    CAPTURE(says);
    CHECK(outcome.code == code);
    CHECK(holds_text(outcome.err, says));
    CHECK(outcome.err.starts_with("kation: "));
    CHECK(lines_of(outcome.err) == 1);
    CHECK(outcome.out.empty());
}

/// Something that is refused: what is set, and what the sentence says of it.
struct Refusal {
    Arguments settings;
    std::string says;
};

/// CHECKs that each is refused with this exit code, and that no file, also no earlier result, is touched.
inline void check_all_refused(const Workplace& place, int code, const std::vector<Refusal>& refusals) {
    place.write("result.h5", "an earlier result");
    const auto before = place.contents();
    for (const auto& [settings, says] : refusals) {
        std::string set;
        for (const std::string& setting : settings) set += "--set " + setting + " ";
        CAPTURE(set);
        check_refused(place.run(settings), code, says);
        CHECK(place.contents() == before);
    }
}

/// True as soon as a condition holds, false after 60 s.
template <class Condition>
bool comes_true(const Condition& condition) {
    for (int tries = 0; tries < 6000; ++tries) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}
