// Runs a shard's event loop in a test: what is ready, on this thread, and never for ever.
#pragma once

#include <anteroom/base/shard.hpp>

#include <cstddef>

namespace anteroom::unit {

/// Runs handlers until none is ready and says whether that came before `most` of them had run.
inline bool run_ready(shard& at, std::size_t most = 1'000'000) {
    at.io().restart();
    for (std::size_t ran = 0; ran < most; ++ran) {
        if (at.io().poll_one() == 0)
            return true;
    }
    return false;
}

}  // namespace anteroom::unit
