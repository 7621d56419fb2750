// Writing to a pipe or a terminal whose reader may close it, or to a file that may not grow.
#pragma once

#include <string>
#include <string_view>

namespace anteroom {

enum class write_result {
    all,
    closed,       ///< there is no reader any more
    interrupted,  ///< a signal arrived while waiting for the reader
    failed,       ///< errno says why: a disk is full, for example
};

/// Writes everything to a descriptor; blocks until that is done. SIGPIPE must be ignored.
write_result write_out(int descriptor, std::string_view text);

/// Why standard output cannot be written, for people; by errno, so right after write_out() has failed.
std::string output_error();

}  // namespace anteroom
