// A per-thread free list for the memory of coroutine frames.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace anteroom {

/// A poll's coroutine ends when it is answered, and soon afterwards another poll needs a frame of the same size, which
/// is available here and still in the processor's cache. Keeps at most `most_of_a_size` free blocks of each size, to be
/// reused on the same thread: for coroutine frames and other objects that are created and destroyed as often. Free
/// blocks are kept until the process ends. Memory has the alignment of `operator new`; allocate() throws
/// std::bad_alloc. `Pools` is false where nothing is to be kept, so that a sanitizer sees each block being allocated
/// and freed.
template <bool Pools>
class basic_frame_pool {
  public:
    static constexpr std::size_t most_of_a_size = 1024;

    static void* allocate(std::size_t size) {
        auto const index = index_of(size);
        if (!Pools || index >= lists.size())
            return ::operator new(size);
        auto& from = lists[index];
        if (from.first == nullptr)
            return ::operator new(index * step + odd);
        --from.count;
        auto* const taken = from.first;
        from.first = taken->next;
        return taken;
    }

    /// `size` must be the size that was requested.
    static void deallocate(void* block, std::size_t size) noexcept {
        auto const index = index_of(size);
        if (!Pools || index >= lists.size() || lists[index].count >= most_of_a_size) {
            ::operator delete(block);
            return;
        }
        auto& to = lists[index];
        to.first = ::new (block) node{to.first};
        ++to.count;
    }

  private:
    struct node {
        node* next;
    };
    struct list {
        node* first;
        std::size_t count;
    };

    // The sizes of glibc's malloc blocks, so that rounding up wastes no memory: 24, 40, 56, …
    static constexpr std::size_t step = 16;
    static constexpr std::size_t odd = 8;

    static std::size_t index_of(std::size_t size) noexcept { return (size + step - odd - 1) / step; }

    static constinit inline thread_local std::array<list, 64> lists{};
};

#ifdef ANTEROOM_NO_FRAME_POOL
using frame_pool = basic_frame_pool<false>;
#else
using frame_pool = basic_frame_pool<true>;
#endif

}  // namespace anteroom
