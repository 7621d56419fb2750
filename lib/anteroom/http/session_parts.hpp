// Parts of a session that are allocated only while needed.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/http/held_memory.hpp>
#include <anteroom/http/session.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::http {

/// What the access log records of a request.
struct session::record {
    std::string method;
    std::string target;
    std::int64_t begun = steady_now();
    std::uint64_t sent_before = 0;
    unsigned status = 0;
};

/// Allocated for a session that holds more than most, until its request is handled or its output is sent.
class session::holding final : public held_memory::holder {
  public:
    explicit holding(session& of) noexcept : session_(of) {}

    std::size_t by_handler = 0;

  private:
    void make_way() noexcept override { session_.make_way(); }

    session& session_;
};

}  // namespace anteroom::http
