// Items as batches, and the two places.
#include <anteroom/client/receive_queue.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

item text(std::string room, std::string id, std::string next = {}) {
    message out;
    out.room = std::move(room);
    out.data = id;
    out.id = std::move(id);
    return {std::move(out), std::move(next)};
}

item lost(std::string room, std::string next) {
    gap out;
    out.room = std::move(room);
    out.reason = "evicted";
    return {std::move(out), std::move(next)};
}

item at(std::string next) {
    return {moved{}, std::move(next)};
}

std::string ids(batch const& of) {
    std::string out;
    for (auto const& each : of.messages)
        out += each.room + ":" + each.id + " ";
    return out;
}

}  // namespace

TEST_CASE("the place moves with what is handed out") {
    inbox in(*places::in({"a"}));
    CHECK_FALSE(in.next());
    REQUIRE(in.add({at("e-3")}));
    CHECK_FALSE(in.next());
    CHECK(in.handed_out().cursor() == "e-3");
    REQUIRE(in.add({text("", "e-4"), text("", "e-5")}));
    CHECK(in.received().cursor() == "e-5");
    CHECK(in.handed_out().cursor() == "e-3");
    auto const got = in.next();
    REQUIRE(got);
    CHECK(ids(*got) == "a:e-4 a:e-5 ");
    CHECK(got->cursor == "e-5");
    CHECK(in.handed_out().cursor() == "e-5");
    CHECK_FALSE(in.next());
}

TEST_CASE("a gap never comes after a message in a batch") {
    inbox in(*places::in({"a", "b"}));
    REQUIRE(in.add({at("a@e-1,b@e-1"), lost("a", "a@e-5,b@e-1"), text("a", "e-6"), lost("b", "a@e-6,b@e-9"),
                    lost("a", "a@e-8,b@e-9"), text("b", "e-10"), text("a", "e-9")}));
    auto got = in.next();
    REQUIRE(got);
    CHECK(got->gaps.size() == 1);
    CHECK(ids(*got) == "a:e-6 ");
    CHECK(got->cursor == "a@e-6,b@e-1");
    got = in.next();
    REQUIRE(got);
    CHECK(got->gaps.size() == 2);
    CHECK(ids(*got) == "b:e-10 a:e-9 ");
    CHECK(got->cursor == "a@e-9,b@e-10");
    CHECK_FALSE(in.next());
}

TEST_CASE("a room that is new has its place while the messages of others wait") {
    auto start = *places::in({"a", "b"});
    start.take("a@e-1");
    inbox in(start);
    REQUIRE(in.add({text("a", "e-2"), at("a@e-2,b@e-7")}));
    CHECK(in.handed_out().cursor() == "a@e-1,b@e-7");
}

TEST_CASE("superseded comes after everything else") {
    inbox in(*places::in({"a"}));
    REQUIRE(in.add({text("", "e-1"), item{superseded{}, {}}}));
    CHECK_FALSE(in.take_superseded());
    CHECK(in.next());
    CHECK(in.take_superseded());
    CHECK_FALSE(in.take_superseded());
}

TEST_CASE("what nobody asked for is refused") {
    inbox in(*places::in({"a"}));
    CHECK_FALSE(in.add({text("b", "e-1")}));
    CHECK_FALSE(in.add({text("", "e 1")}));
    CHECK_FALSE(in.add({at("e 1")}));
    CHECK(in.received().cursor().empty());
}
