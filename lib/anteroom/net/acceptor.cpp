#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/net/acceptor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <exception>

namespace anteroom::net {

namespace {

constexpr milliseconds pause = milliseconds(100);
// The number of connections accepted in a batch, before existing connections get their turn.
constexpr int batch_size = 64;

bool is_shortage(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// Logs for the whole process, whichever of its listening sockets runs out of descriptors, and again only after a long
// interval.
void log_shortage() {
    static constexpr std::int64_t long_while = 10 * 60 * 1000;
    static std::atomic<std::int64_t> logged{-long_while};
    auto const now = steady_now();
    auto before = logged.load();
    if (now - before >= long_while && logged.compare_exchange_strong(before, now))
        log::warning("out of file descriptors: no connections are accepted until one is closed");
}

}  // namespace

struct acceptor::state {
    state(shard& at, descriptor listening, connection_sink& sink)
        : home(at), to(sink), socket(at.io(), listening.release()), timer(at.get_executor()) {}

    shard& home;
    connection_sink& to;
    asio::posix::basic_stream_descriptor<executor> socket;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor> timer;
    bool stopped = false;

    enum class result { again, nothing, shortage, not_served };
    result accept_one();
};

acceptor::acceptor(shard& at, descriptor listening, connection_sink& to)
    : state_(std::make_shared<state>(at, std::move(listening), to)) {}

acceptor::~acceptor() = default;

void acceptor::start() {
    spawn(state_->home.get_executor(), run(state_), "accepting");
}

void acceptor::stop() {
    state_->stopped = true;
    state_->timer.cancel();
    state_->socket.close();
}

acceptor::state::result acceptor::state::accept_one() {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    descriptor accepted(
        ::accept4(socket.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted)
        return is_shortage(errno) ? result::shortage : errno == EAGAIN ? result::nothing : result::again;
    if (peer.ss_family != AF_UNIX) {
        int const on = 1;
        ::setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    try {
        to.accepted(std::move(accepted));
    } catch (std::exception const& error) {
        log::error("accepting a connection failed: {}", error.what());
        return result::not_served;
    }
    return result::again;
}

awaitable<> acceptor::run(std::shared_ptr<state> self) {
    while (!self->stopped) {
        auto last = state::result::again;
        for (int i = 0; i < batch_size && last == state::result::again && !self->stopped; ++i)
            last = self->accept_one();
        if (last == state::result::shortage)
            log_shortage();
        if (last == state::result::shortage || last == state::result::not_served) {
            // Descriptors are freed in places that this program does not see, so it retries after a while.
            self->timer.expires_after(pause);
            co_await self->timer.async_wait(asio::as_tuple(asio::deferred));
        } else {
            co_await self->socket.async_wait(asio::posix::descriptor_base::wait_read, asio::as_tuple(asio::deferred));
        }
    }
}

}  // namespace anteroom::net
