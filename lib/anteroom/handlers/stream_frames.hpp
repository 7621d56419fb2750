// What is written to streams: messages, gaps and keep-alives, in each of the streaming formats.
#pragma once

#include <anteroom/encode/frames.hpp>
#include <anteroom/handlers/subscription.hpp>
#include <anteroom/websocket/writer.hpp>

namespace anteroom {

/// How many portions one stream writes in a row before it yields.
inline constexpr int turns_in_a_row = 16;

/// Writes a piece of a stream's body, which must not be empty.
void write_chunk(http::session& to, std::string_view piece);

/// Writes a complete WebSocket frame.
void write_frame(http::session& to, websocket::opcode kind, std::string_view payload);

/// Writes to one subscriber's stream, and listens to its room. Everything except the messages' shared encodings is
/// generated here.
class stream_writer final : public channel::listener {
  public:
    /// `deflate`: messages of a WebSocket are compressed.
    stream_writer(http::session& to, subscription& from, bool deflate = false) noexcept
        : to_(to), from_(from), deflate_(deflate) {}

    /// Reads a delta and writes as much of it as the socket accepts; advances the subscription by that. Returns whether
    /// the delta was not empty.
    bool write_delta();
    /// Writes the delta without resuming the stream's coroutine, which continues to wait if everything was written.
    std::optional<channel::ticket> changed() override;

    /// Notifies the client that a newer subscription has superseded this one.
    void write_superseded();
    /// Writes a keep-alive.
    void keep_alive();
    /// For SSE: the delay in ms before reconnecting after the stream has ended, and the initial cursor.
    void write_retry(int time);

    /// Writes one event whose data is JSON; for NDJSON and WebSocket `line` is the complete event.
    void write_event(std::string_view type, std::string_view id, std::string_view data, std::string_view line);

  private:
    void write_payload(std::string_view payload);
    void write_gaps(delta const& found);
    std::size_t write_messages(delta const& found);
    std::size_t write_messages_of_several(delta const& found);
    std::size_t write_pieces(delta const& found, std::span<asio::const_buffer const> pieces);

    http::session& to_;
    subscription& from_;
    bool deflate_;
};

}  // namespace anteroom
