// Parses WebSocket messages from the bytes that a server sends, and writes the frames that a subscriber answers with.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace anteroom::bench {

// The key of RFC 6455's own example and what a server has to answer to it: enough for a client that trusts its server.
constexpr std::string_view websocket_key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view websocket_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

enum class frame_kind { message, ping, close };

class frame_reader {
  public:
    using sink = std::function<void(frame_kind, std::string_view payload)>;

    /// Passes each complete message and control frame to `to` and returns how many of the `bytes` were consumed; the
    /// rest has to be passed again in front of the next bytes. Throws std::runtime_error on a frame that no server may
    /// send.
    std::size_t read(std::string_view bytes, sink const& to);

  private:
    void take(unsigned head, std::string_view payload, sink const& to);

    bool fragmented_ = false;
    std::string part_;  // of a message in several frames
};

// Appends the masked pong that answers a ping. The mask is fixed: what it guards against is not here.
void write_pong(std::string& out, std::string_view payload);

}  // namespace anteroom::bench
