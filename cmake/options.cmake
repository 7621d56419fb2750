# anteroom::options: how everything of this project is compiled. Link it PRIVATE; from a target that is installed,
# as $<BUILD_INTERFACE:anteroom::options>. What a header needs to be understood is in anteroom::external instead.
add_library(anteroom_options INTERFACE)
add_library(anteroom::options ALIAS anteroom_options)
target_compile_features(anteroom_options INTERFACE cxx_std_20)
target_compile_options(
    anteroom_options
    INTERFACE
        -Wall
        -Wextra
        -Wpedantic
        -Wshadow
        -Wold-style-cast
        -Woverloaded-virtual
        $<$<BOOL:${ANTEROOM_WERROR}>:-Werror>
        # Without times in it, what clang precompiles is the same each time, and ccache keeps it.
        "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>"
)
if(ANTEROOM_FUZZ)
    target_compile_options(anteroom_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(ANTEROOM_SANITIZE)
    target_compile_options(
        anteroom_options INTERFACE -fsanitize=${ANTEROOM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    )
    if(ANTEROOM_SANITIZE MATCHES undefined)
        # Its check needs a pipe, and takes a process that is out of descriptors for one that has gone wrong.
        target_compile_options(anteroom_options INTERFACE -fno-sanitize=vptr)
    endif()
    target_link_options(anteroom_options INTERFACE -fsanitize=${ANTEROOM_SANITIZE})
endif()
