// A connection as a stream of bytes: an Asio AsyncReadStream and AsyncWriteStream that can also be tried without
// waiting.
#pragma once

#include <anteroom/base/awaitable.hpp>
#include <anteroom/net/readiness.hpp>
#include <anteroom/net/wait_slot.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace anteroom::net {

using error_code = boost::system::error_code;

/// What a stream reports while nobody waits for it. On the thread of the stream.
class stream_observer {
  public:
    /// Input has come, and no read is waiting.
    virtual void input_came() = 0;
    /// The peer has hung up, or the connection is broken, and no read is waiting. Input may be left.
    virtual void hung_up() = 0;
    /// Something is about to be reported: what that will use may be prefetched.
    virtual void report_soon() const noexcept = 0;

  protected:
    ~stream_observer() = default;
};

/// What is read and written is tried first, without waiting (read_some(), write_some()); only when that would block is
/// there something to wait for. So a stream has no buffers, and costs no more than the flags that say what is known of
/// it. Its transports are derived from it: a socket, an end of an in-memory connection, and whatever encrypts.
///
/// On the thread of its executor only, destruction included.
class stream : protected readiness_watcher {
  public:
    using executor_type = executor;
    enum class wait_type : unsigned char { read, write };

    stream() = default;
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;
    /// Drops the handlers of operations that are under way; close() completes them.
    virtual ~stream() = default;

    virtual executor_type get_executor() const noexcept = 0;

    /// Reports to `who`, or to nobody, from now on; it must outlive the stream or be replaced.
    void observe(stream_observer* who) noexcept { observer_ = who; }

    /// Whether read_some() has something to try: not where it would block, as far as is known, nor before the first
    /// report of the stream's state.
    bool readable() const noexcept { return readable_; }
    /// Whether the peer has closed its side, or the connection is broken. Input may be left.
    bool peer_closed() const noexcept { return peer_closed_; }
    /// Whether the streams of this thread are likely to have more to report than is known yet.
    virtual bool others_wait() const noexcept = 0;
    virtual bool is_open() const noexcept = 0;

    /// Reads what has come, without waiting: bytes, or `would_block`, `eof`, or why the connection is broken.
    std::size_t read_some(asio::mutable_buffer into, error_code& ec);
    /// Writes what is taken without waiting, in order, of the first `max_pieces`; less than all of these means that the
    /// next would block. Or why the connection is broken.
    static constexpr std::size_t max_pieces = 64;
    std::size_t write_some(std::span<asio::const_buffer const> from, error_code& ec);
    /// Says that no more will be written.
    virtual void shutdown_send() noexcept = 0;
    /// Closes, and completes what is under way with `operation_aborted`, not from within this call. Where there is no
    /// memory left even to post that, the process ends.
    void close() noexcept;
    /// Completes what is under way with `operation_aborted`, not from within this call. Where the handlers of a
    /// session are concerned, a hang-up that comes later is reported to its observer.
    void cancel();

    /// Completes with `void(error_code)` once read_some() or write_some() need not block: without an error, or with
    /// `operation_aborted` after cancel(), close(), or a signal to the handler's cancellation slot (any type). One at a
    /// time of each kind. Never completes from within this call; then in place, by the stream's own report, if the
    /// handler's executor is the stream's, and through the handler's executor otherwise.
    template <class CompletionToken = asio::deferred_t>
    auto async_wait(wait_type what, CompletionToken&& token = {}) {
        return asio::async_initiate<CompletionToken, void(error_code)>(
            [](auto&& handler, stream* self, wait_type which) {
                self->begin_wait(which, std::forward<decltype(handler)>(handler));
            },
            token, this, what);
    }

    /// AsyncReadStream and AsyncWriteStream (Boost.Asio): completes with `void(error_code, std::size_t)` once some
    /// bytes, or none because there was room for none, were read or written. Buffers must live until then. Cancellation
    /// as in async_wait(): nothing was transferred then. See stream_operations.hpp, which defines them.
    template <class MutableBuffers, class CompletionToken = asio::deferred_t>
    auto async_read_some(MutableBuffers const& into, CompletionToken&& token = {});
    template <class ConstBuffers, class CompletionToken = asio::deferred_t>
    auto async_write_some(ConstBuffers const& from, CompletionToken&& token = {});

  protected:
    void ready(readiness what) override;
    void ready_soon() const noexcept override;

    // What a transport does; `size` is that of all pieces together.
    virtual std::size_t do_read(asio::mutable_buffer into, error_code& ec) = 0;
    virtual std::size_t do_write(std::span<asio::const_buffer const> from, std::size_t size, error_code& ec) = 0;
    virtual void do_close() noexcept = 0;

  private:
    template <class Handler>
    void begin_wait(wait_type what, Handler&& handler) {
        // Few ever wait to write: not each stream has the room for it.
        if (what == wait_type::write && !writing_)
            writing_ = std::make_unique<wait_slot>();
        auto& slot = what == wait_type::read ? reading_ : *writing_;
        slot.begin(std::forward<Handler>(handler), get_executor());
        if (!is_open())
            slot.post(asio::error::operation_aborted, get_executor());
        else if (what == wait_type::read ? readable_ : writable_)
            slot.post({}, get_executor());
    }

    stream_observer* observer_ = nullptr;
    wait_slot reading_;
    std::unique_ptr<wait_slot> writing_;
    bool readable_ = false;
    bool writable_ = true;
    bool peer_closed_ = false;
};

}  // namespace anteroom::net
