#pragma once

#include <armadillo>

#include <cstdint>
#include <string>
#include <vector>

namespace kation {

/// Zeros and ones, as files keep hemispheres and cortical marks. InputError that names the place for anything else.
std::vector<std::uint8_t> flags_from(const arma::mat& numbers, const std::string& place);

}  // namespace kation
