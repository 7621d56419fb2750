#include "loop_server.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace anteroom::bench {

room& loop_server::find(std::string_view name) {
    auto found = rooms_.find(name);
    return found != rooms_.end() ? found->second : rooms_[std::string(name)];
}

void loop_server::send(int fd, std::string_view bytes) {
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
        ::shutdown(fd, SHUT_RDWR);  // too slow: the loop then reads its end
    }
}

// The same for a frame of a WebSocket: only pongs are of interest, and only those that answer a ping of ours.
std::size_t loop_server::serve_frame(int fd, std::string_view bytes) {
    auto const frame = read_client_frame(bytes);
    if (frame.opcode == 0xa && frame.payload.starts_with("loop0-")) {
        clients_[static_cast<std::size_t>(fd)].pinged = false;
    }
    return frame.size;
}

// Serves the request at the start of `bytes` and says how long it was; 0 if it is not there yet.
std::size_t loop_server::serve(int fd, std::string_view bytes) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    auto size = end + 4;
    if (bytes.starts_with("GET /room/")) {
        auto const target = bytes.substr(10, bytes.find(' ', 10) - 10);
        auto const after = target.find("after=");
        auto& in = find(target.substr(0, target.find('/')));
        if (after != std::string_view::npos) {
            subscribe(fd, in, target.substr(after + 6));
        } else if (auto const form = form_asked(bytes.substr(0, size)); form == loop_form::poll) {
            subscribe(fd, in, {});
        } else {
            open_stream(fd, in, form);
        }
    } else if (bytes.starts_with("POST /room/")) {
        constexpr std::string_view label = "Content-Length: ";
        auto const at = bytes.find(label);
        std::size_t length = 0;
        if (at < end) {
            std::from_chars(bytes.data() + at + label.size(), bytes.data() + end, length);
        }
        if (bytes.size() < size + length) {
            return 0;
        }
        publish(fd, find(bytes.substr(11, bytes.find('/', 11) - 11)), bytes.substr(size, length));
        size += length;
    } else {
        send(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    return size;
}

void loop_server::close(int fd) {
    forget(fd);
    clients_[static_cast<std::size_t>(fd)] = {};
    ::close(fd);
}

void loop_server::read(int fd) {
    for (bool more = true; more;) {
        auto const got = ::recv(fd, buffer_.data(), buffer_.size(), 0);
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        if (got <= 0) {
            return close(fd);
        }
        more = static_cast<std::size_t>(got) == buffer_.size();
        auto const rest = std::move(clients_[static_cast<std::size_t>(fd)].rest);
        std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
        if (rest) {
            bytes = rest->append(bytes);
        }
        for (std::size_t used = 1; used != 0 && !bytes.empty();) {
            used = clients_[static_cast<std::size_t>(fd)].form == loop_form::websocket ? serve_frame(fd, bytes)
                                                                                       : serve(fd, bytes);
            bytes.remove_prefix(used);
        }
        if (!bytes.empty()) {
            clients_[static_cast<std::size_t>(fd)].rest = std::make_unique<std::string>(bytes);
        }
    }
}

void loop_server::accept_all() {
    for (;;) {
        auto const fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        int const on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (clients_.size() <= static_cast<std::size_t>(fd)) {
            clients_.resize(static_cast<std::size_t>(fd) + 1);
        }
        epoll_event event{};
        event.events = EPOLLIN | EPOLLET;
        event.data.fd = fd;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }
}

int loop_server::run(int port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 65535) != 0) {
        fmt::print(stderr, "loop: port {}: {}\n", port, std::strerror(errno));
        return 2;
    }
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    fmt::print("loop listening on http://127.0.0.1:{}/\n", ntohs(address.sin_port));
    std::fflush(stdout);

    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener_;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
    for (std::array<epoll_event, 512> events;;) {
        auto const ready = ::epoll_wait(epoll_, events.data(), events.size(), -1);
        for (int index = 0; index < ready; ++index) {
            auto const fd = events[static_cast<std::size_t>(index)].data.fd;
            fd == listener_ ? accept_all() : read(fd);
        }
    }
}

}  // namespace anteroom::bench

int main(int count, char** arguments) {
    using namespace anteroom::bench;
    auto broken = fault::none;
    bool pings = false;
    int port = 0;
    for (int index = 1; index < count; ++index) {
        std::string_view const argument = arguments[index];
        if (argument == "--break=lose") {
            broken = fault::lose;
        } else if (argument == "--break=repeat") {
            broken = fault::repeat;
        } else if (argument == "--break=reorder") {
            broken = fault::reorder;
        } else if (argument == "--break=gap") {
            broken = fault::gap;
        } else if (argument == "--ping") {
            pings = true;
        } else if (argument.starts_with("--port=")) {
            port = std::atoi(arguments[index] + 7);
        } else {
            fmt::print(stderr, "usage: anteroom_loop [--port=N] [--break=lose|repeat|reorder|gap] [--ping]\n");
            return 2;
        }
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    loop_server(broken, pings).run(port);
    return 2;
}
