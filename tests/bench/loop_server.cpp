// The yardstick: a bare epoll loop that parses next to nothing, keeps a room's last message with its number and writes
// a ready answer. It shows what the kernel alone asks for a delivery; it is no server to use: no deadlines, no limits,
// no gaps, and a subscriber that is slower than the publishers loses messages.
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

struct room {
    std::uint64_t number = 0;
    std::string cursor = "loop0-0";
    std::string last;      // the whole answer that carries the last message
    std::string previous;  // only for --break
    std::vector<int> waiting;
};

// Misbehaves once in a while, to prove that the generator notices.
enum class fault { none, lose, repeat, reorder };

struct client {
    room* waits_in = nullptr;
    std::size_t place = 0;              // in the room's `waiting`
    bool owed_previous = false;         // only for --break
    std::unique_ptr<std::string> rest;  // of a request that has come in part
};

struct string_hash : std::hash<std::string_view> {
    using is_transparent = void;
};

class loop_server {
  public:
    explicit loop_server(fault broken) : broken_(broken) {}
    int run(int port);

  private:
    void accept_all();
    void read(int fd);
    void close(int fd);
    std::size_t serve(int fd, std::string_view bytes);
    void subscribe(int fd, room& in, std::string_view cursor);
    void publish(int fd, room& in, std::string_view body);
    void wait(int fd, room& in);
    void forget(int fd);
    void send(int fd, std::string_view bytes);
    room& find(std::string_view name);
    bool misbehave() { return broken_ != fault::none && ++chances_ % 5'000 == 0; }

    fault broken_;
    unsigned chances_ = 0;
    int epoll_ = -1;
    int listener_ = -1;
    std::vector<client> clients_;
    std::unordered_map<std::string, room, string_hash, std::equal_to<>> rooms_;
    std::vector<int> woken_;
    std::array<char, 64 * 1024> buffer_{};
};

std::string_view date() {
    static time_t when = 0;
    static std::array<char, 32> text;
    if (auto const now = ::time(nullptr); now != when) {
        when = now;
        tm parts{};
        ::gmtime_r(&now, &parts);
        ::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    }
    return text.data();
}

room& loop_server::find(std::string_view name) {
    auto found = rooms_.find(name);
    return found != rooms_.end() ? found->second : rooms_[std::string(name)];
}

void loop_server::send(int fd, std::string_view bytes) {
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
        ::shutdown(fd, SHUT_RDWR);  // too slow: the loop then reads its end
    }
}

void loop_server::wait(int fd, room& in) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    who.waits_in = &in;
    who.place = in.waiting.size();
    in.waiting.push_back(fd);
}

void loop_server::forget(int fd) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    if (who.waits_in != nullptr) {
        auto& waiting = who.waits_in->waiting;
        waiting[who.place] = waiting.back();
        clients_[static_cast<std::size_t>(waiting.back())].place = who.place;
        waiting.pop_back();
        who.waits_in = nullptr;
    }
}

void loop_server::subscribe(int fd, room& in, std::string_view cursor) {
    auto& who = clients_[static_cast<std::size_t>(fd)];
    if (who.owed_previous) {
        who.owed_previous = false;
        send(fd, in.previous);
    } else if (!cursor.empty() && cursor != in.cursor) {
        send(fd, in.last);
    } else if (!cursor.empty() && broken_ == fault::repeat && misbehave()) {
        send(fd, in.last);
    } else {
        wait(fd, in);
    }
}

void loop_server::publish(int fd, room& in, std::string_view body) {
    in.previous.swap(in.last);
    in.cursor = fmt::format("loop0-{}", ++in.number);
    in.last = fmt::format(
        "HTTP/1.1 200 OK\r\nDate: {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nLast-Event-ID: {}\r\n"
        "Cache-Control: no-store\r\n\r\n{}",
        date(), body.size(), in.cursor, body);
    woken_.swap(in.waiting);
    for (auto const who : woken_) {
        clients_[static_cast<std::size_t>(who)].waits_in = nullptr;
        if (broken_ != fault::repeat && in.number > 1 && misbehave()) {
            clients_[static_cast<std::size_t>(who)].owed_previous = broken_ == fault::reorder;
            wait(who, in);
        } else {
            send(who, in.last);
        }
    }
    auto const receipt = fmt::format(R"({{"id":"{}","subscribers":{}}})", in.cursor, woken_.size());
    woken_.clear();
    send(fd, fmt::format("HTTP/1.1 201 Created\r\nDate: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
                         "Cache-Control: no-store\r\n\r\n{}",
                         date(), receipt.size(), receipt));
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
        subscribe(fd, find(target.substr(0, target.find('/'))),
                  after == std::string_view::npos ? std::string_view() : target.substr(after + 6));
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
            used = serve(fd, bytes);
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

}  // namespace

int main(int count, char** arguments) {
    auto broken = fault::none;
    int port = 0;
    for (int index = 1; index < count; ++index) {
        std::string_view const argument = arguments[index];
        if (argument == "--break=lose") {
            broken = fault::lose;
        } else if (argument == "--break=repeat") {
            broken = fault::repeat;
        } else if (argument == "--break=reorder") {
            broken = fault::reorder;
        } else if (argument.starts_with("--port=")) {
            port = std::atoi(arguments[index] + 7);
        } else {
            fmt::print(stderr, "usage: anteroom_loop [--port=N] [--break=lose|repeat|reorder]\n");
            return 2;
        }
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    loop_server(broken).run(port);
    return 2;
}
