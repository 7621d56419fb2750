// An exception in a handler of each kind ends its session, and nothing else.
#include "handlers/house.hpp"
#include "handlers/memory_failure.hpp"
#include "websocket/client_frames.hpp"
#include <anteroom/room/channel.hpp>

#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <new>
#include <string>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

constexpr std::size_t large = 20'000;
std::string const long_text(30'000, 'x');

/// A client whose handler is met, and others who go on as if nothing had happened.
struct scene {
    void check() {
        CHECK(victim.is_closed());
        CHECK(it.home.counted().get(counter::connections_closed) == 1);
        it.publish("a", "after");
        CHECK(witness.next_answer().status == 200);
        CHECK(witness.ask("GET /room/a/subscribe?after=" + it.end("a")).status == 0);
        it.publish("a", "and on");
        CHECK(witness.next_answer().body == "and on");
    }

    anteroom_house it;
    visitor victim{it};
    visitor witness{it};
};

}  // namespace

TEST_CASE("an exception in a handler that answers at once") {
    scene at;
    at.it.publish("a", long_text);
    at.witness.ask("GET /room/a/subscribe");
    {
        memory_failure const failure(large);
        at.victim.send(request("GET /room/a/messages"));
        CHECK(failure.count() == 1);
    }
    at.check();
}

TEST_CASE("an exception in a poll that is answered at once") {
    scene at;
    at.it.publish("a", long_text);
    at.witness.ask("GET /room/a/subscribe");
    {
        memory_failure const failure(large);
        at.victim.send(request("GET /room/a/subscribe?after=0", accept_json));
        CHECK(failure.count() == 1);
    }
    at.check();
}

TEST_CASE("an exception in a poll that waited") {
    scene at;
    at.witness.ask("GET /room/a/subscribe");
    at.victim.ask("GET /room/b/subscribe", accept_json);
    std::string_view const room = "b";
    std::vector<draft> what{{content::text, long_text, {}}};
    auto added = at.it.rooms().append({&room, 1}, what);
    {
        memory_failure const failure(large);
        added->announce(at.it.home);
        at.it.run();
        CHECK(failure.count() == 1);
    }
    CHECK(at.it.waiting("b") == 0);
    at.check();
}

TEST_CASE("an exception in a stream or a WebSocket that waited, and in one of several rooms") {
    for (auto const* target : {"/room/b/subscribe", "/subscribe?room=b&room=c"}) {
        for (auto const fields : {accept_ndjson, accept_sse, visitor::upgrade_fields}) {
            CAPTURE(target, fields);
            scene at;
            at.witness.ask("GET /room/a/subscribe");
            at.victim.ask(std::string("GET ") + target, fields);
            std::string_view const room = "b";
            std::vector<draft> what{{content::text, long_text, {}}};
            auto added = at.it.rooms().append({&room, 1}, what);
            {
                memory_failure const failure(large);
                added->announce(at.it.home);
                at.it.run();
                CHECK(failure.count() >= 1);
            }
            CHECK(at.it.waiting("b") == 0);
            at.check();
        }
    }
}

TEST_CASE("an exception in a stream that is passed by the time its coroutine comes upon it") {
    anteroom_house it;
    visitor who(it);
    who.ask("GET /room/a/subscribe", accept_ndjson);
    std::string_view const room = "a";
    std::vector<draft> what{{content::text, long_text, {}}};
    auto added = it.rooms().append({&room, 1}, what);
    {
        memory_failure const failure(large);
        added->announce(it.home);
    }
    it.run();
    // Whether it could be written in the end or not, nothing is lost in silence.
    if (!who.is_closed())
        CHECK(it.waiting("a") == 1);
}

TEST_CASE("an exception while a stream or a WebSocket begins") {
    for (auto const fields : {accept_ndjson, visitor::upgrade_fields}) {
        CAPTURE(fields);
        scene at;
        at.it.publish("b", long_text);
        at.witness.ask("GET /room/a/subscribe");
        {
            memory_failure const failure(large);
            at.victim.send(request("GET /room/b/subscribe?after=0", fields));
            CHECK(failure.count() >= 1);
        }
        at.check();
    }
}

TEST_CASE("a status line that there was no memory for is not taken from another status") {
    anteroom_house it;
    for (unsigned const status : {200U, 404U, 503U, 400U})
        CHECK(it.sessions.status_line(status).starts_with("HTTP/1.1 " + std::to_string(status)));
    {
        memory_failure const failure(0);
        CHECK_THROWS_AS(it.sessions.status_line(405), std::bad_alloc);
    }
    CHECK(it.sessions.status_line(405).starts_with("HTTP/1.1 405 "));
}

// An exception there would leave through the loop, and nobody would resume who was to be resumed.
TEST_CASE("what waits is ended without memory, whatever it waits for") {
    bool const drains = GENERATE(true, false);
    CAPTURE(drains);
    anteroom_house it;
    visitor poll(it);
    visitor several(it);
    visitor lines(it);
    visitor socket(it);
    visitor idle(it);
    visitor silent(it);
    poll.ask("GET /room/a/subscribe");
    several.ask("GET /subscribe?room=a&room=b&room=c");
    lines.ask("GET /room/a/subscribe", accept_ndjson);
    socket.upgrade("/room/a/subscribe");
    idle.ask("GET /healthz");
    {
        memory_failure const failure(0);
        if (drains)
            it.sessions.drain();
        else
            it.sessions.abort();
        CHECK(failure.count() == 0);
    }
    it.run();
    if (drains) {
        CHECK(poll.next_answer().status == 204);
        CHECK(several.next_answer().status == 204);
        CHECK(socket.next_frames().size() == 1);
    }
    for (auto* each : {&poll, &several, &lines, &socket, &idle, &silent})
        CHECK(each->is_closed());
    CHECK(it.waiting("a") == 0);
}

TEST_CASE("a deadline ends a poll without memory") {
    anteroom_house it;
    visitor poll(it);
    poll.ask("GET /room/a/subscribe?wait=1");
    {
        memory_failure const failure(0);
        it.expire_after(std::chrono::seconds(2));
    }
    it.run();
    CHECK(poll.next_answer().status == 204);
}

TEST_CASE("a signal to another shard needs no memory") {
    shard here(0);
    shard there(1);
    std::array<shard*, 2> const shards{&here, &there};
    auto const changes = std::make_shared<channel>(shards);
    int woken = 0;
    for (int i = 0; i < 3; ++i)
        changes->async_wait(there, changes->now(), [&](boost::system::error_code) { ++woken; });
    {
        memory_failure const failure(0);
        CHECK(changes->signal(here, changes) == 3);
        CHECK(failure.count() == 0);
    }
    there.run();
    CHECK(woken == 3);
}

// Wherever it fails: the first long allocation, the second, … until it passes.
TEST_CASE("an exception in a publish appends nothing, and gives its key up") {
    std::string const target = GENERATE("/room/b/publish", "/publish?room=b&room=c");
    constexpr std::string_view key = "Idempotency-Key: k\r\n";
    bool fails = true;
    for (int nth = 0; fails; ++nth) {
        CAPTURE(nth);
        REQUIRE(nth < 20);
        scene at;
        at.witness.ask("GET /room/a/subscribe");
        at.victim.write(request("POST " + target, key, long_text));
        {
            memory_failure const failure(large, nth);
            at.it.run();
            fails = failure.count() > 0;
        }
        if (!fails) {
            CHECK(at.victim.next_answer().status == 201);
            continue;
        }
        at.check();
        CHECK(at.it.end("b").ends_with("-0"));
        visitor again(at.it);
        CHECK_FALSE(again.ask("POST " + target, key, "short").has("duplicate"));
    }
}

TEST_CASE("an exception in what a WebSocket publishes") {
    bool fails = true;
    for (int nth = 0; fails; ++nth) {
        CAPTURE(nth);
        REQUIRE(nth < 40);
        scene at;
        at.witness.ask("GET /room/a/subscribe");
        at.victim.upgrade("/room/b/subscribe");
        at.victim.write(whole(op::text, R"({"data":")" + long_text + "\"}"));
        {
            memory_failure const failure(large, nth);
            at.it.run();
            fails = failure.count() > 0;
        }
        if (fails)
            at.check();
        else
            CHECK(at.victim.next_frames().size() == 2);
    }
}
