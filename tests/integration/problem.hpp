// The check that an answer is an error in the contract's form.
#pragma once

#include "response.hpp"

#include <string_view>

namespace anteroom::integration {

/// Checks the status, that the body is application/problem+json, and that it says the status, a title and a detail.
void check_problem(response const& answer, int status);

/// The same, and that the detail is this one.
void check_problem(response const& answer, int status, std::string_view detail);

}  // namespace anteroom::integration
