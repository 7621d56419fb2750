// Targets and forms: split into segments, and decoded if necessary.
#include <anteroom/http/target.hpp>

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace anteroom::http;
using segments = std::vector<std::string_view>;

TEST_CASE("the path of a target in segments") {
    struct row {
        std::string_view text;
        segments path;
    };
    row const rows[] = {
        {"/", {}},
        {"/?a=b", {}},
        {"/#fragment", {}},
        {"/rooms", {"rooms"}},
        {"/rooms/", {"rooms", ""}},
        {"//", {"", ""}},
        {"//rooms", {"", "rooms"}},
        {"/room/kitchen/subscribe", {"room", "kitchen", "subscribe"}},
        {"/room/a%20b", {"room", "a%20b"}},
        {"/room/a%2Fb/publish?as=x/y", {"room", "a%2Fb", "publish"}},
        {"/a/../b/./c", {"a", "..", "b", ".", "c"}},
        {"/room/%zz", {"room", "%zz"}},  // left to the handler to reject
        {"/a:b://c", {"a:b:", "", "c"}},
        {"/a?b=http://c/d", {"a"}},
        {"http://host/room/a", {"room", "a"}},
        {"http://host:80/room/a?b=c", {"room", "a"}},
        {"http://host", {}},
        {"http://host/", {}},
        {"HTTP://host/a", {"a"}},
    };
    for (auto const& [text, path] : rows) {
        CAPTURE(text);
        auto const parsed = target::parse(text);
        REQUIRE(parsed);
        CHECK(segments(parsed->segments().begin(), parsed->segments().end()) == path);
    }
}

TEST_CASE("invalid targets are rejected") {
    for (std::string_view const text :
         {"", "*", "rooms", "?a=b", "host:80", "/?a=%", "/?a=%4", "/?%zz=b", "/?a&b=%g0"}) {
        CAPTURE(text);
        CHECK_FALSE(target::parse(text));
    }
}

TEST_CASE("the query of a target") {
    auto const parsed = target::parse("/room/a?after=k3f9x-42&wait=0.5&as=Ann+B%C3%A9#limit=3");
    REQUIRE(parsed);
    CHECK(parsed->get("after") == "k3f9x-42");
    CHECK(parsed->get("wait") == "0.5");
    CHECK(parsed->get("as") == "Ann B\xC3\xA9");
    CHECK_FALSE(parsed->get("limit"));
    CHECK_FALSE(parsed->get(""));
    CHECK_FALSE(parsed->get("After"));
}

TEST_CASE("a target in absolute form has a query too") {
    struct row {
        std::string_view text;
        std::optional<std::string_view> after;
        segments path;
    };
    row const rows[] = {
        {"http://host/room/a?after=0", "0", {"room", "a"}},
        {"http://host/?after=0", "0", {}},
        {"http://host?after=0", "0", {}},
        {"http://host?after=/x", "/x", {}},
        {"http://host/a?b=http://c/d&after=0", "0", {"a"}},
    };
    for (auto const& [text, after, path] : rows) {
        CAPTURE(text);
        auto const parsed = target::parse(text);
        REQUIRE(parsed);
        CHECK(parsed->get("after") == after);
        CHECK(segments(parsed->segments().begin(), parsed->segments().end()) == path);
    }
}

TEST_CASE("a form's fields") {
    struct row {
        std::string_view text;
        std::string_view name;
        std::optional<std::string_view> value;
    };
    static constexpr row rows[] = {
        {"", "a", std::nullopt},
        {"a=b", "a", "b"},
        {"a=b", "b", std::nullopt},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"=b", "", "b"},
        {"a=b=c", "a", "b=c"},
        {"a=1&a=2", "a", "1"},
        {"&&a=1&&b=2&", "b", "2"},
        {"a=b+c", "a", "b c"},
        {"a=b%2Bc", "a", "b+c"},
        {"a=b%26c%3Dd", "a", "b&c=d"},
        {"a+b=c", "a b", "c"},
        {"%61=b", "a", "b"},
        {"a=%00", "a", std::string_view("\0", 1)},
        {"message=%F0%9F%98%80", "message", "\xF0\x9F\x98\x80"},
        {"a;b=c", "a;b", "c"},
    };
    for (auto const& [text, name, value] : rows) {
        CAPTURE(text, name);
        auto const parsed = form::parse(text);
        REQUIRE(parsed);
        CHECK(parsed->get(name) == value);
    }
    for (std::string_view const text : {"a=%", "%=a", "a=1&b=%1", "a=%%"}) {
        CAPTURE(text);
        CHECK_FALSE(form::parse(text));
    }
}

TEST_CASE("a form of many decoded fields keeps them all, even when it is moved") {
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "n+" + std::to_string(i) + "=v+" + std::to_string(i) + "&";
    auto parsed = form::parse(text);
    REQUIRE(parsed);
    auto const moved = std::move(*parsed);
    parsed.reset();
    for (int i = 0; i < 100; ++i) {
        auto const name = "n " + std::to_string(i);
        CHECK(moved.get(name) == "v " + std::to_string(i));
    }
}
