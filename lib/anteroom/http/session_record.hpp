// What the access log will say of a request.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/http/session.hpp>

#include <string>

namespace anteroom::http {

struct session::record {
    std::string method;
    std::string target;
    std::int64_t begun = steady_now();
    std::uint64_t sent_before = 0;
    unsigned status = 0;
};

}  // namespace anteroom::http
