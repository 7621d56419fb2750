// A client of an NDJSON or SSE stream, chunked or until the connection is closed, with a strict incremental parser.
#pragma once

#include "connection.hpp"
#include "poll_response.hpp"
#include "request.hpp"
#include "response.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace anteroom::integration {

inline constexpr auto ndjson_type = "application/x-ndjson";
inline constexpr auto sse_type = "text/event-stream";

/// One event of a stream.
struct stream_event {
    enum class kind { start, message, gap, superseded, keep_alive };
    kind is = kind::message;
    message what = {};
    gap missed = {};
    std::string next;  ///< the cursor after it, if the stream has one
    int retry = 0;     ///< of `start`: milliseconds
};

class stream_client {
  public:
    /// Requests the stream and receives the head of the response; throws harness_error unless it is that of a stream of
    /// this type. With `version` "HTTP/1.0" the stream ends with the connection.
    stream_client(endpoint const& where, std::string target, std::string type, header_list headers = {},
                  std::string version = "HTTP/1.1", int receive_buffer = 0);

    [[nodiscard]] response const& head() const { return head_; }

    /// The next event; nullopt when the stream has ended normally. Throws harness_error if it is cut off, violates the
    /// protocol, or sends nothing in time.
    std::optional<stream_event> next(milliseconds bound = default_timeout);

    /// The next message; skips keep-alives and starts. Throws harness_error for any other event.
    message next_message(milliseconds bound = default_timeout);

    /// The cursor of the last event that had one; initially that of the head.
    [[nodiscard]] std::string const& cursor() const { return cursor_; }

    connection& raw() { return connection_; }

    /// What has been received after the end of the stream on the same connection.
    [[nodiscard]] std::string const& rest() const { return received_; }

  private:
    void take_head();
    bool take_block(std::string& block);
    bool take_body();
    stream_event parse(std::string const& block);
    stream_event parse_event(std::string_view block);
    stream_event parse_line(std::string_view line);

    connection connection_;
    response head_;
    bool sse_;
    bool chunked_ = true;
    bool ended_ = false;
    std::string received_;
    std::string body_;
    std::string cursor_;
};

/// Parses a line of an NDJSON stream or a text frame of a WebSocket.
stream_event parse_stream_object(boost::json::object const& object);

}  // namespace anteroom::integration
