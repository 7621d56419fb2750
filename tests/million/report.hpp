// What the trials have shown, and whether it is good enough.
#pragma once

#include "trial.hpp"

#include <span>
#include <string>
#include <vector>

namespace anteroom::million {

/// Whether this build's memory is the server's: with a sanitizer most of it is not.
#ifdef ANTEROOM_SANITIZED
inline constexpr bool memory_counts = false;
#else
inline constexpr bool memory_counts = true;
#endif

/// What the limits are not met by, a line each.
std::vector<std::string> failures_of(std::span<figures const> trials);

std::string as_table(std::span<figures const> trials);
std::string as_json(std::span<figures const> trials, std::span<std::string const> failures);

}  // namespace anteroom::million
