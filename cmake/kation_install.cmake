# `cmake --install`: the program, the library with its headers, shared data, and a package for find_package(kation).
include(CMakePackageConfigHelpers)
set(kation_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/kation)

install(TARGETS kation EXPORT kation_targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS kation_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET kation_ranks)
    install(TARGETS kation_ranks LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
# The installed program finds the library next to it, wherever the tree is moved.
file(RELATIVE_PATH kation_lib_from_bin ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set_target_properties(kation_program PROPERTIES INSTALL_RPATH "$ORIGIN/${kation_lib_from_bin}")

# The command line is a program, no library; support/hdf5.hpp would ask the library's users for HDF5.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/plugin/kation DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp" PATTERN "cli" EXCLUDE PATTERN "report" EXCLUDE PATTERN "support/hdf5.hpp" EXCLUDE)
foreach(data connectomes examples)
    if(EXISTS ${PROJECT_SOURCE_DIR}/${data})
        install(DIRECTORY ${PROJECT_SOURCE_DIR}/${data} DESTINATION ${CMAKE_INSTALL_DATADIR}/kation)
    endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(EXPORT kation_targets NAMESPACE kation:: DESTINATION ${kation_package_dir} FILE kation-targets.cmake)
get_target_property(kation_library_type kation TYPE)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/kation-config.cmake.in ${PROJECT_BINARY_DIR}/kation-config.cmake
    INSTALL_DESTINATION ${kation_package_dir} PATH_VARS CMAKE_INSTALL_DATADIR NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/kation-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/kation-config.cmake ${PROJECT_BINARY_DIR}/kation-config-version.cmake DESTINATION ${kation_package_dir})
# What kation_add_plugin needs to build a shared library of one's own models.
file(GLOB kation_model_templates CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/model_*.cpp.in)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/kation_models.cmake ${CMAKE_CURRENT_LIST_DIR}/kation_compile_options.cmake ${kation_model_templates}
        DESTINATION ${kation_package_dir})
