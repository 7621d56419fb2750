#include <anteroom/bench/connection.hpp>

#include <fmt/format.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace anteroom::bench {
namespace {

constexpr std::size_t connections_an_address = 10'000;

// One buffer for all connections: an answer is used up before the next one is read.
std::array<char, 64 * 1024> scratch;

[[noreturn]] void fail(char const* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void set(int fd, int level, int name, int value) {
    ::setsockopt(fd, level, name, &value, sizeof(value));
}

}  // namespace

endpoint endpoint::parse(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    auto const refuse = [&] {
        throw std::runtime_error(fmt::format("the server is given as http://IPV4:PORT, not {}", url));
    };
    if (!url.starts_with(scheme)) {
        refuse();
    }
    endpoint out;
    out.host = url.substr(scheme.size());
    out.host = out.host.substr(0, out.host.find('/'));
    auto const colon = out.host.find(':');
    auto name = out.host.substr(0, colon);
    if (name == "localhost") {
        name = "127.0.0.1";
    }
    std::uint16_t port = 80;
    if (colon != std::string::npos) {
        auto const last = out.host.data() + out.host.size();
        if (std::from_chars(out.host.data() + colon + 1, last, port).ptr != last) {
            refuse();
        }
    }
    out.address.sin_family = AF_INET;
    out.address.sin_port = htons(port);
    if (::inet_pton(AF_INET, name.c_str(), &out.address.sin_addr) != 1) {
        refuse();
    }
    return out;
}

connection::connection(endpoint const& to, std::size_t ordinal, bool narrow) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) {
        fail("socket");
    }
    set(fd_, IPPROTO_TCP, TCP_NODELAY, 1);
    if (narrow) {
        set(fd_, SOL_SOCKET, SO_RCVBUF, 4096);
        set(fd_, IPPROTO_TCP, TCP_MAXSEG, 1400);  // the server's kernel sizes its buffer by it
    }
    auto const loopback = (ntohl(to.address.sin_addr.s_addr) >> 24) == 127;
    if (auto const group = ordinal / connections_an_address; loopback && group > 0) {
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(group));
        set(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        if (::bind(fd_, reinterpret_cast<sockaddr const*>(&from), sizeof(from)) != 0) {
            fail("bind");
        }
    }
    if (::connect(fd_, reinterpret_cast<sockaddr const*>(&to.address), sizeof(to.address)) != 0) {
        auto const code = errno;
        ::close(std::exchange(fd_, -1));
        throw std::system_error(code, std::generic_category(), fmt::format("cannot connect to {}", to.host));
    }
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    // Ends with a reset, so that thousands of closed connections do not linger and take up ports.
    linger const at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

connection::~connection() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

connection::connection(connection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)), unsent_(std::move(other.unsent_)) {}

void connection::send(std::string_view bytes) {
    if (!unsent_.empty()) {
        unsent_.append(bytes);
        return;
    }
    auto const sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        fail("send");
    }
    if (auto const done = sent < 0 ? 0 : static_cast<std::size_t>(sent); done < bytes.size()) {
        unsent_.assign(bytes.substr(done));
    }
}

void connection::flush() {
    if (!unsent_.empty()) {
        send(std::exchange(unsent_, {}));
    }
}

std::string_view connection::receive(bool& more) {
    more = false;
    auto const got = ::recv(fd_, scratch.data(), scratch.size(), 0);
    if (got < 0 && errno == EAGAIN) {
        return {};
    }
    if (got <= 0) {
        throw std::runtime_error("the server closed a connection");
    }
    auto const size = static_cast<std::size_t>(got);
    more = size == scratch.size();
    if (unread_.empty()) {
        return {scratch.data(), size};
    }
    // The views returned point into `scratch` or here; both live until the next call.
    static std::string joined;
    joined = std::exchange(unread_, {});
    joined.append(scratch.data(), size);
    return joined;
}

}  // namespace anteroom::bench
