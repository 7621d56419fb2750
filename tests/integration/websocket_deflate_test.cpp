// permessage-deflate (RFC 7692): negotiated only with --websocket-deflate, and then transparent.
#include "harness_error.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "websocket_client.hpp"

#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>

#include <zlib.h>

#include <array>
#include <string>

using namespace anteroom::integration;
namespace json = boost::json;

namespace {

constexpr auto target = "/room/kitchen/subscribe";
header_list const offer{{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}};
constexpr std::string_view sync_end("\0\0\xff\xff", 4);

/// One message compressed without context takeover (RFC 7692, 7.2.1).
std::string deflated(std::string text) {
    z_stream state{};
    ::deflateInit2(&state, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string out(text.size() + 100, '\0');
    state.next_in = reinterpret_cast<Bytef*>(text.data());
    state.avail_in = static_cast<uInt>(text.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    ::deflate(&state, Z_SYNC_FLUSH);
    out.resize(state.total_out - sync_end.size());
    ::deflateEnd(&state);
    return out;
}

std::string inflated(std::string compressed) {
    compressed += sync_end;
    z_stream state{};
    ::inflateInit2(&state, -15);
    std::string out(1 << 20, '\0');
    state.next_in = reinterpret_cast<Bytef*>(compressed.data());
    state.avail_in = static_cast<uInt>(compressed.size());
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    auto const result = ::inflate(&state, Z_SYNC_FLUSH);
    out.resize(state.total_out);
    ::inflateEnd(&state);
    if (result != Z_OK || state.avail_in > 0) {
        throw harness_error{"a compressed message does not inflate"};
    }
    return out;
}

/// The next message, compressed or not; counts the compressed ones.
json::object next_object(websocket_client& socket, int& compressed) {
    auto const frame = socket.next_frame();
    if (!frame || frame->kind != opcode::text || !frame->final || (frame->reserved != 0 && frame->reserved != 4)) {
        throw harness_error{"not a message"};
    }
    compressed += frame->reserved == 4 ? 1 : 0;
    return json::parse(frame->reserved == 4 ? inflated(frame->payload) : frame->payload).as_object();
}

}  // namespace

TEST_CASE("compression is negotiated if both sides want it") {
    server_process const server{{"--websocket-deflate"}};
    struct asked {
        std::string offer;
        bool agreed;
    };
    for (auto const& [text, agreed] : std::vector<asked>{
             {"permessage-deflate", true},
             {"permessage-deflate; client_max_window_bits", true},
             {"permessage-deflate; server_no_context_takeover; client_no_context_takeover", true},
             {"permessage-deflate; client_max_window_bits=10", true},
             {"permessage-deflate; server_max_window_bits=8, permessage-deflate", true},
             {"permessage-deflate; unknown=1", false},
             {"permessage-deflate; server_max_window_bits=10", false},
             {"x-webkit-deflate-frame", false},
         }) {
        INFO(text);
        websocket_client const socket{server.at(), target, {{"Sec-WebSocket-Extensions", text}}};
        CHECK(socket.handshake().header("Sec-WebSocket-Extensions").starts_with("permessage-deflate") == agreed);
    }
    CHECK_FALSE(websocket_client{server.at(), target}.handshake().has("Sec-WebSocket-Extensions"));
    server_process const plain;
    CHECK_FALSE(websocket_client{plain.at(), target, offer}.handshake().has("Sec-WebSocket-Extensions"));
}

TEST_CASE("compressed messages make the round trip") {
    server_process const server{{"--websocket-deflate"}};
    websocket_client socket{server.at(), target, offer};
    websocket_client plain{server.at(), target};
    auto compressed = 0;
    for (auto const& text : {std::string(5000, 'x'), std::string{"short"}, std::string(300, 'y')}) {
        socket.send(websocket_frame{.payload = deflated(R"({"data":")" + text + "\"}"), .reserved = 4});
        auto first = next_object(socket, compressed);
        auto second = next_object(socket, compressed);
        auto const& heard = first.contains("ack") ? second : first;
        CHECK(heard.at("data") == json::value(text));
        CHECK(plain.next_message().data == json::value(text));
    }
    CHECK(compressed >= 2);
    // Compressed in fragments, and not compressed at all.
    auto const whole = deflated(R"({"data":"in pieces"})");
    socket.send(websocket_frame{.payload = whole.substr(0, 5), .final = false, .reserved = 4});
    socket.send(websocket_frame{.kind = opcode::continuation, .payload = whole.substr(5)});
    CHECK(plain.next_message().data == json::value("in pieces"));
    socket.send_text(R"({"data":"plain"})");
    CHECK(plain.next_message().data == json::value("plain"));
}

TEST_CASE("a message that does not inflate, or inflates to too much, closes the socket") {
    server_process const server{{"--websocket-deflate", "--max-body", "1000"}};
    struct violation {
        websocket_frame frame;
        int code;
    };
    for (auto const& [frame, code] : {
             violation{{.payload = "\xff\xff\xff\xff", .reserved = 4}, 1007},
             violation{{.payload = deflated(R"({"data":")" + std::string(100'000, 'x') + "\"}"), .reserved = 4}, 1009},
             violation{{.payload = deflated("{\"data\":\"\xff\"}"), .reserved = 4}, 1007},
             violation{{.kind = opcode::ping, .payload = "", .reserved = 4}, 1002},
             violation{{.payload = "{}", .reserved = 2}, 1002},
         }) {
        websocket_client socket{server.at(), target, offer};
        socket.send(frame);
        CHECK(socket.close_code() == code);
    }
    CHECK(room_client{server.at(), "kitchen"}.facts().messages == 0);
}
