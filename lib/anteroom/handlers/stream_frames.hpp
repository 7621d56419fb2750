// What is written to streams: messages, gaps and signs of life, in each of the forms that go on.
#pragma once

#include <anteroom/encode/frames.hpp>
#include <anteroom/handlers/subscription.hpp>

namespace anteroom {

/// Of what one stream has to tell, then others have their turn.
inline constexpr int turns_in_a_row = 16;

/// Writes a whole frame of a WebSocket.
void write_frame(http::session& to, encode::opcode kind, std::string_view payload);

/// Writes to one subscriber's stream, and listens to its room. Everything that is not a message's own encoding is made
/// here.
class stream_writer final : public channel::listener {
  public:
    /// `deflate`: messages of a WebSocket are compressed.
    stream_writer(http::session& to, subscription& from, bool deflate = false) noexcept
        : to_(to), from_(from), deflate_(deflate) {}

    /// Looks for news and writes what the socket takes of them; the subscription moves behind that. Says whether there
    /// was something.
    bool tell_news();
    /// Tells the news, without the stream's coroutine being resumed for it, and has it go on waiting if that was all.
    std::optional<channel::ticket> changed() override;

    /// Says that a newer subscription has taken this one's place.
    void tell_superseded();
    /// A sign of life.
    void keep_alive();
    /// For SSE: how long to stay away when the stream has ended, in ms, and where it begins.
    void tell_retry(int time);

    /// Writes one event whose data is JSON; for NDJSON and WebSocket `line` is the whole of it.
    void write_event(std::string_view type, std::string_view id, std::string_view data, std::string_view line);

  private:
    void write_payload(std::string_view payload);
    void tell_gaps(news const& found);
    std::size_t write_messages(news const& found);
    std::size_t write_messages_of_several(news const& found);
    std::size_t write_pieces(news const& found, std::span<asio::const_buffer const> pieces);

    http::session& to_;
    subscription& from_;
    bool deflate_;
};

}  // namespace anteroom
