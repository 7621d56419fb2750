// What a client sends over a WebSocket: control frames, fragments, and what is not allowed.
#include "handlers/house.hpp"
#include "websocket/client_frames.hpp"

using namespace anteroom;
using namespace anteroom::unit;

using list = std::vector<std::string>;

TEST_CASE("pings are answered, pongs are not, also while it waits and in any pieces") {
    anteroom_house it;
    visitor who(it);
    CHECK(who.upgrade("/room/a/subscribe").status == 101);
    who.send(whole(op::ping, "x") + whole(op::pong, "y") + whole(op::ping, ""));
    CHECK(who.next_frames() == list{"pong x", "pong"});
    for (char const& each : whole(op::ping, "bytes"))
        who.send({&each, 1});
    CHECK(who.next_frames() == list{"pong bytes"});
    CHECK(it.waiting("a") == 1);
}

TEST_CASE("frames that come with the handshake are read") {
    anteroom_house it;
    visitor who(it);
    who.send(request("GET /room/a/subscribe", visitor::upgrade_fields) + whole(op::ping, "early"));
    CHECK(frames(who.next_answer().body) == list{"pong early"});
}

TEST_CASE("a message in fragments is one, with control frames between them") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    who.send(frame(op::text, R"({"da)"));
    who.send(whole(op::ping, "between"));
    CHECK(who.next_frames() == list{"pong between"});
    who.send(frame(op::final | op::continuation, R"(ta":"whole"})"));
    auto const got = who.next_frames();
    REQUIRE(got.size() == 2);
    CHECK((got[0].starts_with(R"(text {"ack":{"id":)") || got[1].starts_with(R"(text {"ack":{"id":)")));
    CHECK((texts_in(got[0]) == list{"whole"} || texts_in(got[1]) == list{"whole"}));
}

TEST_CASE("a close is answered with its code, and the connection ends") {
    struct {
        std::string sent;
        std::string answered;
    } const rows[] = {
        {close_frame(1000, "bye"), "close 1000"},
        {close_frame(4321), "close 4321"},
        {whole(op::close, ""), "close"},
        {whole(op::binary, "x"), "close 1003 frames are text: JSON in UTF-8"},
        {whole(op::text, "\xFF"), "close 1007 the text is not valid"},
        {whole(op::text, std::string(64 * 1024 + 1, 'x')), "close 1009 the message is longer than this server takes"},
        {whole(3, "x"), "close 1002"},
        {"\x81\x01x", "close 1002"},  // not masked
    };
    for (auto const& each : rows) {
        CAPTURE(each.answered);
        anteroom_house it;
        visitor who(it);
        who.upgrade("/room/a/subscribe");
        who.send(each.sent);
        CHECK(who.next_frames() == list{each.answered});
        CHECK(it.waiting("a") == 0);
        it.advance(std::chrono::seconds(3));
        CHECK(it.home.counted().get(counter::connections_closed) == 1);
    }
}

TEST_CASE("text that cannot become valid closes the socket before its message is whole") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    who.send(frame(op::text, R"({"data":")"));
    auto const rest = frame(op::continuation, "ab\xC3(and much more");
    who.send(std::string_view(rest).substr(0, 6 + 3));
    CHECK(who.next_frames().empty());
    who.send(std::string_view(rest).substr(9, 1));
    CHECK(who.next_frames() == list{"close 1007 the text is not valid"});
}

TEST_CASE("a client that hangs up, or says that it will send no more, is forgotten at once") {
    anteroom_house it;
    visitor gone(it);
    visitor half(it);
    visitor early(it);
    gone.upgrade("/room/a/subscribe");
    half.upgrade("/room/a/subscribe");
    gone.hang_up();
    half.shut_down();
    early.write(request("GET /room/a/subscribe", visitor::upgrade_fields));
    early.hang_up();  // before it starts
    CHECK(it.waiting("a") == 0);
    CHECK(it.home.counted().get(counter::connections_closed) == 3);
}

TEST_CASE("what came before the hang-up counts") {
    anteroom_house it;
    visitor who(it);
    visitor other(it);
    who.upgrade("/room/a/subscribe");
    other.ask("GET /room/a/subscribe");
    who.write(whole(op::text, R"({"data":"last words"})"));
    who.shut_down();
    CHECK(other.next_answer().body == "last words");
    CHECK(it.waiting("a") == 0);
}

TEST_CASE("more frames than are read in a row are all read, and others have their turn meanwhile") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += whole(op::ping, std::to_string(i));
    who.send(many);
    auto const got = who.next_frames();
    REQUIRE(got.size() == 3000);
    CHECK(got.back() == "pong 2999");
    // Also one by one, each while it waits.
    for (int i = 0; i < 40; ++i)
        who.send(whole(op::ping, "x"));
    CHECK(who.next_frames().size() == 40);
}

TEST_CASE("an incomplete message is held memory at once, and no more once it is whole") {
    anteroom_house it;
    visitor who(it);
    who.upgrade("/room/a/subscribe");
    auto const message = whole(op::text, R"({"data":")" + std::string(40'000, 'x') + R"("})");
    who.send(std::string_view(message).substr(0, 30'000));
    CHECK(it.sessions.held().used() >= 30'000);
    who.send(std::string_view(message).substr(30'000));
    who.next_frames();
    CHECK(it.sessions.held().used() == 0);
    CHECK(it.service.rooms().totals().messages == 1);
}
