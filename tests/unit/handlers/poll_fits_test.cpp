// Which request continues a poll that was answered on its connection: without a server.
#include "handlers/fittings.hpp"
#include "http/house.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/handlers/subscribing.hpp>
#include <anteroom/http/router.hpp>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

struct field {
    http::header name;
    std::string_view value;
};

/// Polls that are made, but not answered.
struct desk {
    house<direct_service> it;
    fittings parts{it.home};
    http::session_over<net::test_stream> client{it.sessions, it.home.io()};

    static http::header_fields_ptr header(std::uint32_t id, std::initializer_list<field> fields) {
        auto* out = new http::header_fields;
        out->id = id;
        for (auto const& each : fields)
            out->values[static_cast<std::size_t>(each.name)] = each.value;
        return out;
    }
    std::unique_ptr<anteroom::poll> make(std::string_view target, http::header_fields_ptr fields) {
        call by{{parts.app, client}, it.sessions.requests().take(), std::nullopt};
        by.request->method = http::verb::get;
        by.request->target = target;
        by.request->fields = std::move(fields);
        by.request->parts = http::target::parse(target);
        http::matches("/room/{room}/subscribe", *by.request->parts, by.segment);
        auto asked = read_subscription(by);
        REQUIRE(asked);
        return std::make_unique<anteroom::poll>(by, std::move(*asked));
    }
    std::string begin(std::string_view room) { return to_string(parts.rooms.beginning(room)); }
};

bool fits(anteroom::poll const& of, std::string_view target, http::header_fields_ptr const& fields,
          http::verb method = http::verb::get) {
    return of.fits({method, target, fields.get()});
}

}  // namespace

TEST_CASE("a poll of one room is continued by the same header with the cursor that was given") {
    desk at;
    auto const same = desk::header(7, {});
    auto const made = at.make("/room/a/subscribe", same);
    auto const next = "/room/a/subscribe?after=" + at.begin("a");
    CHECK(fits(*made, next, same));
    CHECK(fits(*made, next, desk::header(7, {})));
    CHECK_FALSE(fits(*made, next, desk::header(8, {})));
    CHECK_FALSE(fits(*made, next, same, http::verb::post));
    for (auto const& other :
         {std::string("/room/a/subscribe"), std::string("/room/a/subscribe?after=0"), next + "9", next + "&wait=1",
          "/room/b/subscribe?after=" + at.begin("a"), "/room/a/subscribe?after=x" + at.begin("a"), std::string("/r"),
          "/rooms/a/subscribe?after=" + at.begin("a"), "/room/a/messages?after=" + at.begin("a") + "12345",
          std::string("/room/a/subscribe?after=")}) {
        CAPTURE(other);
        CHECK_FALSE(fits(*made, other, same));
    }
}

TEST_CASE("a poll of one room that asks for more than a cursor is not continued") {
    desk at;
    auto const same = desk::header(7, {});
    CHECK(at.make("/room/a/subscribe?after=0", same)->asked().header_id == 7);
    for (auto const* target : {"/room/a/subscribe?wait=1", "/room/a/subscribe?after=0&limit=3", "/subscribe",
                               "/room/%61/subscribe", "/room/a/subscribe?client=me", "/room/a/subscribe?as=ann"}) {
        CAPTURE(target);
        auto const made = at.make(target, same);
        CHECK(made->asked().header_id == 0);
        CHECK_FALSE(made->asked().request);
    }
    // Nor one whose header is not known again.
    CHECK(at.make("/room/a/subscribe", desk::header(0, {}))->asked().header_id == 0);
}

TEST_CASE("a poll of several rooms is continued by its own request with the cursor that was given") {
    desk at;
    std::string rooms;
    for (auto const* each : {"a", "b", "c", "d", "e", "f", "g", "h%20%C3%A4"})
        rooms += std::string("&room=") + each;
    auto const fields = desk::header(0, {{http::header::accept, "application/json"}, {http::header::prefer, "wait=3"}});
    auto const made = at.make("/subscribe?x-after=1&after=0" + rooms, fields);
    REQUIRE(made->asked().request);
    auto const cursor = made->asked().text->text();
    auto const with = [&](std::string const& value) { return "/subscribe?x-after=1&after=" + value + rooms; };
    CHECK(fits(*made, with(cursor), fields));
    std::string encoded;
    for (char const c : cursor)
        encoded += c == '@'   ? std::string("%40")
                   : c == ',' ? std::string("%2C")
                   : c == '%' ? std::string("%25")
                              : std::string(1, c);
    CHECK(fits(*made, with(encoded), fields));
    for (auto const& other : {with(cursor + "1"), with(cursor.substr(1)), with(cursor.substr(0, cursor.size() - 1)),
                              with("0"), with(""), with("%"), with(cursor) + "&room=i", std::string("/subscribe"),
                              "/Subscribe?x-after=1&after=" + cursor + rooms}) {
        CAPTURE(other);
        CHECK_FALSE(fits(*made, other, fields));
    }
    using http::header;
    CHECK_FALSE(
        fits(*made, with(cursor), desk::header(0, {{header::accept, "text/plain"}, {header::prefer, "wait=3"}})));
    CHECK_FALSE(fits(*made, with(cursor), desk::header(0, {{header::accept, "application/json"}})));
    CHECK_FALSE(fits(
        *made, with(cursor),
        desk::header(
            0, {{header::upgrade, "websocket"}, {header::accept, "application/json"}, {header::prefer, "wait=3"}})));
}

TEST_CASE("a cursor that a parser would read differently continues nothing") {
    desk at;
    std::string rooms;
    for (auto const* each : {"100%25", "a%2541", "aA", "a%2Cb", "c", "d", "e", "f"})
        rooms += std::string("&room=") + each;
    auto const fields = desk::header(0, {});
    auto const made = at.make("/subscribe?after=0" + rooms, fields);
    REQUIRE(made->asked().request);
    auto const cursor = made->asked().text->text();
    CHECK_FALSE(fits(*made, "/subscribe?after=" + cursor + rooms, fields));
    CHECK(fits(*made, "/subscribe?after=" + percent_encode(cursor) + rooms, fields));
    CHECK_FALSE(fits(*made, "/subscribe?after=" + percent_encode(percent_encode(cursor)) + rooms, fields));
    CHECK_FALSE(fits(*made, "/subscribe?%61fter=" + percent_encode(cursor) + rooms, fields));
}

TEST_CASE("the cursor is where a parser reads it") {
    desk at;
    std::string rooms = "room=0";
    for (int i = 1; i < 8; ++i)
        rooms += "&room=" + std::to_string(i);
    auto const fields = desk::header(0, {});
    auto const cursor_of = [](anteroom::poll& of) { return of.asked().text->text(); };
    // Where the first `after` is not read, the second is no cursor of theirs.
    for (auto const* query : {"x=?after=0&", "%61fter=0&after=0&", "after=0&after=0&"}) {
        CAPTURE(query);
        auto const made = at.make(std::string("/subscribe?") + query + rooms, fields);
        auto next = std::string("/subscribe?") + query + rooms;
        next.replace(next.rfind("after=0"), 7, "after=" + cursor_of(*made));
        CHECK_FALSE((made->asked().request && fits(*made, next, fields)));
    }
    auto const made = at.make("/subscribe?%61fter=0&after=0&" + rooms, fields);
    CHECK(fits(*made, "/subscribe?%61fter=" + cursor_of(*made) + "&after=0&" + rooms, fields));
    CHECK_FALSE(at.make("/subscribe?" + rooms + "#&after=0", fields)->asked().request);
    // A parameter wins over the field.
    auto const both = desk::header(0, {{http::header::last_event_id, "0"}});
    auto const mixed = at.make("/subscribe?%61fter=0&" + rooms, both);
    CHECK_FALSE(fits(*mixed, "/subscribe?%61fter=0&" + rooms,
                     desk::header(0, {{http::header::last_event_id, cursor_of(*mixed)}})));
}

TEST_CASE("a poll of several rooms whose cursor is a header field") {
    desk at;
    std::string target = "/subscribe?room=0";
    for (int i = 1; i < 8; ++i)
        target += "&room=" + std::to_string(i);
    // Without a cursor the next poll will look different.
    CHECK_FALSE(at.make(target, desk::header(0, {}))->asked().request);
    auto const made = at.make(target, desk::header(0, {{http::header::last_event_id, "0"}}));
    REQUIRE(made->asked().request);
    auto const cursor = made->asked().text->text();
    CHECK(fits(*made, target, desk::header(0, {{http::header::last_event_id, cursor}})));
    CHECK_FALSE(fits(*made, target, desk::header(0, {{http::header::last_event_id, "0"}})));
    CHECK_FALSE(fits(*made, target, desk::header(0, {})));
    CHECK_FALSE(fits(*made, target + "&room=9", desk::header(0, {{http::header::last_event_id, cursor}})));
    // Few rooms are not worth it.
    CHECK_FALSE(at.make("/subscribe?room=a&room=b&after=0", desk::header(0, {}))->asked().request);
}

TEST_CASE("what was kept of something else is no poll") {
    struct other final : http::connection_cache {
        bool fits(http::request_line const&) const noexcept override { return true; }
    };
    CHECK_THROWS_AS(anteroom::poll::from(std::make_unique<other>()), std::bad_cast);
}
