#include "loop_streams.hpp"

#include <fmt/format.h>

#include <time.h>

namespace anteroom::bench {

loop_form form_asked(std::string_view head) {
    if (head.find("\r\nAccept: text/event-stream\r\n") != std::string_view::npos) {
        return loop_form::sse;
    }
    return head.find("\r\nUpgrade: websocket\r\n") != std::string_view::npos ? loop_form::websocket : loop_form::poll;
}

std::string stream_head(loop_form form, std::string_view cursor) {
    if (form == loop_form::websocket) {
        // The generator always sends the key of RFC 6455's own example.
        static constexpr std::string_view websocket_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        return fmt::format(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Accept: {}\r\nLast-Event-ID: {}\r\n\r\n",
            websocket_accept, cursor);
    }
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nLast-Event-ID: {}\r\n"
        "Cache-Control: no-store\r\n\r\n",
        cursor);
}

std::string message_json(std::string_view cursor, std::string_view body) {
    return fmt::format(R"({{"id":"{}","time":{}000,"data":"{}"}})", cursor, ::time(nullptr), body);
}

std::string sse_chunk(std::string_view name, std::string_view cursor, std::string_view data) {
    auto const event = name.empty() ? fmt::format("id: {}\ndata: {}\n\n", cursor, data)
                                    : fmt::format("event: {}\nid: {}\ndata: {}\n\n", name, cursor, data);
    return fmt::format("{:x}\r\n{}\r\n", event.size(), event);
}

std::string websocket_frame(unsigned opcode, std::string_view payload) {
    std::string out(1, static_cast<char>(0x80 | opcode));
    auto const number = [&](unsigned octets) {
        for (auto shift = octets * 8; shift != 0;) {
            shift -= 8;
            out += static_cast<char>(payload.size() >> shift & 0xff);
        }
    };
    if (payload.size() < 126) {
        number(1);
    } else if (payload.size() < 65'536) {
        out += '\x7e';
        number(2);
    } else {
        out += '\x7f';
        number(8);
    }
    return out.append(payload);
}

client_frame read_client_frame(std::string_view bytes) {
    client_frame out;
    if (bytes.size() < 6) {
        return out;
    }
    auto const second = static_cast<unsigned char>(bytes[1]);
    std::size_t const length = second & 0x7f;
    if ((second & 0x80) == 0 || length > 125 || bytes.size() < 6 + length) {
        return out;
    }
    out.size = 6 + length;
    out.opcode = static_cast<unsigned char>(bytes[0]) & 0x0f;
    for (std::size_t index = 0; index < length; ++index) {
        out.payload += static_cast<char>(bytes[6 + index] ^ bytes[2 + index % 4]);
    }
    return out;
}

}  // namespace anteroom::bench
