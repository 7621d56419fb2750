// Memory for coroutine frames, used again on the thread that gave it back.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace anteroom {

/// A poll's coroutine ends when it is answered, and the next poll of somebody needs one of the same size soon after,
/// which is here and still in the cache. Keeps `most_of_a_size` blocks of each size at most, for whoever asks on the
/// same thread: coroutines' frames, and what else is made and dropped as often. What is kept is not given back before
/// the process ends. Memory is aligned as that of `operator new`; allocate() throws std::bad_alloc. `Pools` is false
/// where nothing is to be kept, so that a sanitizer sees each block come and go.
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

    /// `size` as it was asked for.
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

    // The sizes that glibc's blocks have, so that rounding up costs no memory: 24, 40, 56, …
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
