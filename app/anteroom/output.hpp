// Writing to a pipe or a terminal whose reader may close it.
#pragma once

#include <string_view>

namespace anteroom {

enum class write_result {
    all,
    closed,       ///< there is no reader any more
    interrupted,  ///< a signal arrived while waiting for the reader
};

/// Writes everything to a descriptor; blocks until that is done. SIGPIPE must be ignored.
write_result write_out(int descriptor, std::string_view text);

}  // namespace anteroom
