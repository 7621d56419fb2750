// What the yardstick sends on SSE streams and WebSockets: heads, and each message encoded once for all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::bench {

enum class loop_form { poll, sse, websocket };

// The form that the head of a request asks for.
loop_form form_asked(std::string_view request_head);

// The response head that a stream begins with.
std::string stream_head(loop_form form, std::string_view cursor);

// A message as anteroom's JSON; `body` must have nothing to escape.
std::string message_json(std::string_view cursor, std::string_view body);

// One event in a chunk; `name` is empty for a message.
std::string sse_chunk(std::string_view name, std::string_view cursor, std::string_view data);

// One unmasked frame; `opcode` is 1 for text, 9 for a ping.
std::string websocket_frame(unsigned opcode, std::string_view payload);

// The masked frame of less than 126 bytes at the start of `bytes`.
struct client_frame {
    std::size_t size = 0;  // 0: not there yet, or none that a client may send
    unsigned opcode = 0;
    std::string payload;
};
client_frame read_client_frame(std::string_view bytes);

}  // namespace anteroom::bench
