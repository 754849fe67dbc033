# Fetches the libraries of the report with npm, unless they are there, and makes its page. Failing is no error of the build.
#
#   cmake -D NPM= -D NODE= -D SOURCES= -D TOOLS= -D PAGE= -D STAMP= -P make_report_page.cmake
cmake_minimum_required(VERSION 3.25)
file(REMOVE ${PAGE})
set(fetched ${TOOLS}/node_modules/fetched)
file(SHA256 ${SOURCES}/package-lock.json wanted)
set(there "")
if(EXISTS ${fetched})
    file(READ ${fetched} there)
endif()
set(result 0)
if(NOT there STREQUAL wanted)
    file(COPY ${SOURCES}/package.json ${SOURCES}/package-lock.json ${SOURCES}/.npmrc DESTINATION ${TOOLS})
    execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000
                    WORKING_DIRECTORY ${TOOLS} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(result EQUAL 0)
        file(WRITE ${fetched} ${wanted})
    endif()
endif()
if(result EQUAL 0)
    execute_process(COMMAND ${NODE} ${SOURCES}/make_page.mjs ${TOOLS}/node_modules ${PAGE}
                    WORKING_DIRECTORY ${TOOLS} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
endif()
if(result EQUAL 0)
    file(TOUCH ${STAMP})
else()
    # No stamp: the next build tries again.
    message("kation: the page of `kation report` could not be made; all else is built.\n${output}")
endif()
