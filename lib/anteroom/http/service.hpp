// What a session asks to have a request answered: the one thing that it knows of the application.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/http/connection_cache.hpp>
#include <anteroom/http/request_pool.hpp>

#include <memory>
#include <string>

namespace anteroom::http {

class session;

class service {
  public:
    /// Answers a request, on the thread of the session's shard: at once, by session::send(), and then the awaitable
    /// that is returned is empty (not valid()); or later, by its end. An exception ends the session.
    virtual awaitable<> serve(session& client, request_ptr asked) = 0;

    /// Answers a request that `kept` fits, of which nothing else was made. As serve() does; `fields` are there during
    /// the call only, and not for a coroutine.
    virtual awaitable<> serve_again(session& client, std::unique_ptr<connection_cache> kept,
                                    header_fields const& fields) = 0;

    /// Header fields for the answer to a request that is refused before serve() has it (CORS); as far as its head was
    /// understood.
    virtual std::string refusal_fields(header_fields const& fields) = 0;

  protected:
    ~service() = default;
};

}  // namespace anteroom::http
