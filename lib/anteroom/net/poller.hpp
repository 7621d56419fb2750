// Reports sockets that have become readable or writable: an edge-triggered epoll set, one for each event loop. Private
// to net, which exposes streams only.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/base/handler_memory.hpp>
#include <anteroom/net/readiness.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace anteroom::net {

/// A socket is registered once, for all events, and each change is reported once (EPOLLET, see epoll(7)): so waiting
/// for the next change costs no system call and no memory, unlike with Asio's own sockets, which need both for each
/// operation (see docs/architecture.md). The set is itself a descriptor, and the io_context waits for that one while
/// there is a socket in it. The ends of in-memory connections are reported in the same batches. Single-threaded, on the
/// thread of the io_context.
class poller {
  public:
    using watcher = readiness_watcher;

    /// A watcher of an object that is unknown to the kernel: raise() reports its events.
    class memory_watcher : public watcher {
      protected:
        ~memory_watcher() = default;

      private:
        friend class poller;
        memory_watcher* next_ = nullptr;
        std::uint32_t pending_ = 0;  // in the format of epoll_event
        bool queued_ = false;
    };

    /// Throws std::system_error if no descriptor is available.
    explicit poller(asio::io_context& io);
    ~poller();
    poller(poller const&) = delete;
    poller& operator=(poller const&) = delete;

    /// The poller of an event loop, created on first use and destroyed with the loop.
    static poller& of(asio::io_context& io);

    /// Watches a non-blocking socket until it is removed; its current state is reported soon. Returns whether it
    /// succeeded.
    bool add(int socket, watcher& who);

    /// Discards pending reports to a watcher that was added. The socket must be closed immediately afterwards, which
    /// removes it from the epoll set.
    void remove(watcher const& who) noexcept;

    /// Reports to a watcher soon, never from within this call; several pending reports are merged into one.
    void raise(memory_watcher& who, readiness what);
    /// Discards pending reports to it.
    void forget(memory_watcher& who) noexcept;

    /// Whether the last epoll_wait() filled the whole batch, so that more events are likely to be pending.
    bool behind() const noexcept { return behind_; }

    /// Stops watching for good, so that the io_context has no outstanding work here.
    void stop();

    executor get_executor() noexcept { return set_.get_executor(); }

  private:
    void wait();
    void take_from_kernel();
    void take_from_memory();
    void dispatch();
    void post_raised();
    void prefetch_next() const noexcept;
    void forget_in_batch(watcher const& who) noexcept;

    // For handlers of the loop, of which there is one at a time of each kind, so that queueing them cannot fail.
    static constexpr std::size_t handler_size = 192;
    using loop_memory = handler_memory<handler_size>;

    loop_memory wait_memory_;
    loop_memory raise_memory_;
    asio::posix::basic_stream_descriptor<executor> set_;
    std::array<epoll_event, 256> batch_{};
    std::size_t next_ = 0;  // in the batch that is being dispatched
    std::size_t count_ = 0;
    std::size_t sockets_ = 0;
    memory_watcher* first_raised_ = nullptr;
    memory_watcher* last_raised_ = nullptr;
    bool waiting_ = false;
    bool behind_ = false;
};

}  // namespace anteroom::net
