// expect: a name comes twice, or a default is outside its range

// A field that nobody can understand.
#ifndef KATION_CORRECTED
#define SECOND_MEANING ""
#endif
#include "model.hpp"
