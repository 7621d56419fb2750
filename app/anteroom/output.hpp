// Writing to a pipe or a terminal that others may close.
#pragma once

#include <string_view>

namespace anteroom {

enum class written {
    all,
    closed,       ///< nobody reads any more
    interrupted,  ///< a signal came while a reader kept us waiting
};

/// Writes everything to a descriptor, however long that takes. SIGPIPE must be ignored.
written write_out(int descriptor, std::string_view text);

}  // namespace anteroom
