// Received events become batches; the cursors of what was received and of what was delivered.
#include <anteroom/client/receive_queue.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

event text(std::string room, std::string id, std::string next = {}) {
    message out;
    out.room = std::move(room);
    out.data = id;
    out.id = std::move(id);
    return {std::move(out), std::move(next)};
}

event missed(std::string room, std::string next) {
    gap out;
    out.room = std::move(room);
    out.reason = "evicted";
    return {std::move(out), std::move(next)};
}

event at(std::string next) {
    return {cursor_moved{}, std::move(next)};
}

std::string ids(batch const& of) {
    std::string out;
    for (auto const& each : of.messages)
        out += each.room + ":" + each.id + " ";
    return out;
}

}  // namespace

TEST_CASE("the delivered cursor advances with each batch") {
    receive_queue queue(*subscription_cursor::for_rooms({"a"}));
    CHECK_FALSE(queue.next());
    REQUIRE(queue.add({at("e-3")}));
    CHECK_FALSE(queue.next());
    CHECK(queue.delivered().text() == "e-3");
    REQUIRE(queue.add({text("", "e-4"), text("", "e-5")}));
    CHECK(queue.received().text() == "e-5");
    CHECK(queue.delivered().text() == "e-3");
    auto const got = queue.next();
    REQUIRE(got);
    CHECK(ids(*got) == "a:e-4 a:e-5 ");
    CHECK(got->cursor == "e-5");
    CHECK(queue.delivered().text() == "e-5");
    CHECK_FALSE(queue.next());
}

TEST_CASE("a gap never comes after a message in a batch") {
    receive_queue queue(*subscription_cursor::for_rooms({"a", "b"}));
    REQUIRE(queue.add({at("a@e-1,b@e-1"), missed("a", "a@e-5,b@e-1"), text("a", "e-6"), missed("b", "a@e-6,b@e-9"),
                       missed("a", "a@e-8,b@e-9"), text("b", "e-10"), text("a", "e-9")}));
    auto got = queue.next();
    REQUIRE(got);
    CHECK(got->gaps.size() == 1);
    CHECK(ids(*got) == "a:e-6 ");
    CHECK(got->cursor == "a@e-6,b@e-1");
    got = queue.next();
    REQUIRE(got);
    CHECK(got->gaps.size() == 2);
    CHECK(ids(*got) == "b:e-10 a:e-9 ");
    CHECK(got->cursor == "a@e-9,b@e-10");
    CHECK_FALSE(queue.next());
}

TEST_CASE("a new room gets its cursor while messages of other rooms are still queued") {
    auto start = *subscription_cursor::for_rooms({"a", "b"});
    start.update("a@e-1");
    receive_queue queue(start);
    REQUIRE(queue.add({text("a", "e-2"), at("a@e-2,b@e-7")}));
    CHECK(queue.delivered().text() == "a@e-1,b@e-7");
}

TEST_CASE("superseded is reported after everything that came before it") {
    receive_queue queue(*subscription_cursor::for_rooms({"a"}));
    REQUIRE(queue.add({text("", "e-1"), event{superseded{}, {}}}));
    CHECK_FALSE(queue.take_superseded());
    CHECK(queue.next());
    CHECK(queue.take_superseded());
    CHECK_FALSE(queue.take_superseded());
}

TEST_CASE("rooms and cursors that were not subscribed to are rejected") {
    receive_queue queue(*subscription_cursor::for_rooms({"a"}));
    CHECK_FALSE(queue.add({text("b", "e-1")}));
    CHECK_FALSE(queue.add({text("", "e 1")}));
    CHECK_FALSE(queue.add({at("e 1")}));
    CHECK(queue.received().text().empty());
}
