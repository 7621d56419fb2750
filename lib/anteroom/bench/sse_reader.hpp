// Takes Server-Sent Events out of the bytes of a response, in chunks or until the connection closes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace anteroom::bench {

struct sse_event {
    std::string_view name;  // empty: a message
    std::string_view id;
    std::string_view data;  // its one line: nobody here sends several
};

class sse_reader {
  public:
    using sink = std::function<void(sse_event const&)>;

    void chunked(bool on) { chunked_ = on; }

    /// Hands each event that is complete to `to` and says how many of the `bytes` it has used; the rest, part of a
    // chunk's frame, has to be given again in front of what comes next. Throws std::runtime_error on a malformed
    // stream.
    std::size_t read(std::string_view bytes, sink const& to);

  private:
    void take(std::string_view text, sink const& to);

    bool chunked_ = false;
    bool in_chunk_ = false;
    std::size_t left_ = 0;  // of the chunk, with the line end after it
    std::string part_;      // of an event
};

}  // namespace anteroom::bench
