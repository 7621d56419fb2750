// Parts of a session that are allocated only while needed.
#pragma once

#include <anteroom/base/clock.hpp>
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

}  // namespace anteroom::http
