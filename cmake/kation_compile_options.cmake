# What every target of the project is compiled with.
#
# Reproducible numbers: no fast-math and no contraction (fused operations are written out), so that g++ and clang and every
# instruction set give the same bits. No -march: kernels are compiled for several instruction sets and chosen at run time.
function(kation_compile_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                                             -fno-math-errno -fno-trapping-math -ffp-contract=off)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        target_compile_options(${target} PRIVATE -mprefer-vector-width=512)
    endif()
    # g++ 12 reports these falsely, inside std::string and Armadillo (its bugs 105329, 105562, 105651).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow -Wno-maybe-uninitialized)
    endif()
    if(KATION_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(KATION_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${KATION_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
        if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
            target_compile_options(${target} PRIVATE -Wno-pass-failed)  # checks inside loops keep them from being vectorised
        endif()
        target_compile_definitions(${target} PRIVATE KATION_PLAIN_LOOPS)
        target_link_options(${target} PRIVATE -fsanitize=${KATION_SANITIZE})
    endif()
endfunction()

# Loops over nodes and connections are worth the compiler's whole effort; everything else builds twice as fast with -O2.
function(kation_hot_sources target)
    set(options -O3)
    # They are chains of dependent operations side by side. g++ has to be asked to take them in turns, which saves a third of the time.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        list(APPEND options -fschedule-insns -fsched-pressure)
    endif()
    set_property(SOURCE ${ARGN} TARGET_DIRECTORY ${target} APPEND PROPERTY COMPILE_OPTIONS "$<$<CONFIG:Release>:${options}>")
endfunction()
