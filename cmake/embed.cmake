# Writes OUTPUT, a C++ source that holds FILES (or, without any, all files below BASE) as bytes, by their paths relative to
# BASE, and defines anteroom::embedded_files(); run by cmake -P.
if(NOT FILES)
    file(GLOB_RECURSE FILES ${BASE}/*)
endif()
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
    file(RELATIVE_PATH path ${BASE} ${file})
    file(READ ${file} hex HEX)
    string(LENGTH "${hex}" length)
    math(EXPR size "${length} / 2")
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND arrays "constexpr char file_${index}[] = {${bytes}'\\0'};\n")
    string(APPEND rows "    {\"${path}\", {file_${index}, ${size}}},\n")
    math(EXPR index "${index} + 1")
endforeach()
file(
    WRITE ${OUTPUT}
    "// Made by cmake/embed.cmake from web/.
#include <array>

#include <anteroom/embedded_files.hpp>

namespace anteroom {

namespace {

${arrays}
constexpr std::array<embedded_file, ${index}> files = {{
${rows}}};

}  // namespace

std::span<embedded_file const> embedded_files() noexcept { return files; }

}  // namespace anteroom
"
)
