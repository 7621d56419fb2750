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
    auto const again = who.ask("POST /room/a/publish", with_key, "another");
    CHECK(again.status == 201);
    CHECK(again.body == first.body.substr(0, first.body.size() - 1) + R"(,"duplicate":true})");
    CHECK(it.end("a").ends_with("-1"));
    CHECK_FALSE(who.ask("POST /room/b/publish", with_key, "elsewhere").has("duplicate"));
    CHECK(who.ask("POST /publish?room=c&room=b", with_key, "in any of them").has("duplicate"));
    it.advance(std::chrono::minutes(5));
    visitor later(it);
    CHECK_FALSE(later.ask("POST /room/a/publish", with_key, "later").has("duplicate"));
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
    two.send(request("POST /publish", with_key, "two"));
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
