// Idempotency-Key: a repeat gets the first answer again, and waits for it where it must.
#include "handlers/answers.hpp"
#include "handlers/fittings.hpp"
#include "handlers/house.hpp"

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::string_view with_key = "Idempotency-Key: k\r\n";

}  // namespace

TEST_CASE("a repeat with the same key in the same room appends nothing") {
    anteroom_house it;
    visitor who(it);
    auto const first = who.ask("POST /room/a/publish", with_key, "one");
    auto const again = who.ask("POST /room/a/publish", with_key, "one");
    CHECK(again.status == 201);
    CHECK(again.body == first.body.substr(0, first.body.size() - 1) + R"(,"duplicate":true})");
    CHECK(it.end("a").ends_with("-1"));
    CHECK_FALSE(who.ask("POST /room/b/publish", with_key, "elsewhere").has("duplicate"));
    it.advance(std::chrono::minutes(5));
    visitor later(it);
    CHECK_FALSE(later.ask("POST /room/a/publish", with_key, "later").has("duplicate"));
}

TEST_CASE("a key that comes with another message is 422, and the first answer is kept") {
    anteroom_house it;
    visitor who(it);
    auto const first = who.ask("POST /room/a/publish", with_key, "one");
    struct {
        std::string fields;
        char const* body;
        unsigned status;
    } const rows[] = {
        {"", "another", 422},
        {"", "one ", 422},
        {"Content-Type: application/json\r\n", "1", 422},
        {"Content-Type: application/json\r\n", "\"one\"", 422},
        {"Content-Type: application/x-ndjson\r\n", "\"one\"\n\"two\"", 422},
        {"", "one", 201},
        {"Content-Type: application/x-www-form-urlencoded\r\n", "message=one", 201},
    };
    for (auto const& each : rows) {
        CAPTURE(each.fields, each.body);
        auto const got = who.ask("POST /room/a/publish", std::string(with_key) + each.fields, each.body);
        CHECK(got.status == each.status);
        CHECK(got.has(each.status == 201 ? R"("duplicate":true)" : "another message"));
    }
    CHECK(it.end("a").ends_with("-1"));
    CHECK(who.ask("POST /publish?room=b&room=a", with_key, "another").status == 422);
    CHECK_FALSE(it.rooms().find("b"));
}

TEST_CASE(
    "a key that comes with other rooms, another author or another form of receipt is 422, and nothing is published") {
    anteroom_house it;
    visitor who(it);
    who.ask("POST /room/a/publish?as=ann", with_key, "m");
    auto const several = who.ask("POST /publish?room=b&room=c", with_key, "m");
    std::string const batch = std::string(with_key) + "Content-Type: application/x-ndjson\r\n";
    who.ask("POST /room/d/publish", batch, "\"m\"\n");
    struct {
        char const* line;
        std::string fields;
        char const* body;
    } const rows[] = {
        {"POST /room/a/publish?as=bob", std::string(with_key), "m"},
        {"POST /room/a/publish", std::string(with_key), "m"},
        {"POST /publish?room=a&as=ann", std::string(with_key), "m"},
        {"POST /publish?room=a&room=x&as=ann", std::string(with_key), "m"},
        {"POST /publish?room=x&room=a&as=ann", std::string(with_key), "m"},
        {"POST /publish?room=b&room=x", std::string(with_key), "m"},
        {"POST /publish?room=b&room=c&room=x", std::string(with_key), "m"},
        {"POST /room/b/publish", std::string(with_key), "m"},
        {"POST /room/d/publish", std::string(with_key) + "Content-Type: application/json\r\n", "\"m\""},
    };
    for (auto const& [line, fields, body] : rows) {
        CAPTURE(line);
        CHECK(who.ask(line, fields, body).status == 422);
    }
    CHECK_FALSE(it.rooms().find("x"));
    for (auto const* room : {"a", "b", "c", "d"})
        CHECK(it.end(room).ends_with("-1"));
    CHECK(who.ask("POST /room/a/publish?as=ann", with_key, "m").has("duplicate"));
    CHECK(several.status == 201);
    CHECK(who.ask("POST /publish?room=c&room=b", with_key, "m").has("duplicate"));
    CHECK(who.ask("POST /room/d/publish", batch, "\"m\"\n").has("duplicate"));
}

TEST_CASE("a key in quotes is the key without them") {
    anteroom_house it;
    visitor who(it);
    who.ask("POST /room/a/publish", "Idempotency-Key: abc\r\n", "x");
    for (auto const* same : {"\"abc\"", "abc", "\"abc\";version=1"}) {
        CAPTURE(same);
        CHECK(who.ask("POST /room/a/publish", std::string("Idempotency-Key: ") + same + "\r\n", "x").has("duplicate"));
    }
    CHECK_FALSE(who.ask("POST /room/a/publish", "Idempotency-Key: \"a\\\"b\\\\c\"\r\n", "x").has("duplicate"));
    CHECK(who.ask("POST /room/a/publish", "Idempotency-Key: a\"b\\c\r\n", "x").has("duplicate"));
    for (auto const* wrong :
         {"\"abc", "\"", "\"\"", "\"a\\bc\"", "\"abc\"d", "\"abc\\\"", "\"a b\"", "\"abc\";", "\"abc\";\"", ""}) {
        CAPTURE(wrong);
        auto const got = who.ask("POST /room/a/publish", std::string("Idempotency-Key: ") + wrong + "\r\n", "x");
        CHECK(got.status == 400);
        CHECK(got.has("Idempotency-Key must be"));
    }
}

TEST_CASE("a repeat waits for the first, and gets its answer") {
    house<direct_service> it;
    fittings parts(it.home);
    it.service.open(parts);
    std::array<std::string_view, 1> const rooms{"lobby"};
    client who(it.sessions);
    auto const first = parts.keys.begin(rooms, "k");
    REQUIRE(first.is == idempotency_window::standing::first);
    who.send(request("POST /publish", with_key, "again"));
    CHECK(who.receive().empty());
    // An answer to another key is none to this one.
    std::array<std::string_view, 1> const others{"another"};
    parts.keys.answer(parts.keys.begin(others, "k").what, "{}", it.home);
    it.run();
    CHECK(who.receive().empty());
    parts.keys.answer(first.what, R"({"id":"x-1"})", it.home);
    auto text = who.receive();
    auto const got = take_answer(text);
    CHECK(got.status == 201);
    CHECK(got.body == R"({"id":"x-1","duplicate":true})");
    CHECK_FALSE(parts.rooms.find("lobby"));
}

TEST_CASE("where the first fails, a repeat that waits is the first") {
    house<direct_service> it;
    fittings parts(it.home);
    it.service.open(parts);
    std::array<std::string_view, 1> const rooms{"lobby"};
    client one(it.sessions);
    client two(it.sessions);
    auto const first = parts.keys.begin(rooms, "k");
    one.send(request("POST /publish", with_key, "one"));
    two.send(request("POST /publish", with_key, "one"));
    parts.keys.give_up(first.what, it.home);
    it.run();
    auto text = one.receive();
    auto const published = take_answer(text);
    text = two.receive();
    auto const repeated = take_answer(text);
    CHECK(published.status == 201);
    CHECK_FALSE(published.has("duplicate"));
    CHECK(repeated.body == published.body.substr(0, published.body.size() - 1) + R"(,"duplicate":true})");
    CHECK(parts.rooms.find("lobby")->messages() == 1);
}

TEST_CASE("a client that hangs up while its repeat waits is not answered, and the connection ends with the first") {
    house<direct_service> it;
    fittings parts(it.home);
    it.service.open(parts);
    std::array<std::string_view, 1> const rooms{"lobby"};
    client who(it.sessions);
    auto const first = parts.keys.begin(rooms, "k");
    who.send(request("POST /publish", with_key, "again"));
    who.hang_up();
    it.sessions.drain();
    parts.keys.answer(first.what, R"({"id":"x-1"})", it.home);
    it.run();
    CHECK(it.home.counted().get(counter::connections_closed) == 1);
}
