#pragma once

#include <chrono>
#include <string>

/// One line about how far a long job is: rewritten in place on a terminal, a line every 10 % elsewhere, nothing when quiet or for
/// work of less than a second.
class Progress {
  public:
    /// @param unit  of the work, for the speed: "simulated ms", "trials"
    Progress(double total, std::string unit, bool quiet);
    ~Progress();
    /// @param note  what else is worth knowing, at the end of the line
    void show(double done, const std::string& note = {});

  private:
    void clear();

    double total_;
    std::string unit_;
    bool quiet_, terminal_;
    std::chrono::steady_clock::time_point start_, last_;
    int tenths_ = 0;
    bool shown_ = false;
};

/// Ends a long job cleanly on Ctrl-C (SIGINT) and SIGTERM: the job asks `interrupted` now and then.
void listen_for_interrupts();
bool interrupted();
