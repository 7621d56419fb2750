// What a server's bytes say: answers, the chunks of a stream, the frames of a WebSocket.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anteroom::unit {

struct answer {
    unsigned status = 0;  // 0: there was no answer
    std::string head;     // with the status line
    std::string body;     // of a stream: what has come of it

    /// A field's value; empty if there is none. The name as the server writes it.
    std::string field(std::string_view name) const;
    bool has(std::string_view text) const { return body.find(text) != body.npos; }
};

/// Takes the first answer off a text. Without a Content-Length what follows is all its body, unless its status allows
/// none.
answer take_answer(std::string& from, bool to_head = false);

/// The data of all chunks that are whole. `0` and its empty line become `<end>`.
std::string dechunked(std::string_view text);

/// The values of all members `data` in JSON messages, as they are written, without quotes, in order.
std::vector<std::string> texts_in(std::string_view text);

/// Frames as a server writes them: `text …`, `deflated …` (its payload as it is), `ping`, `pong …`, `close 1001 …`.
std::vector<std::string> frames(std::string_view text);

/// A request with a Host, and a Content-Length where there is a body. `line`: method and target.
std::string request(std::string_view line, std::string_view fields = {}, std::string_view body = {});

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

}  // namespace anteroom::unit
