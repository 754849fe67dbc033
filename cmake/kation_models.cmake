# Models are found by their headers: adding one edits nothing else.
#
# A header my_model.hpp defines the struct kation::models::MyModel. Each gets a generated unit that compiles its kernels; the units and a
# generated list of their entries go into the target.

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

# A shared library of one's own models, for `kation run --plugin`:   kation_add_plugin(my_plugin my_model.hpp other_model.hpp)
function(kation_add_plugin target)
    set(headers "")
    foreach(header IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        list(APPEND headers ${header})
    endforeach()
    add_library(${target} MODULE)
    kation_model_units(${target} declarations addresses ${headers})
    configure_file(${KATION_MODEL_TEMPLATES}/model_plugin.cpp.in ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/plugin.cpp @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/kation_models/${target}/plugin.cpp)
    target_link_libraries(${target} PRIVATE kation::kation)
    kation_compile_options(${target})
    # Nothing but its list of models is seen from outside: a model of the same name in the library or another plug-in is not this one's.
    set_target_properties(${target} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
