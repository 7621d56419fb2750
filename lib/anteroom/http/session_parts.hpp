// What a session holds only while it needs it.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/http/session.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::http {

/// What the access log will say of a request.
struct session::record {
    std::string method;
    std::string target;
    std::int64_t begun = steady_now();
    std::uint64_t sent_before = 0;
    unsigned status = 0;
};

}  // namespace anteroom::http
