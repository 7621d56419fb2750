#include "service_manager.hpp"

#include <anteroom/base/log.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

namespace anteroom {

namespace {

constexpr int first_passed = 3;

// A variable's text; the variable is removed.
std::optional<std::string> take_variable(char const* name) {
    auto const* const text = std::getenv(name);
    if (text == nullptr)
        return std::nullopt;
    std::string out(text);
    ::unsetenv(name);
    return out;
}

// Zero if it is no number.
int number_in(std::optional<std::string> const& text) {
    int out = 0;
    if (text)
        std::from_chars(text->data(), text->data() + text->size(), out);
    return out;
}

}  // namespace

std::vector<net::descriptor> take_passed_sockets() {
    auto const process = number_in(take_variable("LISTEN_PID"));
    auto const count = number_in(take_variable("LISTEN_FDS"));
    for (auto const* name : {"LISTEN_FDNAMES", "LISTEN_PIDFDID"})
        take_variable(name);
    std::vector<net::descriptor> out;
    if (process != ::getpid())
        return out;
    for (int number = first_passed; number < first_passed + count; ++number) {
        // Checked before it is owned: nobody may close a descriptor that is not there.
        if (::fcntl(number, F_SETFD, FD_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(),
                                    fmt::format("LISTEN_FDS is {}, but descriptor {} cannot be used", count, number));
        out.emplace_back(number);
    }
    return out;
}

service_manager::service_manager() {
    auto const where = take_variable("NOTIFY_SOCKET");
    if (!where || where->empty())
        return;
    bool const abstract = where->front() == '@';
    // A path ends with a zero; an abstract name does not, and its first byte is one.
    if ((!abstract && where->front() != '/') || where->size() + (abstract ? 0 : 1) > sizeof to_.sun_path) {
        log::warning(
            "NOTIFY_SOCKET: '{}' is neither a path nor an abstract socket: the service manager is not notified",
            *where);
        return;
    }
    to_.sun_family = AF_UNIX;
    std::ranges::copy(*where, static_cast<char*>(to_.sun_path));
    if (abstract)
        to_.sun_path[0] = '\0';
    size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + where->size());
    socket_ = net::descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket_)
        log::warning("NOTIFY_SOCKET: the service manager is not notified: {}", std::strerror(errno));
    timeval const patience{.tv_sec = 1, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

void service_manager::notify_ready(std::string_view status) const noexcept {
    send("READY=1\nSTATUS=", status);
}

void service_manager::notify_stopping(milliseconds longest) const noexcept {
    std::array<char, 24> digits{};
    auto const end = std::to_chars(digits.begin(), digits.end(), std::chrono::microseconds(longest).count());
    send("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=",
         {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
}

void service_manager::send(std::string_view variables, std::string_view value) const noexcept {
    if (!socket_)
        return;
    std::array<iovec, 2> parts{
        {{const_cast<char*>(variables.data()), variables.size()}, {const_cast<char*>(value.data()), value.size()}}};
    msghdr what{};
    what.msg_name = const_cast<sockaddr_un*>(&to_);
    what.msg_namelen = size_;
    what.msg_iov = parts.data();
    what.msg_iovlen = parts.size();
    if (::sendmsg(socket_.get(), &what, MSG_NOSIGNAL) < 0)
        log::warning("the service manager could not be notified: {}", std::strerror(errno));
}

}  // namespace anteroom
