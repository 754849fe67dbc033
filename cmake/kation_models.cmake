# Models, and measures of scans, are found by their headers: adding one edits nothing else.
#
# A header my_model.hpp defines the struct kation::models::MyModel. Each gets a generated unit that compiles its kernels; the units and a
# generated list of their entries go into the target. A header my_measure.hpp of a measure defines the function
# kation::measures::my_measure(), which gives a list of what can be measured.

set(KATION_MODEL_TEMPLATES ${CMAKE_CURRENT_LIST_DIR})

# my_model -> MyModel
function(kation_model_type header out)
    cmake_path(GET header STEM stem)
    string(REPLACE "_" ";" words ${stem})
    set(type "")
    foreach(word IN LISTS words)
        string(SUBSTRING ${word} 0 1 first)
        string(SUBSTRING ${word} 1 -1 rest)
        string(TOUPPER ${first} first)
        string(APPEND type ${first}${rest})
    endforeach()
    set(${out} ${type} PARENT_SCOPE)
endfunction()

# Generates one unit per header and adds it to the target; the entries' names come back as lists of declarations and addresses.
function(kation_model_units target out_declarations out_addresses)
    set(declarations "")
    set(addresses "")
    foreach(header IN LISTS ARGN)
        cmake_path(GET header STEM model)
        kation_model_type(${header} type)
        set(include ${header})
        set(unit ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/${model}.cpp)
        configure_file(${KATION_MODEL_TEMPLATES}/model_unit.cpp.in ${unit} @ONLY)
        target_sources(${target} PRIVATE ${unit})
        kation_hot_sources(${target} ${unit})
        string(APPEND declarations "const Entry& entry_of_${model}();\n")
        string(APPEND addresses "&entry_of_${model}(), ")
    endforeach()
    set(${out_declarations} "${declarations}" PARENT_SCOPE)
    set(${out_addresses} "${addresses}" PARENT_SCOPE)
endfunction()

# The library's own catalogue: every header of the folder.
function(kation_add_models target folder)
    file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.hpp)
    kation_model_units(${target} declarations addresses ${headers})
    configure_file(${KATION_MODEL_TEMPLATES}/model_catalogue.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/catalogue.cpp @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/catalogue.cpp)
endfunction()

# What a generated unit includes and calls to have the lists of these headers of measures.
function(kation_measure_lists out_includes out_lists)
    set(includes "")
    set(lists "")
    foreach(header IN LISTS ARGN)
        cmake_path(GET header STEM measure)
        string(APPEND includes "#include <${header}>\n")
        string(APPEND lists "measures::${measure}(), ")
    endforeach()
    set(${out_includes} "${includes}" PARENT_SCOPE)
    set(${out_lists} "${lists}" PARENT_SCOPE)
endfunction()

# The library's own measures: every header of the folder.
function(kation_add_measures target folder)
    file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.hpp)
    kation_measure_lists(measure_includes measure_lists ${headers})
    configure_file(${KATION_MODEL_TEMPLATES}/measure_list.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/measures.cpp @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/measures.cpp)
endfunction()

# Headers as absolute paths.
function(kation_absolute out)
    set(headers "")
    foreach(header IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        list(APPEND headers ${header})
    endforeach()
    set(${out} "${headers}" PARENT_SCOPE)
endfunction()

# A shared library of one's own models, and measures of scans, for `kation run --plugin` and `kation scan --plugin`:
#   kation_add_plugin(my_plugin my_model.hpp other_model.hpp MEASURES my_measure.hpp)
function(kation_add_plugin target)
    cmake_parse_arguments(PARSE_ARGV 1 own "" "" "MEASURES")
    kation_absolute(headers ${own_UNPARSED_ARGUMENTS})
    kation_absolute(measures ${own_MEASURES})
    add_library(${target} MODULE)
    kation_model_units(${target} declarations addresses ${headers})
    kation_measure_lists(measure_includes measure_lists ${measures})
    configure_file(${KATION_MODEL_TEMPLATES}/model_plugin.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/plugin.cpp @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/plugin.cpp)
    target_link_libraries(${target} PRIVATE kation::kation)
    kation_compile_options(${target})
    # Nothing but its list of models is seen from outside: a model of the same name in the library or another plug-in is not this one's.
    set_target_properties(${target} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
