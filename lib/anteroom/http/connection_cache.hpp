// What a connection keeps of one request so that it can answer the next without parsing, if that asks for the same.
#pragma once

#include <anteroom/http/request.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace anteroom::http {

/// What is known of a request before it is parsed. Views, valid during the call that receives them.
struct request_line {
    verb method = verb::unknown;
    std::string_view target;
    header_fields const* fields = nullptr;
};

/// Created by the application for a request that it has answered, and consulted by the session before it parses the
/// next request. On the thread of the connection's shard; destroyed with the connection, or by the next request that it
/// does not match.
class connection_cache {
  public:
    connection_cache() = default;
    connection_cache(connection_cache const&) = delete;
    connection_cache& operator=(connection_cache const&) = delete;
    virtual ~connection_cache() = default;

    /// Whether a request without a body matches this cache: see service::serve_again().
    virtual bool fits(request_line const& next) const noexcept = 0;

    /// The memory that it takes, in bytes; 0 if that is as little as it mostly is.
    std::size_t memory() const noexcept { return memory_; }

  protected:
    void set_memory(std::size_t bytes) noexcept { memory_ = bytes; }

  private:
    std::size_t memory_ = 0;
};

}  // namespace anteroom::http
