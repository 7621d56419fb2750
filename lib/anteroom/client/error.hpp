// What can go wrong for a client, as a value with a text that a person can act on.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace anteroom::client {

enum class errc {
    bad_argument = 1,  ///< a URL, room, name or cursor that cannot be meant; nothing was sent
    refused,           ///< the server answered with an error that trying again does not change
    unreachable,       ///< no server answered as one should
    superseded,        ///< a newer subscriber with the same `client` id took over
    timed_out,         ///< the deadline of the call passed first
    cancelled,         ///< the call was cancelled
};

/// Why a call did not do what it was asked for.
struct error {
    errc code{};
    std::string text;  ///< one line without a full stop, for people
    int status = 0;    ///< of the HTTP answer, where there was one

    error() = default;
    error(errc which, std::string why, int http_status = 0) : code(which), text(std::move(why)), status(http_status) {}
};

/// What result<T>::value() throws where there is no value.
class failure : public std::runtime_error {
  public:
    explicit failure(client::error why) : std::runtime_error(why.text), why_(std::move(why)) {}
    client::error const& why() const noexcept { return why_; }

  private:
    client::error why_;
};

/// A T, or why there is none: test it like a pointer, read it with `*` and `->` or with value(), which throws
/// `failure`; error() tells what was wrong.
template <class T>
using result = boost::system::result<T, error>;

/// Found by boost::system::result where value() has none.
[[noreturn]] inline void throw_exception_from_error(error const& why, boost::source_location const&) {
    throw failure(why);
}

}  // namespace anteroom::client
