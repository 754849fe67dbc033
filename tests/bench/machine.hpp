#pragma once

#include <string>

/// What the numbers were measured with, one fact a line: processor, caches, load, compiler, flags, instruction set, BLAS, connectomes.
std::string description_of_machine();
