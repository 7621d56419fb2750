# Writes the man pages and completions that PROGRAM prints, of COMMANDS, to OUTPUT.
cmake_minimum_required(VERSION 3.25)

function(print file)
    execute_process(
        COMMAND ${PROGRAM} help ${ARGN}
        OUTPUT_FILE ${OUTPUT}/${file}
        COMMAND_ERROR_IS_FATAL ANY
    )
endfunction()

# The build has to know the files before there is an executable to ask.
execute_process(COMMAND ${PROGRAM} --help OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "^.*\nCommands[^\n]*\n" "\n" listed "${listed}")
string(REGEX REPLACE "\n\n.*$" "" listed "${listed}")
string(REGEX MATCHALL "\n  [a-z]+" listed "${listed}")
list(TRANSFORM listed STRIP)
list(SORT listed)
set(expected serve ${COMMANDS})
list(SORT expected)
if(NOT listed STREQUAL expected)
    message(FATAL_ERROR "app/anteroom/CMakeLists.txt has the commands ${expected}, and --help has ${listed}")
endif()

file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/man1)
print(man1/anteroom.1 --man)
# `anteroom serve` is `anteroom`.
file(WRITE ${OUTPUT}/man1/anteroom-serve.1 ".so man1/anteroom.1\n")
foreach(command IN LISTS COMMANDS)
    print(man1/anteroom-${command}.1 --man ${command})
endforeach()
print(anteroom.bash --completion bash)
print(_anteroom --completion zsh)
print(anteroom.fish --completion fish)
