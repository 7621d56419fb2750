// What a connection keeps of one request to answer the next by, if that asks for the same.
#pragma once

#include <anteroom/http/request.hpp>

#include <memory>
#include <string_view>

namespace anteroom::http {

/// What is known of a request before anything is made of it. Views, good during the call that has them.
struct request_line {
    verb method = verb::unknown;
    std::string_view target;
    header_fields const* fields = nullptr;
};

/// Made by the application for a request that it has answered, and asked by the session before it makes anything of the
/// next. On the thread of the connection's shard; it is destroyed with the connection, or by the next request that it
/// does not fit.
class connection_cache {
  public:
    connection_cache() = default;
    connection_cache(connection_cache const&) = delete;
    connection_cache& operator=(connection_cache const&) = delete;
    virtual ~connection_cache() = default;

    /// Whether a request without a body asks for what this has: see service::serve_again().
    virtual bool fits(request_line const& next) const noexcept = 0;
};

}  // namespace anteroom::http
