#include "heap.hpp"

#ifdef ANTEROOM_JEMALLOC
#include <jemalloc/jemalloc.h>

// Read by jemalloc before main(). No thread of its own: a server of one shard is a process of one thread, for which the
// kernel does without some synchronisation; what a thread would do, give_back_memory() does.
// NOLINTNEXTLINE(misc-use-internal-linkage,cppcoreguidelines-avoid-non-const-global-variables): the name is jemalloc's
extern "C" char const* malloc_conf;
char const* malloc_conf = "background_thread:false,dirty_decay_ms:10000,muzzy_decay_ms:0";
#endif

namespace anteroom {

void give_back_memory() noexcept {
#ifdef ANTEROOM_JEMALLOC
    // All arenas (MALLCTL_ARENAS_ALL, 4096).
    mallctl("arena.4096.decay", nullptr, nullptr, nullptr, 0);
#endif
}

}  // namespace anteroom
