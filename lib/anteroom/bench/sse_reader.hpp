// Parses Server-Sent Events from the bytes of a response, chunked or delimited by the end of the connection.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace anteroom::bench {

struct sse_event {
    std::string_view name;  // empty: a message
    std::string_view id;
    std::string_view data;  // one line: no server here sends several
};

class sse_reader {
  public:
    using sink = std::function<void(sse_event const&)>;

    void chunked(bool on) { chunked_ = on; }

    /// Passes each complete event to `to` and returns how many of the `bytes` were consumed; the rest, part of a
    /// chunk's frame, has to be passed again in front of the next bytes. Throws std::runtime_error on a malformed
    /// stream.
    std::size_t read(std::string_view bytes, sink const& to);

  private:
    void take(std::string_view text, sink const& to);

    bool chunked_ = false;
    bool in_chunk_ = false;
    std::size_t left_ = 0;  // of the chunk, with the line end after it
    std::string part_;      // of an event
};

}  // namespace anteroom::bench
