// The single encoding of a message, and the forms that are slices of it: JSON, NDJSON, SSE, WebSocket.
#pragma once

#include <anteroom/room/message.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace anteroom::encode {

/// Views into a message's encoding, which is made once, on first use, and lives as long as the message.
class frames {
  public:
    explicit frames(message const& of);

    /// The message as a JSON object: `{"id":…,"time":…,"from":…,"data":…}`.
    std::string_view json() const noexcept { return after(json_, bytes_.size() - json_ - tail.size()); }
    /// The part after the `{`, for callers that insert a member in front.
    std::string_view json_rest() const noexcept { return json().substr(1); }
    /// The JSON object and a line feed: one line of NDJSON.
    std::string_view line() const noexcept { return after(json_, bytes_.size() - json_ - tail.size() + 1); }
    /// The chunk head (RFC 9112, 7.1) of a chunk that holds line().
    std::string_view line_chunk_head() const noexcept { return after(0, websocket_); }
    /// The frame head (RFC 6455, 5.2) of an unmasked text frame that holds json().
    std::string_view websocket_head() const noexcept { return after(websocket_, sse_chunk_ - websocket_); }
    /// The message as an event of an event stream: `id:`, `data:`, and the empty line.
    std::string_view event() const noexcept { return after(event_, bytes_.size() - event_ - 2); }
    /// The event as a whole chunk.
    std::string_view event_chunk() const noexcept { return bytes_.substr(sse_chunk_); }

    /// Terminates the data of a chunk.
    static constexpr std::string_view chunk_end = "\r\n";

  private:
    static constexpr std::string_view tail = "\n\n\r\n";

    std::string_view after(std::size_t mark, std::size_t size) const noexcept { return bytes_.substr(mark, size); }

    std::string_view bytes_;
    std::size_t websocket_, sse_chunk_, event_, json_;
};

/// Appends a chunk head, such as `1f4\r\n`.
void append_chunk_head(std::string& out, std::size_t size);

}  // namespace anteroom::encode
