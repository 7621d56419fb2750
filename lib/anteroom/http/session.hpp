// A session: one connection's requests, read and answered in order by one coroutine.
#pragma once

#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/base/handler_memory.hpp>
#include <anteroom/http/connection.hpp>
#include <anteroom/http/request_parser.hpp>
#include <anteroom/http/worker.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <optional>
#include <string>

namespace anteroom::http {

/// What a handler leaves behind for the next request on a connection.
class keepsake {
  public:
    keepsake() = default;
    keepsake(keepsake const&) = delete;
    keepsake& operator=(keepsake const&) = delete;
    virtual ~keepsake() = default;
};

/// Why what a session awaits was cancelled.
enum class interruption { none, timed_out, hung_up, draining, input, nudged };

/// On the thread of its shard.
///
///     idle --bytes--> reading --request--> serving --answered--> idle
///                        |                 |     |
///                        |   a task waits: |     | the socket is full:
///                        |              waiting  writing --all sent--> idle
///                        |
///     a refused request, `Connection: close`, a drain: lingering, then closed
///     a hang-up, a broken connection, a deadline while idle or writing: closed
class session final : private connection, private deadline, private member {
  public:
    /// Starts a session on a connected, non-blocking socket. It ends by itself.
    static void start(worker& at, int socket);

    session(worker& at, int socket);
    ~session();

    shard& home() noexcept { return owner().home(); }

    // For handlers.

    /// Answers the request: writes what the socket takes and keeps the rest, which is written before the next request
    /// is looked at. Once a request.
    void send(response const& answer);
    /// The same for an answer with status 200 that is in parts already: the first is left empty, for the head up to
    /// `fields`; the second is the rest of the head (its `Content-Length` and the empty line among it), the others are
    /// the body.
    void send(std::string_view fields, std::span<part> parts);

    /// Adds header fields to the answer of this request, whatever it will be.
    void add_fields(std::string_view fields);

    /// Leaves something for the next request's handler; it goes with the connection.
    void keep(std::unique_ptr<keepsake> what) noexcept { kept_ = std::move(what); }
    std::unique_ptr<keepsake> take_kept() noexcept { return std::move(kept_); }

    // For handlers whose answer goes on.

    /// Begins an answer with status 200 whose body is written piece by piece until end_stream(): as chunks if
    /// chunked(), that is in HTTP/1.1, and else until the connection is closed.
    void begin_stream(std::string_view fields);
    bool chunked() const noexcept { return !http_1_0_; }
    void end_stream();
    /// Answers with 101 and these fields. From here on the connection does not speak HTTP, and is closed in the end.
    void upgrade(std::string_view fields);
    /// Closes the connection at once; what was not sent is dropped.
    void cut_off() { close(); }
    /// Completes when the socket has taken all that was written: false if it does not do so in time, or the connection
    /// is broken; it is closed then.
    task<bool> sent();
    /// Has other sessions have their turn.
    task<void> let_others_go();

    // Input after upgrade(), and output of an answer that goes on: see connection.
    using connection::consume;
    using connection::ended;
    using connection::failed;
    using connection::has_unsent;
    using connection::input;
    using connection::keep_unsent;
    using connection::peer_closed;
    using connection::receive;
    using connection::write;
    using connection::write_frames;

    // For handlers that wait.

    /// From here on, until it is called again or the handler's task ends, a hang-up, a drain, the passing of `time`,
    /// nudge() and, after upgrade(), input cancel what the task awaits; interrupted() says which it was, and may say so
    /// at once. To be called before a co_await that waits.
    void interrupt_after(milliseconds time);
    interruption interrupted() const noexcept { return interruption_; }
    /// Ends what the handler's task awaits, if it does.
    void nudge();
    /// The completion token of an operation that is to be cancelled so.
    auto interruptible() noexcept {
        return asio::bind_allocator(wait_allocator(wait_memory_),
                                    asio::bind_cancellation_slot(cancel_.slot(), asio::deferred));
    }

    /// Whether the server is shutting down.
    bool draining() noexcept { return owner().draining(); }
    /// Whether others on this shard are likely to wait to be read.
    bool others_wait() noexcept { return owner().sockets().behind(); }

  private:
    enum class phase : unsigned char { idle, reading, serving, waiting, writing, lingering };
    enum class progress { need_input, handled, refused };

    static constexpr std::size_t wait_size = 80;
    using wait_allocator = handler_allocator<void, wait_size>;

    /// A request whose body has not come whole: its head, in a place of its own, and the parser.
    struct incoming;
    /// What the access log will say.
    struct record;

    static task<void> run(std::unique_ptr<session> self);
    task<void> write_rest();
    task<void> linger();
    progress step(task<void>& later);
    progress begin_request(task<void>& later);
    progress continue_request(task<void>& later);
    bool handle_known(task<void>& later);
    void handle(request const& asked, bool keep_alive, task<void>& later);
    progress refuse(unsigned status, std::string_view detail);
    progress refuse(boost::system::error_code why, request const& asked);
    void start_deadline();
    bool input_interrupted();
    bool is_idle_in_drain();
    bool receive_before_close();
    bool may_go_on();
    bool discard_input();
    std::string_view connection_field() noexcept;
    void interrupt(interruption why);
    void begin_record(std::string_view method, std::string_view target);
    void note(unsigned status);
    void log_access();

    void drain() override;
    void abort() override;
    void expire() override { interrupt(interruption::timed_out); }
    void hung_up() override;
    void input_came() override;
    void ready_soon() const noexcept override;

    asio::cancellation_signal cancel_;
    handler_memory<wait_size> wait_memory_;
    std::unique_ptr<incoming> incoming_;
    std::unique_ptr<record> record_;
    std::unique_ptr<keepsake> kept_;
    std::unique_ptr<std::string> more_fields_;  // for this answer
    std::uint32_t discarded_ = 0;
    std::uint8_t in_a_row_ = 0;  // requests answered without a wait between them
    phase phase_ = phase::reading;
    interruption interruption_ = interruption::none;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
    bool head_only_ = false;
    bool upgraded_ = false;
};

}  // namespace anteroom::http
