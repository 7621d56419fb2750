// Valid and invalid frames (RFC 6455), and the close code for each invalid one.
#include "room_client.hpp"
#include "server_process.hpp"
#include "websocket_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

constexpr auto target = "/room/kitchen/subscribe";

std::string framed(std::string text) {
    return text_frame(std::move(text)).bytes();
}

struct violation {
    std::string what;
    std::string bytes;
    int code;
};

void check_closed_with(server_process const& server, std::vector<violation> const& violations) {
    websocket_client other{server.at(), target};
    for (auto const& [what, bytes, code] : violations) {
        INFO(what);
        websocket_client socket{server.at(), target};
        socket.send(bytes);
        CHECK(socket.close_code() == code);
    }
    // None of these published anything or affected others.
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
    CHECK(other.publish(R"({"data":"x"})").contains("ack"));
}

}  // namespace

TEST_CASE("a message may be fragmented, with control frames between the fragments") {
    server_process const server;
    websocket_client socket{server.at(), target};
    websocket_client reader{server.at(), target};
    socket.send(websocket_frame{.payload = R"({"da)", .final = false});
    socket.send(websocket_frame{.kind = opcode::ping, .payload = "one"});
    socket.send(websocket_frame{.kind = opcode::continuation, .payload = "", .final = false});
    socket.send(websocket_frame{.kind = opcode::continuation, .payload = "ta\":\"\xc3", .final = false});
    socket.send(websocket_frame{.kind = opcode::pong, .payload = "unasked"});
    socket.send(websocket_frame{.kind = opcode::ping, .payload = ""});
    auto const one = socket.next_frame();
    REQUIRE(one);
    CHECK(one->kind == opcode::pong);
    CHECK(one->payload == "one");
    auto const two = socket.next_frame();
    REQUIRE(two);
    CHECK(two->kind == opcode::pong);
    CHECK(two->payload.empty());
    socket.send(websocket_frame{.kind = opcode::continuation, .payload = "\xa9\"}"});
    CHECK(reader.next_message().data == json::value("é"));
}

TEST_CASE("frames may arrive one byte at a time") {
    server_process const server;
    websocket_client socket{server.at(), target};
    websocket_client reader{server.at(), target};
    auto const long_text = std::string(300, 'y');
    auto const bytes = framed(R"({"data":"x"})") +
                       websocket_frame{.kind = opcode::ping, .payload = std::string(125, 'p')}.bytes() +
                       framed(R"({"data":")" + long_text + "\"}");
    for (char const each : bytes) {
        socket.send(std::string(1, each));
    }
    CHECK(reader.next_message().data == json::value("x"));
    CHECK(reader.next_message().data == json::value(long_text));
}

TEST_CASE("frames may arrive with the handshake, and many at once") {
    server_process const server;
    websocket_client reader{server.at(), target};
    websocket_client eager{server.at(), target, {}, framed(R"({"data":"a"})") + framed(R"({"data":"b"})")};
    CHECK(reader.next_message().data == json::value("a"));
    CHECK(reader.next_message().data == json::value("b"));
    std::string many;
    for (auto i = 0; i < 500; ++i) {
        many += framed(R"({"data":)" + std::to_string(i) + "}");
    }
    eager.send(many);
    for (auto i = 0; i < 500; ++i) {
        CHECK(reader.next_message().data == json::value(i));
    }
}

TEST_CASE("a ping of any length is answered with the same bytes") {
    server_process const server;
    websocket_client socket{server.at(), target};
    for (auto const size : {0U, 1U, 124U, 125U}) {
        auto const payload = std::string(size, '\xff');
        socket.send(websocket_frame{.kind = opcode::ping, .payload = payload});
        auto const answer = socket.next_frame();
        REQUIRE(answer);
        CHECK(answer->kind == opcode::pong);
        CHECK(answer->payload == payload);
    }
}

TEST_CASE("a frame that breaks the protocol is closed with 1002") {
    server_process const server;
    std::vector<violation> all{
        {"unmasked", websocket_frame{.payload = "{}", .masked = false}.bytes(), 1002},
        {"unmasked and empty", websocket_frame{.payload = "", .masked = false}.bytes(), 1002},
        {"continuation of nothing", websocket_frame{.kind = opcode::continuation, .payload = "x"}.bytes(), 1002},
        {"text within a message",
         websocket_frame{.payload = "a", .final = false}.bytes() + websocket_frame{.payload = "b"}.bytes(), 1002},
        {"ping too long", websocket_frame{.kind = opcode::ping, .payload = std::string(126, 'x')}.bytes(), 1002},
        {"ping in fragments", websocket_frame{.kind = opcode::ping, .payload = "x", .final = false}.bytes(), 1002},
        {"close in fragments", websocket_frame{.kind = opcode::close, .payload = "", .final = false}.bytes(), 1002},
        {"length longer than it need be",
         std::string{"\x81\xfe\x00\x05"
                     "abcdhello",
                     13},
         1002},
        {"length of 64 bits with the first set",
         std::string{"\x81\xff\xff\x00\x00\x00\x00\x00\x00\x01"
                     "abcd",
                     14},
         1002},
        {"an HTTP request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 1002},
    };
    for (unsigned const reserved : {1U, 2U, 4U, 7U}) {
        all.push_back({"reserved bits", websocket_frame{.payload = "{}", .reserved = reserved}.bytes(), 1002});
    }
    for (unsigned const code : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
        all.push_back(
            {"unknown opcode", websocket_frame{.kind = static_cast<opcode>(code), .payload = ""}.bytes(), 1002});
    }
    check_closed_with(server, all);
}

TEST_CASE("invalid UTF-8 is closed with 1007, binary with 1003, too long a message with 1009") {
    server_process const server{{"--max-body", "1000"}};
    auto const pieces = [](std::string first, std::string second) {
        return websocket_frame{.payload = std::move(first), .final = false}.bytes() +
               websocket_frame{.kind = opcode::continuation, .payload = std::move(second)}.bytes();
    };
    check_closed_with(server,
                      {
                          {"no UTF-8", framed("{\"data\":\"\xff\"}"), 1007},
                          {"overlong", framed("{\"data\":\"\xc0\xaf\"}"), 1007},
                          {"surrogate", framed("{\"data\":\"\xed\xa0\x80\"}"), 1007},
                          {"cut off", framed("{\"data\":\"\xc3"), 1007},
                          {"no UTF-8 over two fragments", pieces("{\"data\":\"\xc3", "x\"}"), 1007},
                          {"reason of a close", close_frame(1000, "\xff").bytes(), 1007},
                          {"binary", websocket_frame{.kind = opcode::binary, .payload = "{}"}.bytes(), 1003},
                          {"too long", framed(R"({"data":")" + std::string(1001, 'x') + "\"}"), 1009},
                          {"too long, before it comes", framed(std::string(6 * 1000 + 4097, 'x')).substr(0, 8), 1009},
                          {"too long together", pieces(std::string(600, 'x'), std::string(401, 'x')), 1009},
                          {"longer than anything",
                           std::string{"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
                                       "abcd",
                                       14},
                           1009},
                      });
    websocket_client socket{server.at(), target};
    auto const longest = R"({"data":")" + std::string(1000, 'x') + "\"}";
    CHECK(socket.publish(longest).contains("ack"));
}

TEST_CASE("a close is answered with its code, an invalid one with 1002") {
    server_process const server;
    std::vector<violation> all{{"no code", websocket_frame{.kind = opcode::close, .payload = ""}.bytes(), 1005},
                               {"half a code", websocket_frame{.kind = opcode::close, .payload = "x"}.bytes(), 1002},
                               {"with a reason", close_frame(1000, "good bye, é").bytes(), 1000}};
    for (auto const code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
        all.push_back({std::to_string(code), close_frame(code).bytes(), code});
    }
    for (auto const code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
        all.push_back({std::to_string(code), close_frame(code).bytes(), 1002});
    }
    // Bytes after a close frame are not read.
    all.push_back({"and more", close_frame(1000).bytes() + framed(R"({"data":"x"})"), 1000});
    check_closed_with(server, all);
}
