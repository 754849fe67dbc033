// expect: a name comes twice, or a default is outside its range

// Two variables of one name.
#ifndef KATION_CORRECTED
#define SECOND_NAME "x"
#endif
#include "model.hpp"
