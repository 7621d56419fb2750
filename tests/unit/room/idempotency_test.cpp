// The idempotency window: the first publish with a key, its repeats, and how keys are discarded.
#include "loop.hpp"
#include <anteroom/room/idempotency.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using standing = idempotency_window::standing;

namespace {

struct desk {
    explicit desk(milliseconds length = std::chrono::hours(1)) : window(shards, length, std::size_t{1} << 30U, meter) {}

    idempotency_window::finding begin(std::vector<std::string_view> const& rooms, std::string_view key) {
        return window.begin(rooms, key);
    }
    void answer(std::string_view room, std::string_view key, std::string with) {
        auto const found = begin({room}, key);
        REQUIRE(found.is == standing::first);
        window.answer(found.what, std::move(with), home);
    }

    memory_meter meter;
    shard home{0};
    std::array<shard*, 1> shards{&home};
    idempotency_window window;
};

}  // namespace

TEST_CASE("a repeat gets the response to the first") {
    desk it;
    auto const first = it.begin({"a"}, "k");
    REQUIRE(first.is == standing::first);
    REQUIRE(first.what);
    auto const meanwhile = it.begin({"a"}, "k");
    CHECK(meanwhile.is == standing::under_way);
    CHECK_FALSE(meanwhile.what);
    it.window.answer(first.what, "the answer", it.home);
    for (int i = 0; i < 3; ++i) {
        auto const again = it.begin({"a"}, "k");
        CHECK(again.is == standing::answered);
        CHECK(again.answer == "the answer");
        CHECK_FALSE(again.what);
    }
}

TEST_CASE("a key with another content is different, answered or not") {
    desk it;
    std::string_view const room = "a";
    auto const begin = [&](std::uint64_t content) { return it.window.begin({&room, 1}, "k", 1000, content); };
    auto const first = begin(7);
    REQUIRE(first.is == standing::first);
    CHECK(begin(8).is == standing::different);
    CHECK(begin(7).is == standing::under_way);
    it.window.answer(first.what, "the answer", it.home, 1000);
    CHECK(begin(8).is == standing::different);
    CHECK(begin(8).answer.empty());
    CHECK(begin(7).answer == "the answer");
    // Unknown content is the same as any.
    CHECK(begin(0).is == standing::answered);
}

TEST_CASE("a key is scoped to its room") {
    desk it;
    it.answer("a", "k", "of a");
    it.answer("b", "k", "of b");
    it.answer("a", "l", "another");
    CHECK(it.begin({"a"}, "k").answer == "of a");
    CHECK(it.begin({"b"}, "k").answer == "of b");
    CHECK(it.begin({"a"}, "l").answer == "another");
    // The name of a room has no '/', so room and key can be split in only one way.
    it.answer("a", "b/k", "with a slash");
    CHECK(it.begin({"b"}, "k").answer == "of b");
}

TEST_CASE("a publish to several rooms is a repeat if the key is known in any of them") {
    desk it;
    auto const both = it.begin({"a", "b"}, "k");
    REQUIRE(both.is == standing::first);
    CHECK(it.begin({"a"}, "k").is == standing::under_way);
    CHECK(it.begin({"b", "c"}, "k").is == standing::under_way);
    it.window.answer(both.what, "both", it.home);
    CHECK(it.begin({"a"}, "k").answer == "both");
    CHECK(it.begin({"c", "b"}, "k").answer == "both");
    // The repeat was not recorded for the other rooms.
    CHECK(it.begin({"c"}, "k").is == standing::first);
}

TEST_CASE("if the first publish fails, the next with the key becomes the first") {
    desk it;
    auto const failing = it.begin({"a", "b"}, "k");
    it.window.give_up(failing.what, it.home);
    auto const next = it.begin({"b"}, "k");
    CHECK(next.is == standing::first);
    CHECK(it.begin({"a"}, "k").is == standing::first);
    CHECK(it.meter.used() == 0);
}

TEST_CASE("a waiter for the first publish is woken by its response, and by its failure") {
    desk it;
    for (bool const answered : {true, false}) {
        CAPTURE(answered);
        auto const key = answered ? "k" : "l";
        auto const first = it.begin({"a"}, key);
        auto const seen = it.window.changes().now();
        CHECK(it.begin({"a"}, key).is == standing::under_way);
        standing found = standing::under_way;
        it.window.changes().async_wait(it.home, seen,
                                       [&](boost::system::error_code) { found = it.begin({"a"}, key).is; });
        REQUIRE(run_ready(it.home));
        CHECK(found == standing::under_way);
        if (answered)
            it.window.answer(first.what, "x", it.home);
        else
            it.window.give_up(first.what, it.home);
        REQUIRE(run_ready(it.home));
        CHECK(found == (answered ? standing::answered : standing::first));
    }
}

TEST_CASE("a response is discarded when the window has passed, a publish in progress is not") {
    desk it(milliseconds(60));
    std::string_view const room = "a";
    auto const begin = [&](std::string_view key, std::int64_t now) { return it.window.begin({&room, 1}, key, now); };
    auto const under_way = begin("slow", 1000);
    it.window.answer(begin("k", 1000).what, "x", it.home, 1000);
    CHECK(begin("k", 1060).is == standing::answered);
    CHECK(begin("k", 1061).is == standing::first);
    // Calling begin() has made it the first again.
    CHECK(begin("k", 1061).is == standing::under_way);
    CHECK(begin("slow", 1'000'000).is == standing::under_way);
    CHECK(it.meter.used() == 0);
}

TEST_CASE("responses are discarded a few at a time, and none is given after its window") {
    desk it(milliseconds(60));
    std::string_view const room = "a";
    auto const begin = [&](std::string_view key, std::int64_t now) { return it.window.begin({&room, 1}, key, now); };
    for (int i = 0; i < 100; ++i)
        it.window.answer(begin(std::to_string(i), 1000).what, "x", it.home, 1000);
    auto const all = it.meter.used();
    auto const last = begin("99", 1061);
    CHECK(last.is == standing::first);
    CHECK(it.meter.used() > all * 8 / 10);
    CHECK(it.meter.used() < all);
    it.window.answer(last.what, "y", it.home, 1061);
    CHECK(it.window.sweep_some(50, 1061));
    CHECK(it.meter.used() < all / 2);
    CHECK_FALSE(it.window.sweep_some(50, 1061));
    // The repeat of the last has a window of its own.
    CHECK(begin("99", 1061).answer == "y");
    CHECK(it.meter.used() > 0);
    CHECK_FALSE(it.window.sweep_some(50, 1122));
    CHECK(it.meter.used() == 0);
    CHECK(it.window.bytes() == 0);
}

TEST_CASE("a window of length zero keeps nothing beyond the response") {
    desk it(milliseconds(0));
    it.answer("a", "k", "x");
    CHECK(it.begin({"a"}, "k").is == standing::first);
}

TEST_CASE("the oldest responses are discarded first when there are too many") {
    desk it;
    auto const under_way = it.begin({"a"}, "under way");
    constexpr auto most = idempotency_window::max_answers;
    for (std::size_t i = 0; i < most + 10; ++i) {
        auto const key = std::to_string(i);
        std::string_view const room = "a";
        auto const found = it.window.begin({&room, 1}, key);
        if (found.is != standing::first)
            FAIL("a key was known that had not been used");
        it.window.answer(found.what, "", it.home);
    }
    for (int i = 0; i < 10; ++i)
        CHECK(it.begin({"a"}, std::to_string(i)).is == standing::first);
    CHECK(it.begin({"a"}, "10").is == standing::answered);
    CHECK(it.begin({"a"}, std::to_string(most + 9)).is == standing::answered);
    CHECK(it.begin({"a"}, "under way").is == standing::under_way);
}

TEST_CASE("the oldest responses are discarded first when they take too much memory") {
    memory_meter meter;
    shard home{0};
    std::array<shard*, 1> const shards{&home};
    idempotency_window window(shards, std::chrono::hours(1), 10'000, meter);
    std::string_view const room = "a";
    for (int i = 0; i < 20; ++i) {
        window.answer(window.begin({&room, 1}, std::to_string(i)).what, std::string(1000, 'x'), home);
        CHECK(meter.used() <= 10'000);
    }
    CHECK(window.begin({&room, 1}, "0").is == standing::first);
    CHECK(window.begin({&room, 1}, "19").is == standing::answered);
}

TEST_CASE("what is remembered counts against the memory budget") {
    memory_meter meter;
    shard home{0};
    std::array<shard*, 1> const shards{&home};
    {
        idempotency_window window(shards, milliseconds(60), std::size_t{1} << 20U, meter);
        std::array<std::string_view, 2> const rooms = {"a", "b"};
        auto const first = window.begin(rooms, "k");
        window.answer(first.what, std::string(1000, 'x'), home);
        auto const one = meter.used();
        CHECK(one > 1000);
        std::string_view const room = "a";
        window.answer(window.begin({&room, 1}, "l").what, std::string(1000, 'x'), home);
        CHECK(meter.used() > one + 1000);
        window.begin({&room, 1}, "other", steady_now() + 61);
        CHECK(meter.used() == 0);
        window.answer(window.begin({&room, 1}, "m").what, "x", home);
        CHECK(meter.used() > 0);
    }
    CHECK(meter.used() == 0);
}
