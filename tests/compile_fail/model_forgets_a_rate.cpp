// expect: derivative leaves a rate unset

// A derivative that says nothing of one variable.
#ifndef KATION_CORRECTED
#define SECOND_RATE
#endif
#include "model.hpp"
