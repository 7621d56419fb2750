// The interface of the application that a session calls to answer requests: all that a session knows of the
// application.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/http/connection_cache.hpp>
#include <anteroom/http/request_pool.hpp>
#include <anteroom/http/response.hpp>

#include <memory>
#include <optional>
#include <string>

namespace anteroom::http {

class session;

class service {
  public:
    /// Answers a request, on the thread of the session's shard: either immediately, by session::send(), and then the
    /// returned awaitable is empty (not valid()); or by the time that awaitable completes. An exception ends the
    /// session.
    virtual awaitable<> serve(session& client, request_ptr asked) = 0;

    /// The response to a request of which only the head has come, where that decides it; it is sent instead of a `100
    /// (Continue)`, and the body is not read. The request stays the caller's.
    virtual std::optional<response> refusal_of_head(session&, request_ptr&) { return std::nullopt; }

    /// Answers a request that `kept` fits, of which nothing else was made. As serve() does; `fields` are there during
    /// the call only, and not for a coroutine.
    virtual awaitable<> serve_again(session& client, std::unique_ptr<connection_cache> kept,
                                    header_fields const& fields) = 0;

    /// Additional header fields (CORS) for the response to a request that is refused before serve() is called; `fields`
    /// has what was parsed of its head.
    virtual std::string refusal_fields(header_fields const& fields) = 0;

  protected:
    ~service() = default;
};

}  // namespace anteroom::http
