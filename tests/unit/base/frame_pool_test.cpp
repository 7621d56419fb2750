// Freed blocks are reused for their own size class and for no other.
#include <anteroom/base/frame_pool.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

using pool = anteroom::basic_frame_pool<true>;

TEST_CASE("the block that was freed last is the next of its size") {
    for (std::size_t const size : {1U, 24U, 25U, 40U, 248U, 280U, 1000U}) {
        auto* const first = pool::allocate(size);
        auto* const second = pool::allocate(size);
        CHECK(first != second);
        std::memset(first, 0xAA, size);
        std::memset(second, 0xBB, size);
        pool::deallocate(first, size);
        pool::deallocate(second, size);
        CHECK(pool::allocate(size) == second);
        CHECK(pool::allocate(size) == first);
        pool::deallocate(first, size);
        pool::deallocate(second, size);
        while (pool::allocate(size) != first) {
        }
        ::operator delete(first);
        ::operator delete(second);
    }
}

TEST_CASE("a block is large enough for every size of its size class") {
    // 25 to 40 bytes share a list: a block allocated for the smallest must be large enough for the largest.
    auto* const small = pool::allocate(25);
    pool::deallocate(small, 25);
    auto* const large = pool::allocate(40);
    CHECK(large == small);
    std::memset(large, 0xCC, 40);
    pool::deallocate(large, 40);
    auto* const other = pool::allocate(41);
    CHECK(other != large);
    std::memset(other, 0xDD, 41);
    ::operator delete(pool::allocate(40));
    ::operator delete(other);
}

TEST_CASE("a limited number of blocks of each size is kept") {
    constexpr std::size_t size = 120;
    std::vector<void*> all(pool::most_of_a_size + 10);
    std::generate(all.begin(), all.end(), [] { return pool::allocate(size); });
    CHECK(std::set<void*>(all.begin(), all.end()).size() == all.size());
    for (auto* const each : all)
        pool::deallocate(each, size);  // a sanitizer sees the last ten being freed, and no double free
    std::set<void*> const kept(all.begin(), all.begin() + pool::most_of_a_size);
    for (std::size_t i = 0; i < pool::most_of_a_size; ++i) {
        auto* const again = pool::allocate(size);
        if (!kept.contains(again))
            FAIL("a block that should not have been kept came from the pool");
        ::operator delete(again);
    }
}

TEST_CASE("large blocks are not kept") {
    constexpr std::size_t size = 100'000;
    auto* const block = pool::allocate(size);
    std::memset(block, 0xEE, size);
    pool::deallocate(block, size);
    SUCCEED("a sanitizer would tell of a block that is kept for ever");
}
