// The check that an answer is an error in the contract's form.
#pragma once

#include "response.hpp"

namespace anteroom::integration {

/// Checks the status, that the body is application/problem+json, and that it says the status, a title and a detail.
void check_problem(response const& answer, int status);

}  // namespace anteroom::integration
