#pragma once

#include <stdexcept>
#include <string>

namespace kation {

/// What the program tells the shell; the table is part of the interface.
enum class ExitCode : int { done = 0, configuration = 2, input_file = 3, invalid_state = 4, output = 5, interrupted = 130 };

/// Base of every mistake that is the user's to mend: one sentence with who, what value and unit, what is allowed, where.
class Error : public std::runtime_error {
  public:
    Error(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    [[nodiscard]] ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

/// The command line, a configuration or an argument is wrong.
struct ConfigurationError : Error {
    explicit ConfigurationError(const std::string& sentence) : Error(ExitCode::configuration, sentence) {}
};

/// A file that is read is missing, truncated or does not hold what it should.
struct InputError : Error {
    explicit InputError(const std::string& sentence) : Error(ExitCode::input_file, sentence) {}
};

/// The simulation left the states in which its equations mean something.
struct InvalidState : Error {
    explicit InvalidState(const std::string& sentence) : Error(ExitCode::invalid_state, sentence) {}
};

/// A result cannot be written.
struct OutputError : Error {
    explicit OutputError(const std::string& sentence) : Error(ExitCode::output, sentence) {}
};

/// The user asked to stop; what was done is kept.
struct Interrupted : Error {
    explicit Interrupted(const std::string& sentence) : Error(ExitCode::interrupted, sentence) {}
};

}  // namespace kation
