// What a session holds only while it needs it.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/http/request_parser.hpp>
#include <anteroom/http/session.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::http {

/// A request whose body has not come whole.
struct session::incoming {
    incoming(std::string_view bytes, std::uint64_t max_body) : head(bytes), parser(max_body) {}

    std::string head;
    request_parser parser;
};

/// What the access log will say of a request.
struct session::record {
    std::string method;
    std::string target;
    std::int64_t begun = steady_now();
    std::uint64_t sent_before = 0;
    unsigned status = 0;
};

}  // namespace anteroom::http
