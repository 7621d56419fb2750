#include <anteroom/net/poller.hpp>
#include <anteroom/net/socket_stream.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace anteroom::net {

namespace {

// The maximum size of a write whose pieces are copied into one.
constexpr std::size_t small_write = 1024;

error_code last_error() noexcept {
    return {errno == EAGAIN ? EWOULDBLOCK : errno, boost::system::system_category()};
}

}  // namespace

socket_stream::socket_stream(asio::io_context& io, descriptor socket)
    : socket_(std::move(socket)), poller_(poller::of(io)) {
    if (!poller_.add(socket_.get(), *this))
        socket_.close();
}

socket_stream::~socket_stream() {
    if (is_open())
        do_close();
}

stream::executor_type socket_stream::get_executor() const noexcept {
    return poller_.get_executor();
}

bool socket_stream::others_wait() const noexcept {
    return poller_.behind();
}

std::optional<asio::ip::address> socket_stream::peer_address() const {
    asio::ip::tcp::endpoint peer;
    int domain = 0;
    socklen_t size = sizeof domain;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX)
        return std::nullopt;
    size = static_cast<socklen_t>(peer.capacity());
    if (::getpeername(socket_.get(), peer.data(), &size) != 0)
        return asio::ip::address();  // it has hung up
    peer.resize(size);
    return peer.address();
}

std::size_t socket_stream::do_read(asio::mutable_buffer into, error_code& ec) {
    for (;;) {
        auto const got = ::recv(socket_.get(), into.data(), into.size(), 0);
        if (got > 0 || into.size() == 0) {
            ec = {};
            return static_cast<std::size_t>(got);
        }
        if (got < 0 && errno == EINTR)
            continue;
        ec = got == 0 ? error_code(asio::error::eof) : last_error();
        return 0;
    }
}

std::size_t socket_stream::do_write(std::span<asio::const_buffer const> from, std::size_t size, error_code& ec) {
    std::array<iovec, max_pieces> vectors;
    std::array<char, small_write> small;
    msghdr message{};
    if (from.size() > 1 && size <= small.size()) {
        // Copying a few hundred bytes costs less than having the kernel process each piece.
        char* end = small.data();
        for (auto const& each : from)
            end = std::copy_n(static_cast<char const*>(each.data()), each.size(), end);
    } else if (from.size() > 1) {
        // sendmsg() only reads from the pieces; its interface predates const.
        for (std::size_t i = 0; i < from.size(); ++i)
            vectors[i] = {const_cast<void*>(from[i].data()), from[i].size()};
        message.msg_iov = vectors.data();
        message.msg_iovlen = from.size();
    }
    void const* const only = from.size() == 1 ? from.front().data() : small.data();
    for (;;) {
        auto const sent = message.msg_iovlen > 0 ? ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL)
                                                 : ::send(socket_.get(), only, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            ec = {};
            return static_cast<std::size_t>(sent);
        }
        if (errno == EINTR)
            continue;
        ec = last_error();
        return 0;
    }
}

void socket_stream::shutdown_send() noexcept {
    ::shutdown(socket_.get(), SHUT_WR);
}

void socket_stream::do_close() noexcept {
    poller_.remove(*this);
    socket_.close();
}

}  // namespace anteroom::net
