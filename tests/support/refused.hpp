#pragma once

#include <doctest/doctest.h>

/// CHECK that an expression throws an error of this kind, with a message that contains the text.
#define CHECK_REFUSED(Kind, text, ...) CHECK_THROWS_WITH_AS(static_cast<void>(__VA_ARGS__), doctest::Contains(text), Kind)
