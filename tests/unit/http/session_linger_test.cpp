// What a client still sends of a long body that was refused: read and dropped, so that it sees the refusal, but not
// without bounds.
#include "http/scripted.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::unit;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::size_t megabyte = 1024 * 1024;

std::string head_of(std::size_t size) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

// Sends that many bytes in pieces that a connection accepts.
void send_some(client& who, std::size_t size) {
    static std::string const piece(128 * 1024, 'x');
    for (; size > 0; size -= std::min(size, piece.size()))
        who.send(std::string_view(piece).substr(0, size));
}

}  // namespace

TEST_CASE("a client that sends all of a body of 10 MB before it reads is refused, not reset") {
    scripted_house it;
    client who(it.sessions);
    who.send(get("/kept"));
    CHECK(bodies(who.receive()).size() == 1);
    SECTION("with its length in the head") {
        who.send(head_of(10 * megabyte));
        send_some(who, 10 * megabyte);
    }
    SECTION("in chunks") {
        who.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA00000\r\n");
        send_some(who, 10 * megabyte);
        who.send("\r\n0\r\n\r\n");
    }
    CHECK(closed(it) == 0);
    CHECK(who.receive().starts_with("HTTP/1.1 413 "));
    who.hang_up();
    CHECK(closed(it) == 1);
}

TEST_CASE("so is a client of any other refusal that sends a long body before it reads") {
    for (std::string const fields : {"Content-Type: a/b\r\nContent-Type: a/b\r\n",
                                     "Transfer-Encoding: gzip, chunked\r\n", "Expect: wonders\r\n"}) {
        CAPTURE(fields);
        scripted_house it;
        client who(it.sessions);
        who.send("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
        send_some(who, 10 * megabyte);
        CHECK(closed(it) == 0);
        CHECK(who.receive().starts_with("HTTP/1.1 "));
    }
}

TEST_CASE("no more than so much is dropped") {
    scripted_house it;
    client who(it.sessions);
    who.send(head_of(1'000 * megabyte));
    send_some(who, 16 * megabyte - 128 * 1024);
    CHECK(closed(it) == 0);
    send_some(who, 128 * 1024);
    CHECK(closed(it) == 1);
}

TEST_CASE("a client that stops sending, or sends for too long, is not lingered on") {
    scripted_house it;
    client quiet(it.sessions);
    client slow(it.sessions);
    quiet.send(head_of(10 * megabyte));
    slow.send(head_of(10 * megabyte));
    it.advance(milliseconds(1500));
    slow.send("x");
    it.advance(milliseconds(600));
    CHECK(closed(it) == 1);
    for (milliseconds passed(2100); passed < milliseconds(8000); passed += milliseconds(1300)) {
        slow.send("x");
        it.advance(milliseconds(1300));
        CHECK(closed(it) == 1);
    }
    // It would have two seconds more, but for the limit of all.
    slow.send("x");
    it.advance(milliseconds(1500));
    CHECK(closed(it) == 2);
}

TEST_CASE("only so many sessions read long bodies, the others give up as after any refusal") {
    scripted_house it;
    std::vector<std::unique_ptr<client>> crowd;
    for (std::size_t i = 0; i < http::worker::max_lingering; ++i) {
        crowd.push_back(std::make_unique<client>(it.sessions));
        crowd.back()->send(head_of(10 * megabyte));
        send_some(*crowd.back(), megabyte + 1);
    }
    CHECK(closed(it) == 0);
    client late(it.sessions);
    late.send(head_of(10 * megabyte));
    send_some(late, megabyte);
    CHECK(closed(it) == 1);
    // A slot is free again when its session ends.
    crowd.front()->hang_up();
    client next(it.sessions);
    next.send(head_of(10 * megabyte));
    send_some(next, 2 * megabyte);
    CHECK(closed(it) == 2);
}

TEST_CASE("a drain is not held up by what is dropped") {
    scripted_house it;
    client who(it.sessions);
    who.send(head_of(10 * megabyte));
    send_some(who, 2 * megabyte);
    CHECK(closed(it) == 0);
    it.sessions.drain();
    who.send("x");
    it.advance(seconds(1));
    CHECK(closed(it) == 1);
}
