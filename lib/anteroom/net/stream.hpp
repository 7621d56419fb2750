// A connection as a stream of bytes: an Asio AsyncReadStream and AsyncWriteStream that can also be tried without
// waiting.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/net/readiness.hpp>
#include <anteroom/net/wait_slot.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace anteroom::net {

using error_code = boost::system::error_code;

/// Receives a stream's events while no operation waits for them. On the thread of the stream.
class stream_observer {
  public:
    /// Input has arrived, and no read is waiting.
    virtual void input_came() = 0;
    /// The peer has hung up, or the connection is broken, and no read is waiting. Unread input may be left.
    virtual void hung_up() = 0;
    /// An event is about to be reported: a hint to prefetch what that will use.
    virtual void report_soon() const noexcept = 0;
    /// Memory in which a completion of the stream is posted, if it is free; it outlives the stream's loop or the
    /// stream's operations.
    virtual wait_slot::memory* completion_memory() noexcept { return nullptr; }

  protected:
    ~stream_observer() = default;
};

/// Reads and writes are attempted first, without waiting (read_some(), write_some()); only if that would block does an
/// operation wait. So a stream has no buffers, and costs no more than the flags for its known state. Transports are
/// derived classes: a socket, an end of an in-memory connection, and encryption layers.
///
/// On the thread of its executor only, including destruction.
class stream : protected readiness_watcher {
  public:
    using executor_type = executor;
    enum class wait_type : unsigned char { read, write };

    stream() = default;
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;
    /// Destroys the handlers of pending operations without calling them; close() completes them.
    virtual ~stream() = default;

    virtual executor_type get_executor() const noexcept = 0;

    /// Sets the observer, or none if null; it must outlive the stream or be replaced.
    void observe(stream_observer* who) noexcept { observer_ = who; }

    /// Whether read_some() is worth calling: false if it is known that it would block, and before the stream's state is
    /// first reported.
    bool readable() const noexcept { return readable_; }
    /// Whether the peer has closed its side, or the connection is broken. Unread input may be left.
    bool peer_closed() const noexcept { return peer_closed_; }
    /// Whether other streams of this thread are likely to have events that have not been reported yet.
    virtual bool others_wait() const noexcept = 0;
    virtual bool is_open() const noexcept = 0;
    /// The IP address at the other end; nullopt where there is none (a Unix socket, memory), unspecified where it
    /// cannot be known any more.
    virtual std::optional<asio::ip::address> peer_address() const { return std::nullopt; }

    /// Reads available input without waiting: returns bytes, or fails with `would_block`, `eof`, or the reason why the
    /// connection is broken.
    std::size_t read_some(asio::mutable_buffer into, error_code& ec);
    /// Writes as much of the first `max_pieces` pieces as is accepted without waiting, in order; a result that is less
    /// than their total size means that the next write would block. Fails with the reason if the connection is broken.
    static constexpr std::size_t max_pieces = 64;
    std::size_t write_some(std::span<asio::const_buffer const> from, error_code& ec);
    /// Shuts down the sending side: no more will be written.
    virtual void shutdown_send() noexcept = 0;
    /// Closes the stream, and completes pending operations with `operation_aborted`, not from within this call. Of two
    /// operations one needs memory to be posted, and so does the only one of a stream whose observer has none for it:
    /// if there is none, the process terminates.
    void close() noexcept;
    /// Completes pending operations with `operation_aborted`, not from within this call. A hang-up that happens later,
    /// when no operation is pending, is reported to the observer.
    void cancel();

    /// Completes with `void(error_code)` once read_some() or write_some() need not block: without an error, or with
    /// `operation_aborted` after cancel(), close(), or a signal to the handler's cancellation slot (any type). At most
    /// one pending wait of each type. Never completes from within this call; later it completes in place, from the
    /// stream's own report, if the handler's executor is the stream's, and is dispatched to the handler's executor
    /// otherwise.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(wait_type what, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(error_code)>(
            [](auto&& handler, stream* self, wait_type which) {
                self->begin_wait(which, std::forward<decltype(handler)>(handler));
            },
            token, this, what);
    }

    /// Allocates what a wait for writing needs: few streams ever wait for that. Where it was called before, starting a
    /// wait cannot fail, which matters where a coroutine awaits it: an exception would not reach the coroutine.
    void prepare_write() {
        if (!writing_)
            writing_ = std::make_unique<wait_slot>();
    }

    /// AsyncReadStream and AsyncWriteStream (Boost.Asio): completes with `void(error_code, std::size_t)` once some
    /// bytes were read or written, or with zero bytes if the buffers are empty. Buffers must live until then.
    /// Cancellation as in async_wait(); nothing was transferred in that case. Defined in stream_operations.hpp.
    template <class MutableBuffers, class CompletionToken = asio::deferred_t>
    auto async_read_some(MutableBuffers const& into, CompletionToken&& token = {});
    template <class ConstBuffers, class CompletionToken = asio::deferred_t>
    auto async_write_some(ConstBuffers const& from, CompletionToken&& token = {});

  protected:
    void ready(readiness what) override;
    void ready_soon() const noexcept override;

    // Implemented by the transport; `size` is the total size of all pieces.
    virtual std::size_t do_read(asio::mutable_buffer into, error_code& ec) = 0;
    virtual std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, error_code& ec) = 0;
    virtual void do_close() noexcept = 0;

  private:
    template <class Handler>
    void begin_wait(wait_type what, Handler&& handler) {
        if (what == wait_type::write)
            prepare_write();
        auto& slot = what == wait_type::read ? reading_ : *writing_;
        slot.begin(std::forward<Handler>(handler), get_executor());
        if (!is_open())
            post(slot, asio::error::operation_aborted);
        else if (what == wait_type::read ? readable_ : writable_)
            post(slot, {});
    }
    void post(wait_slot& slot, error_code ec) {
        slot.post(ec, get_executor(), observer_ != nullptr ? observer_->completion_memory() : nullptr);
    }

    stream_observer* observer_ = nullptr;
    wait_slot reading_;
    std::unique_ptr<wait_slot> writing_;
    bool readable_ = false;
    bool writable_ = true;
    bool peer_closed_ = false;
};

}  // namespace anteroom::net
