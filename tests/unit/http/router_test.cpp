// Which route a path and a method match, and which methods a path allows.
#include <anteroom/http/router.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace anteroom::http;

TEST_CASE("a path matches a pattern segment by segment") {
    struct row {
        std::string_view pattern;
        std::string_view path;
        bool fits;
        std::optional<std::string_view> captured = std::nullopt;
    };
    static constexpr row rows[] = {
        {"/", "/", true},
        {"/", "/a", false},
        {"/", "//", false},
        {"/rooms", "/rooms", true},
        {"/rooms", "/rooms/", false},
        {"/rooms", "//rooms", false},
        {"/rooms", "/room", false},
        {"/rooms", "/roomsx", false},
        {"/rooms", "/Rooms", false},
        {"/rooms", "/", false},
        {"/rooms", "/rooms?limit=1", true},
        {"/room/{room}", "/room/kitchen", true, "kitchen"},
        {"/room/{room}", "/room/a%2Fb", true, "a%2Fb"},
        {"/room/{room}", "/room/..", true, ".."},
        {"/room/{room}", "/room/", true, ""},
        {"/room/{room}", "/room//", false},
        {"/room/{room}", "/room", false},
        {"/room/{room}/subscribe", "/room/kitchen/subscribe", true, "kitchen"},
        {"/room/{room}/subscribe", "/room//subscribe", true, ""},
        {"/room/{room}/subscribe", "/room/subscribe", false},
        {"/room/{room}/subscribe", "/room/a/b/subscribe", false},
        {"/assets/{path...}", "/assets/style.css", true, "style.css"},
        {"/assets/{path...}", "/assets/app/view/page.js", true, "app/view/page.js"},
        {"/assets/{path...}", "/assets/app/view/page.js?v=1/2", true, "app/view/page.js"},
        {"/assets/{path...}", "/assets/a%2Fb/c", true, "a%2Fb/c"},
        {"/assets/{path...}", "/assets/../c", true, "../c"},
        {"/assets/{path...}", "/assets/", true, ""},
        {"/assets/{path...}", "/assets//", true, "/"},
        {"/assets/{path...}", "/assets//a", true, "/a"},
        {"/assets/{path...}", "/assets/a/", true, "a/"},
        {"/assets/{path...}", "/assets", false},
        {"/assets/{path...}", "/asset/a", false},
        {"/room/{room}/{path...}", "/room/kitchen/a/b", true, "a/b"},
        {"/room/{room}/{path...}", "/room/kitchen", false},
    };
    for (auto const& row : rows) {
        CAPTURE(row.pattern, row.path);
        auto const path = target::parse(row.path);
        REQUIRE(path);
        std::optional<std::string_view> captured = "from before";
        CHECK(matches(row.pattern, *path, captured) == row.fits);
        if (row.fits)
            CHECK(captured == row.captured);
    }
}

TEST_CASE("a request finds its route, or the methods that the path allows") {
    static constexpr std::array<route<int>, 5> table = {{
        {"/", verb::get, 1, true},
        {"/room/{room}", verb::get, 2, true},
        {"/room/{room}", verb::delete_, 3},
        {"/room/{room}/subscribe", verb::get, 4},
        {"/room/{room}/publish", verb::post, 5},
    }};
    struct row {
        std::string_view path;
        verb method;
        int handler;  // 0: none
        std::optional<std::string_view> captured;
        std::string_view allow;
    };
    static constexpr row rows[] = {
        {"/", verb::get, 1, {}, ""},
        {"/", verb::head, 1, {}, ""},
        {"/", verb::post, 0, {}, "GET, HEAD, OPTIONS"},
        {"/", verb::options, 0, {}, "GET, HEAD, OPTIONS"},
        {"/room/a", verb::get, 2, "a", ""},
        {"/room/a", verb::head, 2, "a", ""},
        {"/room/a", verb::delete_, 3, "a", ""},
        {"/room/a", verb::put, 0, "a", "GET, HEAD, DELETE, OPTIONS"},
        {"/room/a/subscribe", verb::get, 4, "a", ""},
        {"/room/a/subscribe", verb::head, 0, "a", "GET, OPTIONS"},
        {"/room/a/publish", verb::get, 0, "a", "POST, OPTIONS"},
        {"/room/a/publish", verb::unknown, 0, "a", "POST, OPTIONS"},
        {"/nowhere", verb::get, 0, {}, ""},
        {"/room/", verb::options, 0, "", "GET, HEAD, DELETE, OPTIONS"},
        {"/room/a/b/c", verb::options, 0, {}, ""},
    };
    for (auto const& row : rows) {
        CAPTURE(row.path, static_cast<int>(row.method));
        auto const path = target::parse(row.path);
        REQUIRE(path);
        auto const said = find_route(std::span<route<int> const>(table), *path, row.method);
        CHECK((said.found ? said.found->handler : 0) == row.handler);
        if (said.found)
            CHECK(said.captured == row.captured);
        else
            CHECK(said.allow == row.allow);
    }
}
