#pragma once

#include <kation/network/network.hpp>
#include <kation/simulator/coupling.hpp>

#include <span>
#include <vector>

namespace kation {

/// How what one model sends becomes what another one hears: by the pair's gain, and from the sender's unit into the receiver's.
class Gains {
  public:
    /// ConfigurationError for a gain that is not finite, or given twice.
    explicit Gains(const Coupling& coupling);

    struct Factor {
        double sent;  ///< of what the other node sends
        double own;   ///< of what the node itself sends, which difference coupling takes away
    };
    /// Into one region from another one. ConfigurationError with models, channel and units where there is no conversion and no gain.
    [[nodiscard]] Factor between(const Network& network, std::size_t to, std::size_t from) const;

    /// Gains that name a model which no region has, one sentence each.
    [[nodiscard]] std::vector<std::string> unused(const Network& network) const;

  private:
    [[nodiscard]] const Gain* find(const Entry& from, const Entry& to) const;

    std::vector<Gain> gains_;
    bool difference_;
};

}  // namespace kation
