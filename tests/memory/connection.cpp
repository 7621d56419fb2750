#include "connection.hpp"

#include <anteroom/net/address.hpp>

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace anteroom::memory {

connection::connection(std::string const& at) {
    auto const to = net::parse_address(at).value().endpoint;
    socket_ = net::descriptor(::socket(to.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    timeval const patience{.tv_sec = 1, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket_.get(), to.data(), static_cast<socklen_t>(to.size())) != 0)
        close();
}

bool connection::send(std::string_view text) {
    while (alive() && !text.empty()) {
        auto const sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0)
            close();
        else
            text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return alive();
}

bool connection::receive() {
    std::array<char, 16384> piece{};
    auto const got = alive() ? ::recv(socket_.get(), piece.data(), piece.size(), 0) : 0;
    if (got > 0)
        input.append(piece.data(), static_cast<std::size_t>(got));
    else if (got == 0 || errno != EAGAIN)
        close();
    return got > 0;
}

std::optional<answer> exchange(connection& with, std::string_view request, int patience) {
    if (!with.send(request))
        return std::nullopt;
    constexpr std::string_view field = "\r\nContent-Length: ";
    for (;;) {
        if (auto const end = with.input.find("\r\n\r\n"); end != std::string::npos) {
            std::string_view const head(with.input.data(), end);
            auto const at = head.find(field);
            auto const size = at == head.npos ? 0 : std::strtoul(head.data() + at + field.size(), nullptr, 10);
            if (with.input.size() >= end + 4 + size) {
                answer out{std::atoi(with.input.c_str() + 9), with.input.substr(end + 4, size)};
                bool const last = head.find("\r\nConnection: close") != head.npos;
                with.input.erase(0, end + 4 + size);
                if (last)
                    with.close();
                return out;
            }
        }
        if (!with.receive() && (!with.alive() || --patience <= 0)) {
            with.close();
            return std::nullopt;
        }
    }
}

}  // namespace anteroom::memory
