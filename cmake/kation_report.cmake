# The page that `kation report` fills: scripts and styles of plugin/kation/report and the libraries that package.json names, in one file.
# npm fetches the libraries into the build tree. Without npm, or without a network, there is no page and the program says so.
set(KATION_REPORT_PAGE ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_DATADIR}/kation/report.html)
set(KATION_REPORT_TOOLS ${PROJECT_BINARY_DIR}/report)

find_program(KATION_NPM npm DOC "Node's package manager, for the page of kation report")
find_program(KATION_NODE NAMES node nodejs DOC "Node, for the page of kation report")
if(KATION_NPM AND KATION_NODE)
    set(report_sources ${PROJECT_SOURCE_DIR}/plugin/kation/report)
    file(GLOB report_files CONFIGURE_DEPENDS ${report_sources}/*.js ${report_sources}/panels/*.js ${report_sources}/*.css ${report_sources}/*.html ${report_sources}/*.mjs)
    set(stamp ${KATION_REPORT_TOOLS}/tried)
    add_custom_command(OUTPUT ${stamp} BYPRODUCTS ${KATION_REPORT_PAGE} VERBATIM
        DEPENDS ${report_files} ${report_sources}/package.json ${report_sources}/package-lock.json ${CMAKE_CURRENT_LIST_DIR}/make_report_page.cmake
        COMMAND ${CMAKE_COMMAND} -D NPM=${KATION_NPM} -D NODE=${KATION_NODE} -D SOURCES=${report_sources} -D TOOLS=${KATION_REPORT_TOOLS}
                -D PAGE=${KATION_REPORT_PAGE} -D STAMP=${stamp} -P ${CMAKE_CURRENT_LIST_DIR}/make_report_page.cmake
        COMMENT "Making the page of kation report")
    add_custom_target(kation_report ALL DEPENDS ${stamp})
    add_dependencies(kation_program kation_report)
    install(FILES ${KATION_REPORT_PAGE} DESTINATION ${CMAKE_INSTALL_DATADIR}/kation OPTIONAL)
else()
    message(STATUS "No npm (cmake/packages report installs it): kation report has no page to fill")
endif()
