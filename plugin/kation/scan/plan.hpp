#pragma once

#include <kation/io/document.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace kation {

/// One key of a configuration and the values it takes.
struct SweptKey {
    std::string key;                  ///< dotted, as for --set
    std::vector<std::string> values;  ///< TOML values
};

/// Which trials a scan consists of: every combination of the swept keys' values, the last key changing fastest. A trial's number is its
/// place in this order.
class Plan {
  public:
    explicit Plan(std::vector<SweptKey> keys);

    [[nodiscard]] const std::vector<SweptKey>& keys() const { return keys_; }
    [[nodiscard]] std::size_t trials() const;
    /// The value of each key in a trial.
    [[nodiscard]] std::vector<std::string> values(std::size_t trial) const;
    /// The configuration of a trial.
    [[nodiscard]] Document document(const Document& base, std::size_t trial) const;

  private:
    std::vector<SweptKey> keys_;
};

/// The table [scan] of a configuration.
struct ScanSettings {
    Plan plan;
    std::vector<std::string> measures;
    double from, to;  ///< [ms] the window over which series are measured
};

/// ConfigurationError with the place for everything that is not understood.
ScanSettings read_scan(const Document& document);

}  // namespace kation
