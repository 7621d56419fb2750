// Reads the frames that a WebSocket client sends (RFC 6455, 5); needs no socket.
#pragma once

#include <anteroom/base/utf8.hpp>
#include <anteroom/websocket/inflate.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::websocket {

/// The status codes of a close frame (RFC 6455, 7.4.1), and two codes of our own.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    invalid_payload = 1007,
    policy_violation = 1008,
    message_too_big = 1009,
    try_again_later = 1013,  // of the IANA registry
    superseded = 4001,
};

/// Parses what a client sends: takes bytes as they arrive and returns whole messages. Memory: the received part of an
/// incomplete message, and nothing between messages.
class reader {
  public:
    /// `max_message`: a longer message is an error, reported before its payload is read if the frame gives its length.
    /// Text that cannot become valid UTF-8 is one as soon as it is seen, compressed or not.
    reader(std::size_t max_message, bool deflate) noexcept : max_message_(max_message), deflate_(deflate) {}

    enum class event { need_more, text, ping, pong, closed, error };

    /// Reads from the front of `input`, from which it removes what it has consumed, up to the next event.
    event read(std::string_view& input);

    /// After `text`, `ping` and `pong`: the payload, valid until the next read(). After `closed`: the reason.
    std::string_view payload() const noexcept { return payload_; }
    /// Releases the memory of the payload.
    void forget() noexcept { payload_ = std::string(); }
    /// After `closed` the client's code, if it sent one; after `error` the code to close with.
    std::optional<close_code> code() const noexcept { return code_; }
    /// The memory, in bytes, that the received part of an incomplete message takes.
    std::size_t memory() const noexcept {
        return message_.capacity() + control_.capacity() + (unpacker_ ? message_inflater::memory : 0);
    }
    /// Whether a message or frame is incomplete.
    bool in_message() const noexcept { return fragmented_ || !message_.empty() || head_size_ > 0; }

  private:
    bool read_head(std::string_view& input);
    std::optional<close_code> check_head();
    event end_frame();
    event end_message();
    event end_close();
    std::optional<close_code> take(std::string_view some);
    std::optional<close_code> take_packed();
    event fail(close_code why) noexcept;
    std::size_t head_length() const noexcept;
    bool is_control() const noexcept { return opcode_ >= 8; }

    std::size_t max_message_;
    std::string message_;                         // the received part of a data message, decompressed
    std::string packed_;                          // of a compressed one: the last piece
    std::unique_ptr<message_inflater> unpacker_;  // while the message is compressed
    std::size_t received_ = 0;                    // bytes of the message before it was decompressed
    std::string control_;                         // the received part of a control frame
    std::string payload_;
    std::optional<close_code> code_;
    utf8_validator text_;     // of the message
    std::uint64_t left_ = 0;  // remaining payload of the frame
    std::array<unsigned char, 14> head_{};
    std::uint8_t head_size_ = 0;
    std::uint8_t mask_at_ = 0;
    std::uint8_t opcode_ = 0;
    bool final_ = false;
    bool in_payload_ = false;
    bool fragmented_ = false;  // the message continues in the next data frame
    bool deflate_;
};

}  // namespace anteroom::websocket
