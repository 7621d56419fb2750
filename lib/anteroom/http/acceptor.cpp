#include <anteroom/base/log.hpp>
#include <anteroom/http/listener.hpp>
#include <anteroom/http/session.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <exception>

namespace anteroom::http {

namespace {

constexpr milliseconds pause = milliseconds(100);
// Sessions that are accepted in one go, before those that exist get their turn.
constexpr int batch_size = 64;

bool is_shortage(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// Once for the process, whichever of its listening sockets runs into it, and again only after a long while.
void tell_shortage() {
    static constexpr std::int64_t long_while = 10 * 60 * 1000;
    static std::atomic<std::int64_t> told{-long_while};
    auto const now = steady_now();
    auto before = told.load();
    if (now - before >= long_while && told.compare_exchange_strong(before, now))
        log::warning("out of file descriptors: no connection is accepted until one is closed");
}

}  // namespace

struct acceptor::state {
    state(worker& at, int listening) : owner(at), socket(at.home().io(), listening), timer(at.home().get_executor()) {}

    worker& owner;
    asio::posix::basic_stream_descriptor<executor> socket;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> timer;
    bool stopped = false;

    enum class result { again, nothing, shortage };
    result accept_one();
};

acceptor::acceptor(worker& at, int listening_socket) : state_(std::make_shared<state>(at, listening_socket)) {}

acceptor::~acceptor() = default;

void acceptor::start() {
    anteroom::start(run(state_), nullptr);
}

void acceptor::stop() {
    state_->stopped = true;
    state_->timer.cancel();
    state_->socket.close();
}

acceptor::state::result acceptor::state::accept_one() {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    int const accepted =
        ::accept4(socket.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0)
        return is_shortage(errno) ? result::shortage : errno == EAGAIN ? result::nothing : result::again;
    if (peer.ss_family != AF_UNIX) {
        int const on = 1;
        ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    try {
        session::start(owner, accepted);
    } catch (std::exception const& error) {
        log::error("a connection could not be served: {}", error.what());
        return result::shortage;
    }
    return result::again;
}

task<void> acceptor::run(std::shared_ptr<state> self) {
    while (!self->stopped) {
        auto last = state::result::again;
        for (int i = 0; i < batch_size && last == state::result::again; ++i)
            last = self->accept_one();
        if (last == state::result::shortage) {
            tell_shortage();
            // Descriptors are freed in places that this program does not see, so it asks again after a while.
            self->timer.expires_after(pause);
            co_await self->timer.async_wait(asio::as_tuple(asio::deferred));
        } else {
            co_await self->socket.async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::deferred));
        }
    }
}

}  // namespace anteroom::http
