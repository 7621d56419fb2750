// What a poll may ask for, and what is refused.
#include "handlers/house.hpp"

#include <memory>

using namespace anteroom;
using namespace anteroom::unit;

TEST_CASE("how long a poll waits: `wait`, else `Prefer`") {
    struct row {
        char const* query;
        char const* fields;
        int milliseconds;
    };
    row const rows[] = {
        {"?wait=2", "", 2000},
        {"?wait=0.5", "", 500},
        {"?wait=1.25", "", 1250},
        {"?wait=1.125", "", 1125},
        {"?wait=99999999999999999999999", "", 120'000},
        {"?wait=2", "Prefer: wait=7\r\n", 2000},
        {"", "Prefer: wait=7\r\n", 7000},
        {"", "Prefer: respond-async, WAIT=3; foo=1\r\n", 3000},
        {"", "Prefer: wait=x\r\n", 25'000},
        {"", "Prefer: wait=, handling=lenient\r\n", 25'000},
        {"", "Prefer: respond-async\r\nPrefer: wait = \"3\"\r\n", 3000},
        {"", "Prefer: wait=2, wait=7\r\n", 2000},
        {"", "Prefer: wait=2\r\nPrefer: wait=7\r\n", 2000},
        {"", "Prefer: wait=x, wait=7\r\n", 25'000},
        {"", "Prefer: note=\"wait=1, wait=2\", wait=0.5\r\n", 500},
        {"", "", 25'000},
    };
    for (auto const& each : rows) {
        CAPTURE(each.query, each.fields);
        anteroom_house it;
        visitor who(it);
        CHECK(who.ask(std::string("GET /room/a/subscribe") + each.query, each.fields).status == 0);
        it.advance(milliseconds(each.milliseconds - 200));
        CHECK(who.receive().empty());
        it.advance(milliseconds(200));
        CHECK(who.next_answer().status == 204);
    }
}

TEST_CASE("parameters that cannot be used are 400, with the name of what is wrong") {
    anteroom_house it;
    visitor who(it);
    std::string const long_name(65, 'x');
    std::string const long_id(129, 'x');
    std::pair<std::string, std::string> const rows[] = {
        {"wait=x", "'wait'"},
        {"wait=", "'wait'"},
        {"wait=-1", "'wait'"},
        {"wait=1.", "'wait'"},
        {"wait=.5", "'wait'"},
        {"wait=1.1234", "'wait'"},
        {"wait=1.x", "'wait'"},
        {"limit=0", "'limit'"},
        {"limit=1001", "'limit'"},
        {"limit=x", "'limit'"},
        {"after=x", "'after'"},
        {"after=a@", "'after'"},
        {"as=", "'as'"},
        {"as=" + long_name, "'as'"},
        {"as=%01", "'as'"},
        {"as=%FF", "'as'"},
        {"client=", "'client'"},
        {"client=a%20b", "'client'"},
        {"client=" + long_id, "'client'"},
        {"as=%20", "'as'"},
        {"as=%E2%80%8B", "'as'"},
        {"as=a%E2%80%8Db", "'as'"},
        {"as=%E2%80%AEnna", "'as'"},
        {"as=%C2%A0%E3%85%A4", "'as'"},
    };
    for (auto const& [query, detail] : rows) {
        CAPTURE(query);
        auto const got = who.ask("GET /room/a/subscribe?" + query);
        CHECK(got.status == 400);
        CHECK(got.field("Content-Type") == "application/problem+json");
        CHECK(got.has(detail));
    }
    CHECK(who.ask("GET /room/a/subscribe", "Last-Event-ID: nonsense\r\n").status == 400);
}

TEST_CASE("a poll says which wait it has taken from Prefer") {
    struct {
        char const* query;
        char const* fields;
        char const* applied;
    } const rows[] = {
        {"", "", ""},
        {"", "Prefer: wait=1\r\n", "wait=1"},
        {"", "Prefer: handling=lenient, wait=\"0.50\"\r\n", "wait=0.5"},
        {"", "Prefer: wait=0\r\n", "wait=0"},
        {"", "Prefer: wait=0.125\r\n", "wait=0.125"},
        {"", "Prefer: wait=999\r\n", "wait=120"},
        {"?wait=1", "Prefer: wait=2\r\n", ""},
        {"", "Prefer: wait=x\r\n", ""},
        {"", "Prefer: respond-async\r\n", ""},
    };
    for (auto const& each : rows) {
        for (auto const form : {std::string_view(), accept_json}) {
            CAPTURE(each.query, each.fields, form);
            anteroom_house it;
            visitor who(it);
            auto const fields = std::string(each.fields).append(form);
            auto const line = std::string("GET /room/a/subscribe") + each.query;
            auto nothing = who.ask(line, fields);
            if (nothing.status == 0) {
                it.advance(std::chrono::seconds(120));
                nothing = who.next_answer();
            }
            CHECK(nothing.field("Preference-Applied") == each.applied);
            it.publish("a", "x");
            visitor next(it);
            auto const message = next.ask("GET /room/a/subscribe?after=0", fields);
            CHECK(message.status == 200);
            CHECK(message.field("Preference-Applied") == (*each.query != 0 ? "wait=2" : each.applied));
            // A stream does not end by time.
            visitor stream(it);
            CHECK(stream.ask(line, std::string(each.fields).append(accept_sse)).field("Preference-Applied").empty());
        }
    }
}

TEST_CASE("names of rooms that cannot be") {
    anteroom_house it;
    visitor who(it);
    for (auto const& name : {std::string("%00"), std::string("%FF"), std::string("a%2Fb"), std::string(129, 'x')}) {
        CAPTURE(name);
        auto const got = who.ask("GET /room/" + name + "/subscribe");
        CHECK(got.status == 400);
        CHECK(got.has("a room's name is"));
    }
    CHECK(who.ask("GET /room/a%20%C3%A4/subscribe?wait=0").status == 204);
    CHECK(it.rooms().find("a \xC3\xA4"));
}

TEST_CASE("a form that is not on offer, and methods that the path has not") {
    anteroom_house it;
    visitor who(it);
    auto const form = who.ask("GET /room/a/subscribe", "Accept: image/png\r\n");
    CHECK(form.status == 406);
    CHECK(form.has("text/event-stream"));
    for (auto const* line : {"HEAD /room/a/subscribe", "POST /room/a/subscribe", "DELETE /subscribe"}) {
        CAPTURE(line);
        auto const got = who.ask(line);
        CHECK(got.status == 405);
        CHECK(got.field("Allow") == "GET, OPTIONS");
    }
    // An upgrade to something else is none.
    CHECK(who.ask("GET /subscribe?wait=0", "Upgrade: h2c\r\nConnection: Upgrade\r\n").status == 204);
}

TEST_CASE("where there are as many rooms as there is memory for, a poll of another is 503") {
    hub_options limits;
    limits.memory = 16 * 1024;
    anteroom_house it({}, limits);
    // Those that are waited in: others would make way.
    std::vector<std::unique_ptr<visitor>> crowd;
    answer last;
    for (int i = 0; i < 100 && last.status != 503; ++i) {
        crowd.push_back(std::make_unique<visitor>(it));
        last = crowd.back()->ask("GET /room/" + std::to_string(i) + "/subscribe");
        CHECK((last.status == 0 || last.status == 503));
    }
    CHECK(last.status == 503);
    CHECK(last.field("Retry-After") == "1");
    visitor who(it);
    CHECK(who.ask("GET /room/0/subscribe?wait=0").status == 204);
    crowd.front()->hang_up();
    it.advance(milliseconds(0));
    crowd.clear();
    CHECK(who.ask("GET /room/new/subscribe?wait=0").status == 204);
}
