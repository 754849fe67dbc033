// expect: assignment of read-only location
// expect: cannot assign to return value
#include <kation/connectome/connectivity.hpp>

// A connectome was checked when it was made: a weight that is changed afterwards would escape the checks.
kation::Connectivity stronger(const kation::Connectivity& connectome) {
#ifdef KATION_CORRECTED
    return connectome.with_weight(1, 0, 2.0);
#else
    kation::Connectivity changed = connectome;
    changed.weights()(1, 0) = 2.0;
    return changed;
#endif
}
