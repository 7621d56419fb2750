// A session: one connection's requests, read and answered in order by one coroutine.
#pragma once

#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/http/buffered_stream.hpp>
#include <anteroom/http/connection_cache.hpp>
#include <anteroom/http/request_parser.hpp>
#include <anteroom/http/stoppable.hpp>
#include <anteroom/http/worker.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace anteroom::http {

/// Why an operation that a session awaits was cancelled: its deadline passed, its peer hung up, the server drains,
/// input arrived (after an upgrade), or it was cancelled: by session::cancel(), or since others need the memory that
/// the session holds.
enum class stop_reason : unsigned char { none, timed_out, hung_up, draining, input, cancelled };

/// On the thread of its shard. Owned by its coroutine; ended by its worker, which has a list of all sessions.
///
///     idle --bytes--> reading --request--> serving --answered--> idle
///                        |                 |     |
///                        | a handler waits:|     | the stream is full:
///                        |              waiting  writing --all sent--> idle
///                        |
///     refused request, `Connection: close`, drain: lingering, then closed
///     hang-up, broken connection, deadline while idle or writing: closed
///
/// What a message touches is adjacent: what it does not touch, the hooks of the first two bases, stands at the front
/// (see docs/performance.md).
class session : private member, private deadline, private buffered_stream {
  public:
    /// Starts a session on a stream, which is constructed from the arguments and owned by the session. The session ends
    /// by itself. Throws if memory is exhausted.
    template <class Stream, class... Arguments>
    static void start(worker& at, Arguments&&... to_stream);

    virtual ~session();

    anteroom::shard& shard() noexcept { return owner().shard(); }

    /// What the session speaks over.
    net::stream const& transport() noexcept { return stream(); }

    // For handlers.

    /// Sends the response to the request: writes what the stream accepts and keeps the rest, which is written before
    /// the next request is handled. Once per request.
    void send(response const& answer);
    /// The same for header lines and a body that are good during the call.
    void send(unsigned status, std::string_view fields, std::string_view body) { send(status, fields, body, nullptr); }
    /// The same for a response with status 200 that consists of parts: the first part is left empty, for the head up to
    /// `fields`; the second has the rest of the head (including its `Content-Length` and the empty line); the others
    /// are the body.
    void send(std::string_view fields, std::span<part> parts);

    /// Adds header fields to the response to this request, whatever its status.
    void add_fields(std::string_view fields);

    /// The client is expected to poll again at once, and may still find messages: a drain leaves its connection open
    /// for that request, which has to come soon. Until the next request.
    void expect_poll() noexcept { expects_poll_ = true; }

    /// Keeps a cache for the next request, which is used if it matches.
    void keep(std::unique_ptr<connection_cache> what) noexcept { kept_ = std::move(what); }

    // For handlers that stream.

    /// Begins a response with status 200 whose body is written piece by piece until end_stream(): chunked if chunked(),
    /// that is with HTTP/1.1, and otherwise until the connection is closed.
    void begin_stream(std::string_view fields);
    /// The same for what is a long body, and not counted as a stream.
    void begin_body(std::string_view fields);
    bool chunked() const noexcept { return !http_1_0_; }
    void end_stream();
    /// Responds with 101 and these fields. From then on the connection does not speak HTTP, and is closed at the end.
    void upgrade(std::string_view fields);
    /// Closes the connection immediately; unsent output is discarded.
    void cut_off() { close(); }
    /// Completes once the stream has accepted all output: with false if it does not do so in time, or the connection is
    /// broken; the connection is closed in that case.
    awaitable<bool> sent();
    /// Yields to other sessions.
    awaitable<> yield();

    // Input after upgrade(), and output of a stream: see buffered_stream.
    using buffered_stream::consume;
    using buffered_stream::ended;
    using buffered_stream::failed;
    using buffered_stream::has_unsent;
    using buffered_stream::input;
    using buffered_stream::keep_unsent;
    using buffered_stream::peer_closed;
    using buffered_stream::receive;
    using buffered_stream::write;
    using buffered_stream::write_frames;

    // For handlers that wait.

    /// From now on, until it is called again or the handler ends, a hang-up, a drain, the expiry of `time`, cancel()
    /// and, after upgrade(), input cancel the operation that the handler awaits with stoppable(). stopped() returns the
    /// reason, and may have one immediately after this call. Must be called before a co_await that waits.
    void stop_after(milliseconds time);
    stop_reason stopped() const noexcept { return stopped_; }
    /// Cancels the operation that the handler awaits, and those that it awaits after that: it is to come to its end.
    void cancel();
    /// The completion token of a cancellable operation, one at a time. The operation completes without a result.
    http::stoppable stoppable() noexcept { return {&stop_}; }

    /// What the handler holds while it waits, in bytes, until it ends: see held_memory. If that is too much, the
    /// session is stopped with the reason `cancelled`.
    void hold(std::size_t bytes) {
        if (held_ || bytes > held_memory::free_of_charge)
            hold_much(bytes);
    }

    /// Counts work that takes longer than an ordinary request, in units of some 10 us: the more there was, the earlier
    /// the session yields to others.
    void charge(std::size_t units) noexcept { owner().charge(units); }
    /// Whether it was so much that others are next: yield(). A handler that has waited for something else than yield()
    /// and sent() begins a turn.
    bool turn_is_over() noexcept { return owner().turn_is_over(); }
    void begin_turn() noexcept { owner().begin_turn(); }

    /// Whether the server is shutting down.
    bool draining() noexcept { return owner().draining(); }
    /// Whether the server is about to shut down, and nothing may be changed any more: see worker::freeze().
    bool frozen() noexcept { return owner().frozen(); }
    /// Whether other sessions on this shard are likely to have unread input.
    bool others_wait() noexcept { return stream().others_wait(); }
    /// Whether more of this connection's input is likely to have arrived after the request that is being handled.
    bool has_more_input() const noexcept { return has_input(); }

  protected:
    session(worker& at, net::stream& over);

  private:
    enum class phase : unsigned char { idle, reading, serving, waiting, writing, lingering };
    enum class progress { need_input, handled, refused };

    // A partial request may still be completed during a drain, but in limited time: otherwise one slow client would
    // delay every shutdown.
    static constexpr milliseconds drain_patience = std::chrono::seconds(1);
    static constexpr std::uint32_t short_discard = 1024 * 1024;
    // Where a body may follow what was refused: many a client sends all of it before it reads the response.
    static constexpr std::uint32_t long_discard = 16 * 1024 * 1024;

    /// The contents of the access log line.
    struct record;
    /// What it holds while it waits.
    class holding;

    static root_awaitable run(std::unique_ptr<session> self);
    awaitable<> write_rest();
    awaitable<> linger();
    progress step(awaitable<>& later);
    progress begin_request(awaitable<>& later);
    progress continue_request(awaitable<>& later);
    progress handle_incoming(awaitable<>& later);
    bool handle_known(awaitable<>& later);
    bool handle_again(request_line const& next, std::size_t size, awaitable<>& later);
    void handle(request_ptr asked, bool keep_alive, awaitable<>& later);
    void keep_account();
    void hold_much(std::size_t bytes);
    void release_held() noexcept {
        if (held_)
            release_holding();
    }
    void release_holding() noexcept;
    void make_way() noexcept;
    void refuse_slow();
    void allow_reading(header_fields const& asked);
    progress refuse(unsigned status, std::string_view detail);
    progress refuse(response const& answer);
    void note_refused() noexcept;
    void send_refusal(response const& answer);
    progress refuse(boost::system::error_code why, request const& asked);
    progress refuse_tls();
    void start_deadline();
    /// Sets the deadline for the rest of a request.
    void wait_for_more(milliseconds time) {
        shard().expires_after(*this, owner().draining() ? std::min(time, drain_patience) : time);
    }
    bool input_stopped();
    bool is_late() const noexcept { return stopped_ == stop_reason::timed_out && phase_ == phase::reading; }
    bool is_idle_in_drain();
    bool receive_before_close();
    bool has_another();
    std::uint32_t discard_input(std::uint32_t most);
    void send(unsigned status, std::string_view fields, std::string_view body,
              std::shared_ptr<void const> const& owner);
    std::string_view connection_field() noexcept;
    void stop(stop_reason why);
    void begin_record(std::string_view method, std::string_view target);
    void note(unsigned status);
    void log_access();

    void drain() override;
    void abort() override;
    void expire() override { stop(stop_reason::timed_out); }
    void hung_up() override;
    void input_came() override;
    void report_soon() const noexcept override;
    net::wait_slot::memory* completion_memory() noexcept override { return &stop_.memory; }
    /// Whether the response to the current request is the last one on this connection.
    bool is_last() noexcept { return !keep_alive_ || (owner().draining() && !expects_poll_); }

    stop_source stop_;
    std::unique_ptr<request_parser> incoming_;  // while the body of a request is incomplete
    std::unique_ptr<record> record_;
    std::unique_ptr<connection_cache> kept_;
    std::unique_ptr<std::string> more_fields_;  // for the current response
    std::unique_ptr<holding> held_;
    std::uint32_t discard_left_ = short_discard;  // of what is read and dropped after a refusal
    std::uint8_t in_a_row_ = 0;                   // requests answered without a wait in between
    phase phase_ = phase::reading;
    stop_reason stopped_ = stop_reason::none;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
    bool head_only_ = false;
    bool upgraded_ = false;
    bool expects_poll_ = false;
};

/// A base class, so that the stream is constructed before and destroyed after the session that refers to it.
template <class Stream>
struct stream_holder {
    Stream held;
};

/// A session and its stream, adjacent in memory: an event on the stream also uses the session.
template <class Stream>
class session_over final : private stream_holder<Stream>, public session {
  public:
    template <class... Arguments>
    explicit session_over(worker& at, Arguments&&... to_stream)
        : stream_holder<Stream>{Stream(std::forward<Arguments>(to_stream)...)}, session(at, this->held) {}
};

template <class Stream, class... Arguments>
void session::start(worker& at, Arguments&&... to_stream) {
    std::unique_ptr<session> made = std::make_unique<session_over<Stream>>(at, std::forward<Arguments>(to_stream)...);
    spawn_root(at.shard().get_executor(), run(std::move(made)));
}

}  // namespace anteroom::http
