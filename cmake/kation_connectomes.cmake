# The connectomes that come with the program: the text files of each folder are built into the target, so that they exist once in the
# repository and are found wherever the program is installed.
set(KATION_CONNECTOME_TEMPLATE ${CMAKE_CURRENT_LIST_DIR}/builtin_connectomes.cpp.in)

function(kation_add_connectomes target folder)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*/*.txt)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(entries "")
    foreach(file IN LISTS files)
        cmake_path(GET file FILENAME name)
        cmake_path(GET file PARENT_PATH connectome)
        cmake_path(GET connectome FILENAME connectome)
        file(READ ${file} text)
        string(APPEND entries "    {\"${connectome}\", \"${name}\", R\"text(${text})text\"},\n")
    endforeach()
    set(unit ${CMAKE_CURRENT_BINARY_DIR}/kation_connectomes/builtin_connectomes.cpp)
    configure_file(${KATION_CONNECTOME_TEMPLATE} ${unit} @ONLY)
    target_sources(${target} PRIVATE ${unit})
endfunction()
