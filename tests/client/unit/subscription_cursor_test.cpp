// How far a subscriber has come, in one room and in several.
#include "../print.hpp"
#include <anteroom/client/subscription_cursor.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

TEST_CASE("the rooms of a subscription are checked") {
    CHECK(places::in({"kitchen"}));
    CHECK(places::in({std::string(128, 'x')}));
    CHECK_FALSE(places::in({}));
    CHECK_FALSE(places::in({""}));
    CHECK_FALSE(places::in({"a/b"}));
    CHECK_FALSE(places::in({"a\nb"}));
    CHECK_FALSE(places::in({"\xFF"}));
    CHECK_FALSE(places::in({std::string(129, 'x')}));
    CHECK_FALSE(places::in({"a", "b", "a"}));
    std::vector<std::string> many;
    for (int i = 0; i < 100; ++i)
        many.push_back(std::to_string(i));
    CHECK(places::in(many));
    many.emplace_back("one more");
    CHECK_FALSE(places::in(many));
}

TEST_CASE("the place in one room is its cursor") {
    auto at = *places::in({"kitchen"});
    CHECK(at.cursor().empty());
    CHECK_FALSE(at.complete());
    CHECK(at.take("e-7"));
    CHECK(at.cursor() == "e-7");
    CHECK(at.complete());
    CHECK(at.advance("kitchen", "e-8"));
    CHECK(at.advance("", "e-9"));
    CHECK(at.cursor() == "e-9");
    CHECK_FALSE(at.advance("hall", "e-1"));
    CHECK(at.take("hall@x-1,kitchen@y-2"));
    CHECK(at.cursor() == "y-2");
    CHECK(at.take("0"));
    CHECK(at.cursor() == "0");
}

TEST_CASE("the place in several rooms names each of them") {
    auto at = *places::in({"a", "b c", "d@e,f"});
    CHECK(at.take("b%20c@e-1"));
    CHECK_FALSE(at.complete());
    CHECK(at.cursor() == "b%20c@e-1");
    CHECK(at.advance("a", "e-2"));
    CHECK(at.advance("d@e,f", "e-3"));
    CHECK_FALSE(at.advance("", "e-4"));
    CHECK(at.complete());
    CHECK(at.cursor() == "a@e-2,b%20c@e-1,d%40e%2Cf@e-3");
    auto same = *places::in({"a", "b c", "d@e,f"});
    CHECK(same.take(at.cursor()));
    CHECK(same.cursor() == at.cursor());
    CHECK(same.take("0"));
    CHECK(same.cursor() == "a@0,b%20c@0,d%40e%2Cf@0");
}

TEST_CASE("what is no cursor changes nothing") {
    auto at = *places::in({"a", "b"});
    REQUIRE(at.take("a@e-1,b@e-2"));
    for (auto const* text : {"", "e-1", "a@", "a@e-3,b", "a@e-3,,b@e-4", "%zz@e-3", "a@e-3,b@e 4", "a@e-3\r\nX: y"}) {
        INFO(text);
        auto copy = at;
        bool const taken = copy.take(text);
        CHECK((!taken || std::string_view(text).empty()));
        CHECK(copy.cursor() == "a@e-1,b@e-2");
    }
}

TEST_CASE("rooms without a place get one, the others keep theirs") {
    auto at = *places::in({"a", "b"});
    auto const now = [] {
        auto out = *places::in({"a", "b"});
        out.take("a@e-5,b@e-6");
        return out;
    }();
    at.take("a@e-1");
    at.fill(now);
    CHECK(at.cursor() == "a@e-1,b@e-6");
}
