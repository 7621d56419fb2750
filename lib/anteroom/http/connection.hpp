// A connection: a socket with its unread input and its unsent output.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <anteroom/http/response.hpp>
#include <anteroom/http/worker.hpp>

namespace anteroom::http {

/// The socket of every kind of stream that is listened on: TCP over IPv4 and IPv6, and Unix.
using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;

/// How a wait for input ends.
enum class input_event { arrived, ended, cancelled };

/// One receive is under way at a time, into a buffer in the connection, and it stays under way while a poll hangs: so
/// a hang-up is noticed at once, and the same receive later brings the next request. On the thread of its shard.
class connection {
  public:
    /// Takes a connected, non-blocking socket.
    connection(worker& at, stream_socket&& socket);
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// What has come and was not consumed: one piece, until the next call of a function that is not const.
    std::string_view input() const noexcept;
    /// Drops the first `size` bytes of the input.
    void consume(std::size_t size);
    /// Whether the peer has hung up, or shut its side down; input may be left.
    bool ended() const noexcept { return ended_; }

    /// Completes with `void(input_event)` when there is more input, or none will come. One at a time. Cancelled by the
    /// handler's cancellation slot (any type); the receive behind it goes on.
    template <class CompletionToken>
    auto async_input(CompletionToken&& token) {
        return asio::async_initiate<CompletionToken, void(input_event)>(initiate_input{}, token, this);
    }

    /// Keeps a receive under way while nobody waits for input. When it shows that the peer has hung up, hung_up() is
    /// called.
    void watch();

    /// Writes without waiting; what the socket does not take is kept for async_flush(). Nothing if output is kept.
    void write(std::span<part const> parts);
    bool has_unsent() const noexcept { return !unsent_.empty(); }
    /// Writes, without waiting, what is kept, and says whether the socket took anything. Errors end the connection.
    bool write_unsent();
    /// Completes with `void(error_code)` when the socket takes output again.
    template <class CompletionToken>
    auto async_writable(CompletionToken&& token) {
        return socket_.async_wait(stream_socket::wait_write, std::forward<CompletionToken>(token));
    }
    bool failed() const noexcept { return failed_; }
    std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }

    /// Says that no more will be sent.
    void shutdown_send() noexcept;
    /// Closes the socket. A receive that is under way still completes: see is_receiving().
    void close() noexcept;
    bool is_receiving() const noexcept { return receiving_; }

    stream_socket& socket() noexcept { return socket_; }

  protected:
    ~connection() = default;
    virtual void hung_up() = 0;

  private:
    // Enough for the poll of a lean client. What a browser sends goes on into a buffer of the shard's.
    static constexpr std::size_t inline_size = 256;
    // Input beyond this is left in the socket until some is consumed.
    static constexpr std::size_t max_input = 32 * 1024;

    struct initiate_input {
        template <class Handler>
        void operator()(Handler&& handler, connection* self) const {
            self->start_waiting(asio::any_completion_handler<void(input_event)>(std::forward<Handler>(handler)));
        }
    };
    struct receive_handler {
        connection* self;
        void operator()(boost::system::error_code ec, std::size_t size) const { self->received(ec, size); }
    };

    void start_waiting(asio::any_completion_handler<void(input_event)> handler);
    void received(boost::system::error_code ec, std::size_t size);
    void spill();
    void read_on();
    bool write_some(std::span<asio::const_buffer const> buffers, std::size_t& sent);

    worker& worker_;
    stream_socket socket_;
    std::string spilled_;  // the input, once it is more than inline_ has room for
    asio::any_completion_handler<void(input_event)> waiting_;
    std::vector<part> unsent_;
    std::uint64_t bytes_sent_ = 0;
    std::uint16_t begin_ = 0;  // of the input in inline_
    std::uint16_t end_ = 0;
    bool receiving_ = false;
    bool ended_ = false;
    bool failed_ = false;
    std::array<char, inline_size> inline_;
};

}  // namespace anteroom::http
