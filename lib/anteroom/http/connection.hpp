// A connection: a socket with its unread input and its unsent output.
#pragma once

#include <anteroom/base/poller.hpp>
#include <anteroom/base/resumption.hpp>
#include <anteroom/http/response.hpp>
#include <anteroom/http/worker.hpp>

#include <coroutine>
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
/// What a client sends while it is not its turn stays in the socket, but for what came in one read with the request
/// before it. Input is read into a buffer of the shard's, and only what is left of it (half a request, or another) is
/// kept over a wait.
class connection : private poller::watcher {
  public:
    /// Takes over a connected, non-blocking socket.
    connection(worker& at, int socket);
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// What has come and was not consumed; good until the next call of a function that is not const.
    std::string_view input() const noexcept;
    /// Drops the first `size` bytes of the input.
    void consume(std::size_t size) noexcept;
    /// Reads what has come, without waiting, and says whether there was anything. Nothing is tried where nothing was
    /// told to have come, unless with `anyway`.
    bool receive(bool anyway = false);
    /// Keeps the input over a wait. To be called before the coroutine of the connection suspends.
    void keep_input();

    /// Whether the peer has hung up, or shut its side down; input may be left.
    bool peer_closed() const noexcept { return peer_closed_; }
    /// Whether all input has been read that will ever come.
    bool ended() const noexcept { return ended_; }
    /// Whether the connection is broken: nothing can be sent any more.
    bool failed() const noexcept { return failed_; }

    class wait;
    /// To be awaited: true once receive() may have something to read, or find that nothing will come; false after
    /// cancel_wait() or close(). One wait at a time, of either kind.
    wait readable() noexcept;
    /// The same for output: true once write_unsent() may get rid of something.
    wait writable() noexcept;

    /// Writes without waiting, behind what is kept already; what the socket does not take is kept for write_unsent(),
    /// by its owners or as a copy.
    void write(std::span<part const> parts);
    /// What became of frames.
    struct taken {
        std::size_t frames = 0;   // that went whole
        std::size_t of_next = 0;  // bytes that went of the frame after them
    };
    /// Writes frames of `pieces_each` pieces each, without waiting and without keeping what the socket does not take:
    /// where a frame went in part, the caller gives its rest to keep_unsent(). Nothing goes while anything is kept.
    taken write_frames(std::span<std::string_view const> pieces, std::size_t pieces_each);
    /// Keeps the rest of what was written in part, from `offset` on, for write_unsent().
    void keep_unsent(std::span<part const> parts, std::size_t offset);
    bool has_unsent() const noexcept { return unsent_ != nullptr; }
    /// Writes, without waiting, what is kept.
    void write_unsent();
    std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }

    /// Says that no more will be sent.
    void shutdown_send() noexcept;
    /// Closes the socket, and ends a wait.
    void close() noexcept;

  protected:
    ~connection();
    worker& owner() noexcept { return worker_; }
    /// Has a wait end, if one is under way, but not from within.
    void cancel_wait();
    /// Called when the peer has hung up while no wait for input is under way.
    virtual void hung_up() = 0;
    /// Called when input has come while no wait for it is under way.
    virtual void input_came() {}
    void ready_soon() const noexcept override { waiting_.soon(); }
    /// Whether receive() has something to try.
    bool has_input() const noexcept { return readable_ || !input().empty(); }

  private:
    enum class wanted : unsigned char { nothing, input, output };

    bool begin_wait(wanted what);
    void ready(readiness what) override;
    std::size_t write_some(std::span<part const> parts, std::size_t offset);
    std::size_t write_joined(std::span<part const> parts, std::size_t offset);
    std::size_t write_some(std::span<std::string_view const> pieces);

    worker& worker_;
    int socket_;
    wanted wanted_ = wanted::nothing;
    bool readable_ = false;
    bool peer_closed_ = false;
    bool ended_ = false;
    bool failed_ = false;
    bool came_ = false;  // what the last wait waited for
    resumption waiting_;
    std::unique_ptr<input_buffer> buffer_;  // while there is input and no wait
    std::unique_ptr<std::string> kept_;     // input that is kept over a wait
    std::unique_ptr<std::vector<part>> unsent_;
    std::uint64_t bytes_sent_ = 0;
};

/// See connection::readable().
class connection::wait {
  public:
    wait(connection& on, wanted what) noexcept : on_(on), what_(what) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) {
        return on_.begin_wait(what_) && (on_.waiting_ = resumption(waiting.promise()));
    }
    bool await_resume() const noexcept { return on_.came_; }

  private:
    connection& on_;
    wanted what_;
};

inline connection::wait connection::readable() noexcept {
    return {*this, wanted::input};
}
inline connection::wait connection::writable() noexcept {
    return {*this, wanted::output};
}

}  // namespace anteroom::http
