// A stream with its unread input and its unsent output.
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
/// What a client sends while it is not its turn stays in the stream, but for what came in one read with the request
/// before it. Input is read into a buffer of the shard's, and only what is left of it (half a request, or another) is
/// kept over a wait.
class buffered_stream : private net::stream_observer {
  public:
    /// The stream must outlive it.
    buffered_stream(worker& at, net::stream& over);
    buffered_stream(buffered_stream const&) = delete;
    buffered_stream& operator=(buffered_stream const&) = delete;

    /// What has come and was not consumed; good until the next call of a function that is not const.
    std::string_view input() const noexcept;
    /// Drops the first `size` bytes of the input.
    void consume(std::size_t size) noexcept;
    /// Reads what has come, without waiting, and says whether there was anything. Nothing is tried where the stream has
    /// reported nothing, unless with `anyway`.
    bool receive(bool anyway = false);
    /// Keeps the input over a wait. To be called before the session's coroutine suspends.
    void keep_input();

    /// Whether the peer has hung up, or shut its side down; input may be left.
    bool peer_closed() const noexcept { return stream_.peer_closed(); }
    /// Whether all input has been read that will ever come.
    bool ended() const noexcept { return ended_; }
    /// Whether the connection is broken: nothing can be sent any more.
    bool failed() const noexcept { return failed_; }

    /// Writes without waiting, behind what is kept already; what the stream does not take is kept for write_unsent(),
    /// by its owners or as a copy.
    void write(std::span<part const> parts);
    /// What became of frames.
    struct taken {
        std::size_t frames = 0;   // that went whole
        std::size_t of_next = 0;  // bytes that went of the frame after them
    };
    /// Writes frames of `pieces_each` pieces each, without waiting and without keeping what the stream does not take:
    /// where a frame went in part, the caller gives its rest to keep_unsent(). Nothing goes while anything is kept.
    taken write_frames(std::span<asio::const_buffer const> pieces, std::size_t pieces_each);
    /// Keeps the rest of what was written in part, from `offset` on, for write_unsent().
    void keep_unsent(std::span<part const> parts, std::size_t offset);
    bool has_unsent() const noexcept { return unsent_ != nullptr; }
    /// Writes, without waiting, what is kept.
    void write_unsent();
    std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }

    /// Closes the stream, and ends what waits for it.
    void close() noexcept;

  protected:
    ~buffered_stream();
    worker& owner() noexcept { return worker_; }
    net::stream& stream() noexcept { return stream_; }
    /// Whether receive() has something to try.
    bool has_input() const noexcept { return stream_.readable() || !input().empty(); }

  private:
    std::size_t write_some(std::span<part const> parts, std::size_t offset);
    std::size_t write_joined(std::span<part const> parts, std::size_t offset);
    std::size_t write_some(std::span<asio::const_buffer const> pieces);

    worker& worker_;
    net::stream& stream_;
    bool ended_ = false;
    bool failed_ = false;
    std::unique_ptr<input_buffer> buffer_;  // while there is input and no wait
    std::unique_ptr<std::string> kept_;     // input that is kept over a wait
    std::unique_ptr<std::vector<part>> unsent_;
    std::uint64_t bytes_sent_ = 0;
};

}  // namespace anteroom::http
