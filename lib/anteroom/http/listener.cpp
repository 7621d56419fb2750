#include <anteroom/http/listener.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace anteroom::http {

namespace {

[[noreturn]] void fail(address const& at, int error) {
    throw std::system_error(error, std::generic_category(), fmt::format("cannot listen on {}", at.text));
}

// A socket that a server left behind is taken over; one that somebody serves, or another file, is not.
void remove_stale(address const& at) {
    struct stat status{};
    if (::stat(at.unix_path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
        return;
    int const probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool const refused = probe >= 0 &&
                         ::connect(probe, at.endpoint.data(), static_cast<socklen_t>(at.endpoint.size())) != 0 &&
                         errno == ECONNREFUSED;
    if (probe >= 0)
        ::close(probe);
    if (refused)
        ::unlink(at.unix_path.c_str());
}

}  // namespace

listener::listener(address at, std::size_t count) : at_(std::move(at)) {
    if (at_.is_unix()) {
        remove_stale(at_);
        int const first = open(false);
        sockets_.push_back(first);
        while (sockets_.size() < count)
            sockets_.push_back(::fcntl(first, F_DUPFD_CLOEXEC, 0));
        url_ = at_.text;
        return;
    }
    // The first socket shares its port with nobody, which tells a port that is taken, and finds a free one for port 0.
    int const probe = open(false);
    asio::ip::tcp::endpoint bound;
    auto size = static_cast<socklen_t>(bound.capacity());
    ::getsockname(probe, bound.data(), &size);
    if (count == 1) {
        sockets_.push_back(probe);
    } else {
        ::close(probe);
        at_.endpoint = bound;
        while (sockets_.size() < count)
            sockets_.push_back(open(true));
    }
    auto const ip = bound.address();
    url_ = ip.is_v6() ? fmt::format("http://[{}]:{}/", ip.to_string(), bound.port())
                      : fmt::format("http://{}:{}/", ip.to_string(), bound.port());
}

listener::listener(listener&& other) noexcept
    : at_(std::move(other.at_)), url_(std::move(other.url_)), sockets_(std::exchange(other.sockets_, {})) {}

listener::~listener() {
    for (int const each : sockets_) {
        if (each >= 0)
            ::close(each);
    }
    if (at_.is_unix() && !sockets_.empty())
        ::unlink(at_.unix_path.c_str());
}

int listener::open(bool share_port) {
    int const made = ::socket(at_.endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0)
        fail(at_, errno);
    int const on = 1;
    if (!at_.is_unix())
        ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at_.endpoint.protocol().family() == AF_INET6)
        ::setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (share_port)
        ::setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(made, at_.endpoint.data(), static_cast<socklen_t>(at_.endpoint.size())) != 0 ||
        ::listen(made, SOMAXCONN) != 0) {
        int const error = errno;
        ::close(made);
        fail(at_, error);
    }
    return made;
}

int listener::take(std::size_t index) noexcept {
    return std::exchange(sockets_[index], -1);
}

}  // namespace anteroom::http
