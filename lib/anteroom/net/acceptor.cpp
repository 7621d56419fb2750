#include <anteroom/base/handler_memory.hpp>
#include <anteroom/base/log.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/net/acceptor.hpp>
#include <anteroom/net/wait_slot.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <utility>

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

// Its operations wait in memory of its own: one that could not begin would end the coroutine, and with it accepting.
struct acceptor::state final : private deadline {
    state(shard& at, descriptor listening, connection_sink& sink)
        : home(at), to(sink), socket(at.io(), listening.release()) {}

    auto async_readable() {
        return socket.async_wait(
            asio::posix::descriptor_base::wait_read,
            asio::bind_allocator(handler_allocator<void, wait_size>(wait_memory), asio::as_tuple(asio::deferred)));
    }
    /// Completes after the pause, or when the acceptor is stopped.
    auto async_pause() {
        auto token = asio::as_tuple(asio::deferred);
        return asio::async_initiate<decltype(token), void(boost::system::error_code)>(
            [](auto&& handler, state* self) {
                self->pausing.begin(std::forward<decltype(handler)>(handler), self->home.get_executor());
                self->home.expires_after(*self, pause);
            },
            token, this);
    }
    void stop() {
        stopped = true;
        if (pausing)
            pausing.post(asio::error::operation_aborted, home.get_executor(), &pause_memory);
        socket.close();
    }

    static constexpr std::size_t wait_size = 192;

    shard& home;
    connection_sink& to;
    handler_memory<wait_size> wait_memory;
    wait_slot::memory pause_memory;
    wait_slot pausing;
    asio::posix::basic_stream_descriptor<executor> socket;
    bool stopped = false;

    enum class result { again, nothing, shortage, not_served };
    result accept_one();

  private:
    void expire() override {
        if (pausing)
            pausing.post({}, home.get_executor(), &pause_memory);
    }
};

acceptor::acceptor(shard& at, descriptor listening, connection_sink& to)
    : state_(std::make_shared<state>(at, std::move(listening), to)) {}

acceptor::~acceptor() = default;

void acceptor::start() {
    spawn(state_->home.get_executor(), run(state_), "accepting");
}

void acceptor::stop() {
    state_->stop();
}

acceptor::state::result acceptor::state::accept_one() {
    // Its options (no delay, timeouts) are inherited from the listening socket: see listener.
    descriptor accepted(::accept4(socket.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted)
        return is_shortage(errno) ? result::shortage : errno == EAGAIN ? result::nothing : result::again;
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
            co_await self->async_pause();
        } else {
            co_await self->async_readable();
        }
    }
}

}  // namespace anteroom::net
