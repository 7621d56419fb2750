// `anteroom`, `anteroom serve`: the server.
#pragma once

#include "options.hpp"

namespace anteroom {

/// Serves until it is told to stop, and returns the exit code: 0 after that, 2 where it cannot start.
int serve(settings const& with);

}  // namespace anteroom
