// A subscription's cursor, in one room and in several.
#include "../print.hpp"
#include <anteroom/client/subscription_cursor.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

TEST_CASE("the rooms of a subscription are checked") {
    CHECK(subscription_cursor::for_rooms({"kitchen"}));
    CHECK(subscription_cursor::for_rooms({std::string(128, 'x')}));
    CHECK_FALSE(subscription_cursor::for_rooms({}));
    CHECK_FALSE(subscription_cursor::for_rooms({""}));
    CHECK_FALSE(subscription_cursor::for_rooms({"a/b"}));
    CHECK_FALSE(subscription_cursor::for_rooms({"a\nb"}));
    CHECK_FALSE(subscription_cursor::for_rooms({"\xFF"}));
    CHECK_FALSE(subscription_cursor::for_rooms({std::string(129, 'x')}));
    CHECK_FALSE(subscription_cursor::for_rooms({"a", "b", "a"}));
    std::vector<std::string> many;
    for (int i = 0; i < 100; ++i)
        many.push_back(std::to_string(i));
    CHECK(subscription_cursor::for_rooms(many));
    many.emplace_back("one more");
    CHECK_FALSE(subscription_cursor::for_rooms(many));
}

TEST_CASE("in one room the subscription's cursor is the room's own") {
    auto at = *subscription_cursor::for_rooms({"kitchen"});
    CHECK(at.text().empty());
    CHECK_FALSE(at.complete());
    CHECK(at.update("e-7"));
    CHECK(at.text() == "e-7");
    CHECK(at.complete());
    CHECK(at.advance("kitchen", "e-8"));
    CHECK(at.advance("", "e-9"));
    CHECK(at.text() == "e-9");
    CHECK_FALSE(at.advance("hall", "e-1"));
    CHECK(at.update("hall@x-1,kitchen@y-2"));
    CHECK(at.text() == "y-2");
    CHECK(at.update("0"));
    CHECK(at.text() == "0");
}

TEST_CASE("in several rooms the cursor names each of them") {
    auto at = *subscription_cursor::for_rooms({"a", "b c", "d@e,f"});
    CHECK(at.update("b%20c@e-1"));
    CHECK_FALSE(at.complete());
    CHECK(at.text() == "b%20c@e-1");
    CHECK(at.advance("a", "e-2"));
    CHECK(at.advance("d@e,f", "e-3"));
    CHECK_FALSE(at.advance("", "e-4"));
    CHECK(at.complete());
    CHECK(at.text() == "a@e-2,b%20c@e-1,d%40e%2Cf@e-3");
    auto same = *subscription_cursor::for_rooms({"a", "b c", "d@e,f"});
    CHECK(same.update(at.text()));
    CHECK(same.text() == at.text());
    CHECK(same.update("0"));
    CHECK(same.text() == "a@0,b%20c@0,d%40e%2Cf@0");
}

TEST_CASE("an invalid cursor changes nothing") {
    auto at = *subscription_cursor::for_rooms({"a", "b"});
    REQUIRE(at.update("a@e-1,b@e-2"));
    for (auto const* text : {"", "e-1", "a@", "a@e-3,b", "a@e-3,,b@e-4", "%zz@e-3", "a@e-3,b@e 4", "a@e-3\r\nX: y"}) {
        INFO(text);
        auto copy = at;
        bool const taken = copy.update(text);
        CHECK((!taken || std::string_view(text).empty()));
        CHECK(copy.text() == "a@e-1,b@e-2");
    }
}

TEST_CASE("fill_missing() sets rooms without a cursor and leaves the others") {
    auto at = *subscription_cursor::for_rooms({"a", "b"});
    auto const now = [] {
        auto out = *subscription_cursor::for_rooms({"a", "b"});
        out.update("a@e-5,b@e-6");
        return out;
    }();
    at.update("a@e-1");
    at.fill_missing(now);
    CHECK(at.text() == "a@e-1,b@e-6");
}
