#include "websocket_client.hpp"

#include "harness_error.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace anteroom::integration {
namespace {

// The example key of RFC 6455 (1.3), and the accept value for it.
constexpr auto key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr auto accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

}  // namespace

request websocket_request(std::string target, header_list const& headers) {
    header_list fields{{"Connection", "Upgrade"},
                       {"Upgrade", "websocket"},
                       {"Sec-WebSocket-Version", "13"},
                       {"Sec-WebSocket-Key", key}};
    for (auto const& given : headers) {
        std::erase_if(fields, [&](auto const& field) { return field.first == given.first; });
    }
    std::ranges::copy_if(headers, std::back_inserter(fields), [](auto const& field) { return !field.second.empty(); });
    return get(std::move(target), std::move(fields));
}

websocket_client::websocket_client(endpoint const& where, std::string target, header_list const& headers,
                                   std::string_view with_it, int receive_buffer)
    : connection_{where, receive_buffer} {
    connection_.send(websocket_request(std::move(target), headers).bytes() + std::string{with_it});
    deadline const end{default_timeout};
    auto size = std::string::npos;
    while ((size = received_.find("\r\n\r\n")) == std::string::npos) {
        if (connection_.read_some(received_, end.left()) != read_outcome::data) {
            throw harness_error{"no response to the handshake: " + received_};
        }
    }
    auto head = received_.substr(0, size + 4);
    received_.erase(0, size + 4);
    handshake_ = take_response(head, true, true).value();
    if (handshake_.status != 101 || handshake_.header("Upgrade") != "websocket" ||
        handshake_.header("Connection") != "Upgrade" || handshake_.header("Sec-WebSocket-Accept") != accept) {
        throw harness_error{"not a WebSocket handshake: " + handshake_.text() + received_};
    }
}

std::optional<websocket_frame> websocket_client::next_frame(milliseconds bound) {
    deadline const end{bound};
    for (;;) {
        if (auto frame = take_frame(received_)) {
            return frame;
        }
        auto const outcome = connection_.read_some(received_, end.left());
        if (outcome == read_outcome::timed_out) {
            throw harness_error{"no frame arrived in time; so far: " + received_};
        }
        if (outcome != read_outcome::data) {
            return std::nullopt;
        }
    }
}

boost::json::object websocket_client::next_object(milliseconds bound) {
    deadline const end{bound};
    for (;;) {
        auto const frame = next_frame(end.left());
        if (!frame || frame->kind == opcode::close) {
            throw harness_error{"the socket was closed instead of sending a text frame"};
        }
        if (frame->kind == opcode::ping) {
            send({.kind = opcode::pong, .payload = frame->payload});
        } else if (frame->kind == opcode::text && frame->final && frame->reserved == 0) {
            return boost::json::parse(frame->payload).as_object();
        } else {
            throw harness_error{"not the expected frame: " + frame->payload};
        }
    }
}

message websocket_client::next_message(milliseconds bound) {
    auto const object = next_object(bound);
    auto event = parse_stream_object(object);
    if (event.is != stream_event::kind::message) {
        throw harness_error{"not a message: " + boost::json::serialize(object)};
    }
    return std::move(event.what);
}

boost::json::object websocket_client::publish(std::string text) {
    send_text(std::move(text));
    for (;;) {
        auto answer = next_object();
        if (answer.contains("ack") || answer.contains("error")) {
            return answer;
        }
    }
}

int websocket_client::close_code(milliseconds bound) {
    deadline const end{bound};
    for (;;) {
        auto const frame = next_frame(end.left());
        if (!frame) {
            return 1006;
        }
        if (frame->kind == opcode::close) {
            connection_.shutdown_write();
            if (next_frame(end.left())) {
                throw harness_error{"data after the close frame"};
            }
            return frame->close_code().value_or(1005);
        }
    }
}

}  // namespace anteroom::integration
