// Decompresses WebSocket messages (RFC 7692), each without context from the previous one.
#pragma once

#include <anteroom/base/inflater.hpp>

#include <string>
#include <string_view>

namespace anteroom::websocket {

/// One message, in whatever pieces it comes. Takes some 40 KB.
class message_inflater {
  public:
    enum class result { good, too_big, broken };

    /// Decompresses a piece, and appends the text to `out`, as long as that has at most `most` bytes. Not to be called
    /// again after any result but `good`.
    result write(std::string_view packed, std::string& out, std::size_t most);
    /// The message is whole.
    result end(std::string& out, std::size_t most);

    static constexpr std::size_t memory = 40'000;

  private:
    inflater unpacker_;
    bool ended_ = false;     // by a final block
    bool followed_ = false;  // by what may stand behind that
};

struct inflated {
    std::string text;
    bool too_big = false;
    bool broken = false;
};

/// Decompresses a whole message, up to `most` bytes.
inflated inflate(std::string_view packed, std::size_t most);

}  // namespace anteroom::websocket
