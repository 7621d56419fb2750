// Reasons to refuse a request that Beast's parser does not know.
#pragma once

#include <boost/system/error_code.hpp>

#include <type_traits>

namespace anteroom::http {

enum class request_error {
    repeated_field = 1,       // a field that may come once came twice: which of the two is meant?
    unknown_transfer_coding,  // RFC 9112, 6.1: 501
};

boost::system::error_code make_error_code(request_error why) noexcept;

}  // namespace anteroom::http

template <>
struct boost::system::is_error_code_enum<anteroom::http::request_error> : std::true_type {};
