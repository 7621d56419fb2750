#include "connection.hpp"

#include "harness_error.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace anteroom::integration {
namespace {

struct address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

template <class Socket>
address address_of(Socket const& socket) {
    address result;
    std::memcpy(&result.storage, &socket, sizeof socket);
    result.size = sizeof socket;
    return result;
}

address address_of(endpoint const& where) {
    if (!where.path.empty()) {
        sockaddr_un local{};
        local.sun_family = AF_UNIX;
        where.path.copy(static_cast<char*>(local.sun_path), sizeof local.sun_path - 1);
        return address_of(local);
    }
    if (where.host.find(':') != std::string::npos) {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(where.port);
        ::inet_pton(AF_INET6, where.host.c_str(), &six.sin6_addr);
        return address_of(six);
    }
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(where.port);
    ::inet_pton(AF_INET, where.host.c_str(), &four.sin_addr);
    return address_of(four);
}

bool wait_for(int socket, short events, milliseconds bound) {
    deadline const end{bound};
    for (;;) {
        pollfd waiting{socket, events, 0};
        auto const ready = ::poll(&waiting, 1, static_cast<int>(end.left().count()));
        if (ready >= 0 || errno != EINTR) {
            return ready > 0;
        }
    }
}

/// The error of connecting a non-blocking socket, 0 when it is connected.
int connect_error(int socket, endpoint const& where) {
    auto const to = address_of(where);
    if (::connect(socket, reinterpret_cast<sockaddr const*>(&to.storage), to.size) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS) {
        return errno;
    }
    if (!wait_for(socket, POLLOUT, default_timeout)) {
        return ETIMEDOUT;
    }
    auto error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

descriptor open_socket(endpoint const& where) {
    auto const family = static_cast<int>(address_of(where).storage.ss_family);
    return descriptor{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
}

}  // namespace

connection::connection(endpoint const& where, int receive_buffer) : socket_{open_socket(where)} {
    if (receive_buffer > 0) {
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    if (auto const error = connect_error(socket_.get(), where); error != 0) {
        throw harness_error{"connect: " + std::string{std::strerror(error)}};
    }
    if (where.path.empty()) {
        auto const on = 1;
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
}

bool connection::is_refused(endpoint const& where) {
    auto const probe = open_socket(where);
    auto const error = connect_error(probe.get(), where);
    return error == ECONNREFUSED || error == ENOENT;
}

void connection::send(std::string_view bytes) {
    if (!try_send(bytes)) {
        throw harness_error{"the server does not take what is sent"};
    }
}

bool connection::try_send(std::string_view bytes, milliseconds bound) {
    deadline const end{bound};
    while (!bytes.empty()) {
        auto const sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (!wait_for(socket_.get(), POLLOUT, end.left())) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

read_outcome connection::read_some(std::string& buffer, milliseconds bound) {
    std::array<char, 65536> chunk{};
    deadline const end{bound};
    for (;;) {
        auto const count = ::recv(socket_.get(), chunk.data(), chunk.size(), 0);
        if (count > 0) {
            buffer.append(chunk.data(), static_cast<std::size_t>(count));
            return read_outcome::data;
        }
        if (count == 0) {
            return read_outcome::end;
        }
        if (errno == EAGAIN) {
            if (!wait_for(socket_.get(), POLLIN, end.left())) {
                return read_outcome::timed_out;
            }
        } else if (errno != EINTR) {
            return read_outcome::reset;
        }
    }
}

void connection::shutdown_write() {
    ::shutdown(socket_.get(), SHUT_WR);
}

void connection::reset() {
    linger const at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.close();
}

}  // namespace anteroom::integration
