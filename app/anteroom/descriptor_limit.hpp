// The limit on the files and sockets that the process may have open.
#pragma once

namespace anteroom {

/// Raises the soft limit to the hard limit: each waiting subscriber is a descriptor, and the default soft limit is
/// meant for interactive shells. If that fails, the limit stays as it is.
void raise_descriptor_limit() noexcept;

}  // namespace anteroom
