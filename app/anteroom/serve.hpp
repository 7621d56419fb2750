// `anteroom`, `anteroom serve`: the server.
#pragma once

#include "options.hpp"

namespace anteroom {

/// Serves until SIGTERM or SIGINT, and returns the exit code: 0 after that, 2 if it cannot start.
int serve(settings const& with);

}  // namespace anteroom
