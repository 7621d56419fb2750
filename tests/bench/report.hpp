// The result of a run as a few lines for people or as one line of JSON.
#pragma once

#include "scenario.hpp"

#include <string>

namespace anteroom::bench {

std::string to_text(load_options const& options, load_result const& result);

// One object, without a newline. Durations are microseconds, sizes bytes.
std::string to_json(load_options const& options, load_result const& result);

}  // namespace anteroom::bench
