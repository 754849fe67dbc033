#pragma once

#include <cstdint>
#include <string>

namespace kation {

/// One thread, or as many as there are: whichever takes less time, tried while a run goes on and again from time to time, since on a
/// machine that does other work threads wait for each other. Results do not depend on it.
class ThreadChoice {
  public:
    /// @param threads  how many there are.  @param fixed  nothing is to be tried
    ThreadChoice(std::size_t threads, bool fixed, std::string reason);

    /// How many to go on with, and for how long [s] before `took` is to be told; infinity where nothing is tried.
    [[nodiscard]] std::size_t threads() const { return one_ ? 1 : most_; }
    [[nodiscard]] double stretch() const;
    /// What the stretch that is over took.
    void took(double seconds, std::int64_t steps);
    /// From now on one thread, for this reason.
    void only_one(std::string reason);

    [[nodiscard]] const std::string& reason() const { return reason_; }

  private:
    enum class Stage { trying_all, trying_one, keeping };
    std::size_t most_;
    bool fixed_, one_ = false;
    std::string reason_;
    Stage stage_ = Stage::trying_all;
    double with_all_ = 0, with_one_ = 0;  ///< [s] per step, as tried last
};

}  // namespace kation
