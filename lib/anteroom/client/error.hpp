// The errors of the client, as values with a text that a person can act on.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace anteroom::client {

enum class errc {
    bad_argument = 1,  ///< an invalid URL, room, name or cursor; nothing was sent
    refused,           ///< the server answered with an error that a retry would not change
    unreachable,       ///< no valid response from a server
    superseded,        ///< a newer subscriber with the same `client` id took over
    timed_out,         ///< the deadline of the call passed first
    cancelled,         ///< the call was cancelled
};

/// Why a call failed.
struct error {
    errc code{};
    std::string text;  ///< one line without a full stop, for people
    int status = 0;    ///< of the HTTP response, if there was one

    error() = default;
    error(errc which, std::string why, int http_status = 0) : code(which), text(std::move(why)), status(http_status) {}
};

/// Thrown by result<T>::value() when there is no value.
class failure : public std::runtime_error {
  public:
    explicit failure(client::error why) : std::runtime_error(why.text), why_(std::move(why)) {}
    client::error const& why() const noexcept { return why_; }

  private:
    client::error why_;
};

/// A T or an error: test it like a pointer, access the value with `*` and `->`, or with value(), which throws
/// `failure` if there is none; error() is the error.
template <class T>
using result = boost::system::result<T, error>;

/// Found by argument-dependent lookup from boost::system::result<T, error>::value().
[[noreturn]] inline void throw_exception_from_error(error const& why, boost::source_location const&) {
    throw failure(why);
}

}  // namespace anteroom::client
