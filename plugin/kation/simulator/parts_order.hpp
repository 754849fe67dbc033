#pragma once

#include <kation/connectome/connectivity.hpp>

#include <vector>

namespace kation {

/// An order of regions that can be cut into contiguous parts of equal size, one for each thread, with long delays between them: the longer
/// the shortest one, the less often threads wait for each other. Regions with short connections are put together, shortest first, as far as
/// they fit into one part.
/// @param delays  [steps], axes (to, from).  @returns nothing for one part: any order is as good
std::vector<std::size_t> order_for_parts(const Connectivity& connectivity, const StepMatrix& delays, std::size_t parts);

}  // namespace kation
