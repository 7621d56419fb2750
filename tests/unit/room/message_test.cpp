// A message: its properties, its wire forms that are created once, and its exact memory accounting.
#include "messages.hpp"
#include "room/print.hpp"
#include <anteroom/room/message.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

std::atomic<int> encodings = 0;

encoding encode_slowly(message const& of) {
    ++encodings;
    return {"[" + std::string(of.data()) + "]", {1, 2, 3, 4}};
}

encoding encode_otherwise(message const& of) {
    return {std::string(1000, 'x') + std::string(of.data()), {}};
}

}  // namespace

TEST_CASE("a message has the data that was published, and its position") {
    memory_meter meter;
    auto const made_one = message_at({7, 3}, 1'790'000'000'123, draft{content::json, R"({"a":1})", "ann"}, meter);
    auto const& one = *made_one;
    CHECK(one.id() == cursor{7, 3});
    CHECK(one.time() == 1'790'000'000'123);
    CHECK(one.kind() == content::json);
    CHECK(one.data() == R"({"a":1})");
    CHECK(one.from() == "ann");
}

TEST_CASE("a message and its text are one block, however long the text is") {
    memory_meter meter;
    for (std::size_t const size : {0, 1, 7, 8, 64, 65'536}) {
        CAPTURE(size);
        std::string const text(size, 'x');
        auto const made = message_at({7, 1}, 0, draft{content::text, text, "ann"}, meter);
        CHECK(made->data() == text);
        CHECK(made->from() == "ann");
        CHECK(made->data().data() == reinterpret_cast<char const*>(made.get() + 1));
        CHECK(made->from().data() == made->data().data() + size);
    }
    CHECK(meter.used() == 0);
}

TEST_CASE("a message is charged with its text and its overhead") {
    auto const empty = message::charge_of({});
    CHECK(empty >= sizeof(message));
    CHECK(message::charge_of({content::text, std::string(1000, 'x'), "ann"}) == empty + 1003);
}

TEST_CASE("the meter counts messages and their wire forms while they live") {
    memory_meter meter;
    {
        auto const made_one = message_at({7, 1}, 0, draft{content::text, "hello", "ann"}, meter);
        auto const& one = *made_one;
        CHECK(meter.used() == one.charge());
        CHECK(one.charge() == message::charge_of({content::text, "hello", "ann"}));
        one.wire(wire_form::framed, encode_slowly);
        auto const with_json = meter.used();
        CHECK(with_json >= one.charge() + 7);
        one.wire(wire_form::framed, encode_slowly);
        CHECK(meter.used() == with_json);
        one.wire(wire_form::raw_head, encode_otherwise);
        CHECK(meter.used() >= with_json + 1005);
        auto const made_two = message_at({7, 2}, 0, draft{content::text, "bye", ""}, meter);
        auto const& two = *made_two;
        CHECK(meter.used() >= with_json + 1005 + two.charge());
    }
    CHECK(meter.used() == 0);
}

TEST_CASE("a wire form is created once, and is not moved") {
    memory_meter meter;
    encodings = 0;
    auto const made_one = message_at({7, 1}, 0, draft{content::text, "hello", ""}, meter);
    auto const& one = *made_one;
    auto const& first = one.wire(wire_form::framed, encode_slowly);
    auto const& second = one.wire(wire_form::framed, encode_slowly);
    CHECK(first.bytes == "[hello]");
    CHECK(first.marks == std::array<std::uint8_t, 4>{1, 2, 3, 4});
    CHECK(&first == &second);
    CHECK(encodings == 1);
    CHECK(one.wire(wire_form::raw_head, encode_otherwise).bytes.size() == 1005);
    CHECK(one.wire(wire_form::framed, encode_otherwise).bytes == "[hello]");
}

TEST_CASE("threads that request a wire form concurrently get the same bytes") {
    memory_meter meter;
    for (int round = 0; round < 200; ++round) {
        auto const made_one = message_at({7, 1}, 0, draft{content::text, "hello", ""}, meter);
        auto const& one = *made_one;
        std::array<char const*, 3> seen{};
        std::atomic<int> ready = 0;
        {
            std::vector<std::jthread> threads;
            for (auto& each : seen) {
                threads.emplace_back([&] {
                    ++ready;
                    while (ready < 3)
                        std::this_thread::yield();
                    each = one.wire(wire_form::framed, encode_slowly).bytes.data();
                });
            }
        }
        REQUIRE(seen[0] == seen[1]);
        REQUIRE(seen[1] == seen[2]);
        REQUIRE(meter.used() < one.charge() + 200);
    }
    CHECK(meter.used() == 0);
}
