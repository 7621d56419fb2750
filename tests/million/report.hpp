// The results of the trials, and whether they meet the limits.
#pragma once

#include "trial.hpp"

#include <span>
#include <string>
#include <vector>

namespace anteroom::million {

/// Whether memory is worth measuring in this build: with a sanitizer most of it is not the server's.
#ifdef ANTEROOM_SANITIZED
inline constexpr bool memory_counts = false;
#else
inline constexpr bool memory_counts = true;
#endif

/// The limits that were exceeded, one line each.
std::vector<std::string> failures_of(std::span<figures const> trials);

std::string as_table(std::span<figures const> trials);
std::string as_json(std::span<figures const> trials, std::span<std::string const> failures);

}  // namespace anteroom::million
