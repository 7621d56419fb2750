// An HTTP response as it arrives, and what it means for the client.
#pragma once

#include <anteroom/client/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::client {

struct response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    /// The value of a field, its name compared without regard to case; empty if there is none.
    std::string_view field(std::string_view name) const noexcept;
};

/// Parses one response from bytes, however they are split; passes over interim responses before it (RFC 9110, 15.2). No
/// I/O.
class response_parser {
  public:
    response_parser();
    ~response_parser();
    response_parser(response_parser&&) noexcept;
    response_parser& operator=(response_parser&&) noexcept;

    /// Consumes bytes from the front of `bytes`, and leaves what it cannot parse yet and what follows the response.
    /// False if this is not HTTP.
    bool feed(std::string& bytes);

    /// The connection ended; false if that does not complete the response.
    bool feed_end();

    bool has_head() const;
    bool complete() const;

    /// Whether the connection can be reused. Valid once complete().
    bool keep_alive() const;

    /// What has been parsed of the response so far. The body grows; a caller that consumes it as it arrives clears it.
    response& received();

  private:
    struct state;
    std::unique_ptr<state> state_;
};

/// What a response, or a failure, means for the operation that got it.
struct outcome {
    enum class action { accept, retry, give_up };
    action what = action::accept;
    std::chrono::milliseconds retry_after{};  ///< the minimum delay before a retry
    error why;
};

/// Decides by status: 2xx is accepted, transient errors are retried, anything else is an error of the request and is
/// not.
outcome evaluate(response const& of);

/// Reads Retry-After in seconds, one hour at most; 0 if there is none or it is not a number.
std::chrono::milliseconds retry_after(response const& of) noexcept;

}  // namespace anteroom::client
