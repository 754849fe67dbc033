# The C++ program that the README prints is the example that is built and run.
#
#   cmake -D SOURCE_DIR=PROJECT -P check_readme.cmake
file(READ ${SOURCE_DIR}/README.md readme)
file(READ ${SOURCE_DIR}/examples/seizure_propagation/seizure.cpp program)
string(FIND "${readme}" "```cpp\n${program}```" place)
if(place EQUAL -1)
    message(FATAL_ERROR "The program in README.md differs from examples/seizure_propagation/seizure.cpp")
endif()
