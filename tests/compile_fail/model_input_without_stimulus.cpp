// expect: Input has one field for each output channel and then the stimulus

// An input that cannot be stimulated.
#ifndef KATION_CORRECTED
#define STIMULUS
#endif
#include "model.hpp"
