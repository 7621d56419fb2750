// One HTTP answer as it lies in a receive buffer: found, measured and its few interesting fields looked up.
#pragma once

#include <cstddef>
#include <string_view>

namespace anteroom::bench {

struct answer {
    int status = 0;
    std::size_t size = 0;  // head and body together
    std::string_view body;
    std::string_view last_event_id;
    std::string_view gap;
    std::string_view last_modified;
    std::string_view etag;
    bool close = false;  // the server will close the connection
};

enum class answer_state { complete, incomplete, malformed };

// Reads the answer at the start of `bytes`; its views point into them. Answers without a length (chunked, or ended by
// closing) count as malformed: no server here sends a long poll that way.
answer_state read_answer(std::string_view bytes, answer& out);

}  // namespace anteroom::bench
