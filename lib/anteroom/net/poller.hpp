// Reports sockets that have become readable or writable: an edge-triggered epoll set, one for each event loop. Private
// to net: streams are what others see.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/net/readiness.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace anteroom::net {

/// A socket is registered once, for everything, and each change is reported once (EPOLLET, see epoll(7)): so waiting
/// for the next change costs no system call and no memory, which Asio's own sockets need for each operation (see
/// docs/architecture.md). The set is itself a descriptor, and the io_context waits for that one while there is a socket
/// in it. Ends of in-memory connections report through the same batches. One thread, that of the io_context.
class poller {
  public:
    using watcher = readiness_watcher;

    /// A watcher of what no kernel knows of: raise() reports for it.
    class memory_watcher : public watcher {
      protected:
        ~memory_watcher() = default;

      private:
        friend class poller;
        memory_watcher* next_ = nullptr;
        std::uint32_t pending_ = 0;  // as epoll_event has it
        bool queued_ = false;
    };

    /// Throws std::system_error where there is no descriptor to be had.
    explicit poller(asio::io_context& io);
    ~poller();
    poller(poller const&) = delete;
    poller& operator=(poller const&) = delete;

    /// The poller of an event loop, made when it is first asked for; it ends with the loop.
    static poller& of(asio::io_context& io);

    /// Watches a non-blocking socket until it is removed; its state as it is now is reported soon. Returns whether it
    /// could.
    bool add(int socket, watcher& who) noexcept;

    /// Drops what was still to be reported to a watcher that was added. The socket must be closed at once, which takes
    /// it out of the set.
    void remove(watcher const& who) noexcept;

    /// Reports to a watcher soon, never from within this call; several reports become one.
    void raise(memory_watcher& who, readiness what);
    /// Drops what was still to be reported to it.
    void forget(memory_watcher& who) noexcept;

    /// Whether the last look found as many changes as it takes at once, so that more are likely to wait.
    bool behind() const noexcept { return behind_; }

    /// Stops watching for good, so that the io_context has nothing to wait for here.
    void stop();

    executor get_executor() noexcept { return set_.get_executor(); }

  private:
    void wait();
    void take_from_kernel();
    void take_from_memory();
    void dispatch();
    void prefetch_next() const noexcept;
    void forget_in_batch(watcher const& who) noexcept;

    asio::posix::basic_stream_descriptor<executor> set_;
    std::array<epoll_event, 256> batch_{};
    std::size_t next_ = 0;  // of the reports that are being dispatched
    std::size_t count_ = 0;
    std::size_t sockets_ = 0;
    memory_watcher* first_raised_ = nullptr;
    memory_watcher* last_raised_ = nullptr;
    bool waiting_ = false;
    bool behind_ = false;
};

}  // namespace anteroom::net
