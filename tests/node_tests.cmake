# What the tests that run in Node have in common.

# Finds the programs that a folder of tests needs: NAME name pairs, a variable and what to look for. Sets `out` to the
# first that was not found, or to nothing.
function(anteroom_find_programs out)
    set(missing "")
    foreach(program IN LISTS ARGN)
        string(REPLACE "=" ";" pair ${program})
        list(POP_FRONT pair variable)
        find_program(${variable} NAMES ${pair} PATHS /usr/sbin /usr/local/sbin DOC "For the tests that run in Node")
        if(NOT ${variable} AND NOT missing)
            set(missing ${variable})
        endif()
    endforeach()
    set(${out} "${missing}" PARENT_SCOPE)
endfunction()

# A test, and the fixture `name`_packages, that puts the folder's tests and their packages into `run`.
function(anteroom_install_packages name run)
    add_test(
        NAME ${name}.install
        COMMAND ${CMAKE_COMMAND} -D SOURCE=${CMAKE_CURRENT_SOURCE_DIR} -D RUN=${run} -D NPM=${ANTEROOM_NPM}
                -P ${PROJECT_SOURCE_DIR}/tests/install_packages.cmake
    )
    set_tests_properties(${name}.install PROPERTIES FIXTURES_SETUP ${name}_packages LABELS ${name} TIMEOUT 300)
endfunction()
