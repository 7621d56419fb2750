// One HTTP answer as it lies in a receive buffer: found, measured and its few interesting fields looked up.
#pragma once

#include <cstddef>
#include <string_view>

namespace anteroom::bench {

struct answer {
    int status = 0;
    std::size_t size = 0;  // head and body together; of read_head() the head alone
    std::string_view body;
    std::string_view last_event_id;
    std::string_view gap;
    std::string_view last_modified;
    std::string_view etag;
    std::string_view room;    // in which the message was published, where several are polled
    std::string_view accept;  // Sec-WebSocket-Accept
    std::string_view content_type;
    std::string_view length;  // Content-Length; empty: there is none
    bool chunked = false;
    bool close = false;  // the server will close the connection
};

enum class answer_state { complete, incomplete, malformed };

// Reads the head alone of the answer at the start of `bytes`: what a stream begins with.
answer_state read_head(std::string_view bytes, answer& out);

// Reads the answer at the start of `bytes`; its views point into them. Answers without a length (chunked, or ended by
// closing) count as malformed: no server here sends a long poll that way.
answer_state read_answer(std::string_view bytes, answer& out);

/// Whether the bytes are one whole answer and nothing else; reads it if so.
bool is_answer(std::string_view bytes, answer& out);

}  // namespace anteroom::bench
