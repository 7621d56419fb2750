// How many files and sockets the process may have open.
#pragma once

namespace anteroom {

/// Raises the limit as far as the system lets anybody: a waiting subscriber is a descriptor, and what a shell allows is
/// meant for shells. Where that fails, the limit stays as it is.
void raise_descriptor_limit() noexcept;

}  // namespace anteroom
