#include <anteroom/net/listener.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>

namespace anteroom::net {

namespace {

[[noreturn]] void fail(address const& at, int error) {
    throw std::system_error(error, std::generic_category(), fmt::format("cannot listen on {}", at.text));
}

// Removes a socket that a previous server left behind; not one that is being served, nor any other kind of file.
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

// An option of SOL_SOCKET that is a number; -1 if there is none.
int socket_option(int socket, int name) noexcept {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

}  // namespace

listener::listener(address at, std::size_t count, std::optional<peer_timeouts> timeouts)
    : at_(std::move(at)), timeouts_(timeouts) {
    if (at_.is_unix()) {
        remove_stale(at_);
        share(open(false), count);
        return;
    }
    // The first socket is bound without SO_REUSEPORT, which detects a port that is in use, and finds a free one for
    // port 0.
    auto probe = open(false);
    auto bound = bound_address(probe.get());
    if (!bound)
        fail(at_, errno);
    at_ = std::move(*bound);
    if (count == 1) {
        sockets_.push_back(std::move(probe));
    } else {
        probe.close();
        while (sockets_.size() < count)
            sockets_.push_back(open(true));
    }
}

listener::listener(descriptor listening, std::size_t count, std::optional<peer_timeouts> timeouts)
    : timeouts_(timeouts), made_(false) {
    auto at = bound_address(listening.get());
    if (!at || socket_option(listening.get(), SO_TYPE) != SOCK_STREAM ||
        socket_option(listening.get(), SO_ACCEPTCONN) != 1)
        throw std::system_error(
            std::make_error_code(std::errc::invalid_argument),
            fmt::format("descriptor {} was passed, which is no listening stream socket of TCP or Unix",
                        listening.get()));
    at_ = std::move(*at);
    ::fcntl(listening.get(), F_SETFL, ::fcntl(listening.get(), F_GETFL) | O_NONBLOCK);
    if (!at_.is_unix())
        set_connection_options(listening.get());
    share(std::move(listening), count);
}

listener::listener(listener&& other) noexcept = default;

listener::~listener() {
    if (made_ && at_.is_unix() && !sockets_.empty())
        ::unlink(at_.unix_path.c_str());
}

void listener::share(descriptor one, std::size_t count) {
    sockets_.push_back(std::move(one));
    while (sockets_.size() < count) {
        descriptor same(::fcntl(sockets_.front().get(), F_DUPFD_CLOEXEC, 0));
        if (!same)
            fail(at_, errno);
        sockets_.push_back(std::move(same));
    }
}

descriptor listener::open(bool share_port) {
    descriptor made(::socket(at_.endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made)
        fail(at_, errno);
    int const on = 1;
    if (!at_.is_unix())
        ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (at_.endpoint.protocol().family() == AF_INET6)
        ::setsockopt(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (!at_.is_unix())
        set_connection_options(made.get());
    if (share_port)
        ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(made.get(), at_.endpoint.data(), static_cast<socklen_t>(at_.endpoint.size())) != 0 ||
        ::listen(made.get(), SOMAXCONN) != 0) {
        fail(at_, errno);
    }
    return made;
}

// A connection inherits them from the socket that accepts it (tcp(7)), which spares it the system calls.
void listener::set_connection_options(int socket) const noexcept {
    auto const set = [&](int level, int name, std::int64_t value) {
        int const number = static_cast<int>(std::clamp<std::int64_t>(value, 1, std::numeric_limits<int>::max()));
        ::setsockopt(socket, level, name, &number, sizeof number);
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    if (!timeouts_)
        return;
    // What was sent must be acknowledged in that time. It is also when probes end that nobody answers, so the first of
    // them come early enough for three: one that is lost is no reason to give a connection up.
    auto const seconds = [](milliseconds time) { return (time.count() + 999) / 1000; };
    constexpr milliseconds most = std::chrono::seconds(32'767);  // that the system takes
    auto const first = std::min({timeouts_->idle, timeouts_->unacknowledged / 2, most});
    auto const between = std::min({timeouts_->idle, timeouts_->unacknowledged / 6, most});
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, timeouts_->unacknowledged.count());
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, seconds(first));
    set(IPPROTO_TCP, TCP_KEEPINTVL, seconds(between));
}

descriptor listener::take(std::size_t index) noexcept {
    return std::move(sockets_[index]);
}

}  // namespace anteroom::net
