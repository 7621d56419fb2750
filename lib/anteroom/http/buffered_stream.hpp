// A stream with buffers for its unread input and its unsent output.
#pragma once

#include <anteroom/http/response.hpp>
#include <anteroom/http/worker.hpp>
#include <anteroom/net/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom::http {

/// On the thread of its shard.
///
/// What a client sends before its request can be handled stays in the stream, except for bytes that arrived in the same
/// read as the request before it. Input is read into a buffer borrowed from the shard, and only the rest of it (a
/// partial request, or a further one) is kept during a wait.
class buffered_stream : private net::stream_observer {
  public:
    /// The stream must outlive it.
    buffered_stream(worker& at, net::stream& over);
    buffered_stream(buffered_stream const&) = delete;
    buffered_stream& operator=(buffered_stream const&) = delete;

    /// Input that has arrived and was not consumed; valid until the next call of a non-const function.
    std::string_view input() const noexcept;
    /// Drops the first `size` bytes of the input.
    void consume(std::size_t size) noexcept;
    /// Reads available input without waiting, and returns whether there was any. Nothing is tried if the stream has not
    /// reported being readable, unless `anyway` is set.
    bool receive(bool anyway = false);
    /// Keeps unconsumed input during a wait. Must be called before the session's coroutine suspends.
    void keep_input();

    /// Whether the peer has hung up, or shut down its side; unread input may be left.
    bool peer_closed() const noexcept { return stream_.peer_closed(); }
    /// Whether all input has been read, and no more will arrive.
    bool ended() const noexcept { return ended_; }
    /// Whether the connection is broken, so that nothing can be sent any more.
    bool failed() const noexcept { return failed_; }

    /// Writes without waiting, after any output that is already kept; what the stream does not accept is kept for
    /// write_unsent(), by sharing ownership or as a copy.
    void write(std::span<part const> parts);
    /// The result of writing frames.
    struct taken {
        std::size_t frames = 0;   // frames written completely
        std::size_t of_next = 0;  // bytes written of the frame after them
    };
    /// Writes frames of `pieces_each` pieces each, without waiting and without keeping what the stream does not accept:
    /// if a frame was written partially, the caller passes its rest to keep_unsent(). Writes nothing while unsent
    /// output is kept.
    taken write_frames(std::span<asio::const_buffer const> pieces, std::size_t pieces_each);
    /// Keeps the rest of a partial write, from `offset` on, for write_unsent().
    void keep_unsent(std::span<part const> parts, std::size_t offset);
    bool has_unsent() const noexcept { return unsent_ != nullptr; }
    /// The memory, in bytes, that kept input takes, and kept output where it is not shared.
    std::size_t memory() const noexcept {
        auto const input = kept_ ? kept_->capacity() : 0;
        return input + (unsent_ ? unsent_->parts.capacity() * sizeof(part) + unsent_->copied : 0);
    }
    /// Drops kept input and output.
    void drop_kept() noexcept;
    /// Writes kept output, without waiting.
    void write_unsent();
    std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }

    /// Closes the stream, and ends operations that wait for it.
    void close() noexcept;

  protected:
    ~buffered_stream();
    worker& owner() noexcept { return worker_; }
    net::stream& stream() noexcept { return stream_; }
    /// Whether receive() is worth calling.
    bool has_input() const noexcept { return stream_.readable() || !input().empty(); }

  private:
    std::size_t write_some(std::span<part const> parts, std::size_t offset);
    std::size_t write_joined(std::span<part const> parts, std::size_t offset);
    std::size_t write_some(std::span<asio::const_buffer const> pieces);

    worker& worker_;
    net::stream& stream_;
    bool ended_ = false;
    bool failed_ = false;
    std::unique_ptr<input_buffer> buffer_;  // while there is input and the session does not wait
    std::unique_ptr<std::string> kept_;     // input that is kept during a wait
    struct output {
        std::vector<part> parts;
        std::size_t copied = 0;  // bytes that are nobody else's, at most
    };
    std::unique_ptr<output> unsent_;
    std::uint64_t bytes_sent_ = 0;
};

}  // namespace anteroom::http
