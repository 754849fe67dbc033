#pragma once

#include <kation/connectome/connectivity.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace kation {

/// Connectomes that were read already: the trials of a scan share a file, and reading a large one takes longer than a short trial. Any
/// thread may ask.
class ConnectomeShelf {
  public:
    /// The connectome of this name; it is read if it is not there.
    Connectivity get(const std::string& name, const std::function<Connectivity()>& read);

  private:
    static constexpr std::size_t most = 4;  ///< a scan over files shall not fill the memory
    std::mutex mutex_;
    std::map<std::string, Connectivity> kept_;
};

}  // namespace kation
