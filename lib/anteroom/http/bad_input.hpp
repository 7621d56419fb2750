// Why a request is refused.
#pragma once

#include <string>

namespace anteroom {

/// Invalid input: the error to respond with.
struct bad_input {
    unsigned status;
    std::string detail;
};

}  // namespace anteroom
