// Checks that a response is an error as the protocol specifies.
#pragma once

#include "response.hpp"

#include <string_view>

namespace anteroom::integration {

/// Checks the status, and that the body is application/problem+json with that status, a title and a detail.
void check_problem(response const& answer, int status);

/// The same, with this detail.
void check_problem(response const& answer, int status, std::string_view detail);

}  // namespace anteroom::integration
