// expect: a name comes twice, or a default is outside its range

// A default that its own range refuses.
#ifndef KATION_CORRECTED
#define TAU 0.0
#endif
#include "model.hpp"
