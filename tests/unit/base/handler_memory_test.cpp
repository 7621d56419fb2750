// Memory for one operation at a time: used when the operation fits and it is free, otherwise the heap is used.
#include <anteroom/base/handler_memory.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

using namespace anteroom;

TEST_CASE("one allocation at a time is served from the object itself") {
    handler_memory<64> memory;
    auto const inside = [&](void* place) {
        auto const* const bytes = static_cast<std::byte const*>(place);
        auto const* const begin = reinterpret_cast<std::byte const*>(&memory);
        return bytes >= begin && bytes < begin + sizeof memory;
    };
    void* const first = memory.allocate(64);
    CHECK(inside(first));
    CHECK(reinterpret_cast<std::uintptr_t>(first) % alignof(std::max_align_t) == 0);
    std::memset(first, 1, 64);

    void* const second = memory.allocate(1);
    CHECK_FALSE(inside(second));
    memory.release(second);

    memory.release(first);
    void* const third = memory.allocate(10);
    CHECK(third == first);
    memory.release(third);

    void* const larger = memory.allocate(65);
    CHECK_FALSE(inside(larger));
    void* const beside = memory.allocate(64);
    CHECK(inside(beside));
    memory.release(larger);
    memory.release(beside);
}

TEST_CASE("the allocator rebinds to the same memory") {
    handler_memory<128> memory;
    handler_memory<128> other;
    handler_allocator<int, 128> ints(memory);
    handler_allocator<int, 128>::rebind<double>::other doubles(ints);
    CHECK(ints == doubles);
    CHECK_FALSE(ints == handler_allocator<int, 128>(other));

    int* const some = ints.allocate(32);
    double* const heap = doubles.allocate(16);
    CHECK(static_cast<void*>(some) != static_cast<void*>(heap));
    ints.deallocate(some, 32);
    double* const reused = doubles.allocate(16);
    CHECK(static_cast<void*>(reused) == static_cast<void*>(some));
    doubles.deallocate(reused, 16);
    doubles.deallocate(heap, 16);
}
