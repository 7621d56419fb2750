// Tells of sockets that have become readable or writable: an edge-triggered epoll set of a shard's.
#pragma once

#include <anteroom/base/task.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>

namespace anteroom {

/// What may have changed on a socket since it was told of last.
struct readiness {
    bool readable = false;
    bool writable = false;
    bool hung_up = false;  // the peer has closed its side, or the connection is broken; input may be left to read
};

/// A socket is registered once, for everything, and each change is told once (EPOLLET, see epoll(7)): so waiting for
/// the next change costs no system call and no memory, which Asio's own sockets need for each operation (see
/// docs/architecture.md). The set is itself a descriptor, and the shard's io_context waits for that one. One thread.
class poller {
  public:
    /// Somebody who is told. Leaves its poller before it goes.
    class watcher {
      public:
        virtual void ready(readiness what) = 0;
        /// ready() is about to be called: what it will use, beside the object itself, may be asked for (prefetch()).
        virtual void ready_soon() const noexcept {}

      protected:
        ~watcher() = default;
    };

    /// Throws std::system_error where there is no descriptor to be had.
    explicit poller(asio::io_context& io);
    poller(poller const&) = delete;
    poller& operator=(poller const&) = delete;

    /// Watches a non-blocking socket until it is closed; its state as it is now is told soon. Returns whether it could.
    bool add(int socket, watcher& who) noexcept;

    /// Forgets what was still to be told to somebody. The socket must be closed at once, which takes it out of the set.
    void remove(watcher const& who) noexcept;

    /// Whether the last look found as many changes as it takes at once, so that more are likely to wait to be told.
    bool behind() const noexcept { return behind_; }

    /// Stops watching, so that the io_context has nothing to wait for here.
    void stop();

  private:
    void arm();
    void tell();
    void tell_of_next() const noexcept;

    asio::posix::basic_stream_descriptor<executor> set_;
    std::array<epoll_event, 256> events_{};
    std::size_t next_ = 0;  // of the events that are being told
    std::size_t count_ = 0;
    bool behind_ = false;
};

}  // namespace anteroom
