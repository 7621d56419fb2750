// A client of a stream: NDJSON or SSE, in chunks or until the connection is closed, read strictly as it comes.
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

/// One thing that a stream says.
struct stream_item {
    enum class kind { start, message, gap, superseded, keep_alive };
    kind is = kind::message;
    message what = {};
    gap missed = {};
    std::string next;  ///< the cursor after it, where the stream tells it
    int retry = 0;     ///< of a start: milliseconds
};

class stream_client {
  public:
    /// Asks for the stream and takes the head of the answer; throws harness_error unless it is the head of a stream of
    /// this type. `version` "HTTP/1.0" asks for one that ends with the connection.
    stream_client(endpoint const& where, std::string target, std::string type, header_list headers = {},
                  std::string version = "HTTP/1.1", int receive_buffer = 0);

    [[nodiscard]] response const& head() const { return head_; }

    /// The next thing said; nothing when the stream has ended in good order. Throws harness_error when it breaks off,
    /// says what it must not, or says nothing in time.
    std::optional<stream_item> next(milliseconds bound = patience);

    /// The next message; keep-alives and starts are passed over. Throws harness_error when something else comes.
    message next_message(milliseconds bound = patience);

    /// The cursor of the last thing that had one; at first that of the head.
    [[nodiscard]] std::string const& cursor() const { return cursor_; }

    connection& raw() { return connection_; }

    /// What has come after the end of the stream on the same connection.
    [[nodiscard]] std::string const& rest() const { return received_; }

  private:
    void take_head();
    bool take_block(std::string& block);
    bool take_body();
    stream_item parse(std::string const& block);
    stream_item parse_event(std::string_view block);
    stream_item parse_line(std::string_view line);

    connection connection_;
    response head_;
    bool sse_;
    bool chunked_ = true;
    bool ended_ = false;
    std::string received_;
    std::string body_;
    std::string cursor_;
};

/// Reads a line of an NDJSON stream or a text frame of a WebSocket.
stream_item parse_stream_object(boost::json::object const& object);

}  // namespace anteroom::integration
