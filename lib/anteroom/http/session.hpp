// A session: one connection's requests, read and answered in order by one coroutine.
#pragma once

#include <anteroom/base/deadline_wheel.hpp>
#include <anteroom/base/spawn.hpp>
#include <anteroom/http/buffered_stream.hpp>
#include <anteroom/http/connection_cache.hpp>
#include <anteroom/http/request_parser.hpp>
#include <anteroom/http/stoppable.hpp>
#include <anteroom/http/worker.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace anteroom::http {

/// Why what a session awaits was cancelled: its deadline passed, its peer hung up, the server drains, input came (after
/// an upgrade), or session::cancel() was called.
enum class stop_reason : unsigned char { none, timed_out, hung_up, draining, input, cancelled };

/// On the thread of its shard. Owned by its coroutine; its worker, which every session is a member of, ends it.
///
///     idle --bytes--> reading --request--> serving --answered--> idle
///                        |                 |     |
///                        | a handler waits:|     | the stream is full:
///                        |              waiting  writing --all sent--> idle
///                        |
///     a refused request, `Connection: close`, a drain: lingering, then closed
///     a hang-up, a broken connection, a deadline while idle or writing: closed
class session : private buffered_stream, private deadline, private member {
  public:
    /// Starts a session on a stream, which is made of the arguments and owned by the session. It ends by itself. Throws
    /// where there is no memory for it.
    template <class Stream, class... Arguments>
    static void start(worker& at, Arguments&&... to_stream);

    virtual ~session();

    anteroom::shard& shard() noexcept { return owner().shard(); }

    // For handlers.

    /// Answers the request: writes what the stream takes and keeps the rest, which is written before the next request
    /// is looked at. Once a request.
    void send(response const& answer);
    /// The same for an answer with status 200 that is in parts already: the first is left empty, for the head up to
    /// `fields`; the second is the rest of the head (its `Content-Length` and the empty line among it), the others are
    /// the body.
    void send(std::string_view fields, std::span<part> parts);

    /// Adds header fields to the answer of this request, whatever it will be.
    void add_fields(std::string_view fields);

    /// Keeps something to answer the next request by, if it fits.
    void keep(std::unique_ptr<connection_cache> what) noexcept { kept_ = std::move(what); }

    // For handlers of streams.

    /// Begins an answer with status 200 whose body is written piece by piece until end_stream(): as chunks if
    /// chunked(), that is in HTTP/1.1, and else until the connection is closed.
    void begin_stream(std::string_view fields);
    bool chunked() const noexcept { return !http_1_0_; }
    void end_stream();
    /// Answers with 101 and these fields. From here on the connection does not speak HTTP, and is closed in the end.
    void upgrade(std::string_view fields);
    /// Closes the connection at once; what was not sent is dropped.
    void cut_off() { close(); }
    /// Completes when the stream has taken all that was written: false if it does not do so in time, or the connection
    /// is broken; it is closed then.
    awaitable<bool> sent();
    /// Lets other sessions have their turn.
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

    /// From here on, until it is called again or the handler ends, a hang-up, a drain, the passing of `time`, cancel()
    /// and, after upgrade(), input cancel what the handler awaits with stoppable(); stopped() says which it was, and
    /// may say so at once. To be called before a co_await that waits.
    void stop_after(milliseconds time);
    stop_reason stopped() const noexcept { return stopped_; }
    /// Ends what the handler awaits, if it does.
    void cancel();
    /// The completion token of an operation that is to be cancelled so, one at a time. It completes without a result.
    http::stoppable stoppable() noexcept { return {&stop_}; }

    /// Whether the server is shutting down.
    bool draining() noexcept { return owner().draining(); }
    /// Whether others on this shard are likely to wait to be read.
    bool others_wait() noexcept { return stream().others_wait(); }
    /// Whether more of this connection's input has come already, behind the request that is handled.
    bool has_more_input() const noexcept { return !input().empty(); }

  protected:
    session(worker& at, net::stream& over);

  private:
    enum class phase : unsigned char { idle, reading, serving, waiting, writing, lingering };
    enum class progress { need_input, handled, refused };

    /// What the access log will say.
    struct record;

    static awaitable<> run(std::unique_ptr<session> self);
    awaitable<> write_rest();
    awaitable<> linger();
    progress step(awaitable<>& later);
    progress begin_request(awaitable<>& later);
    progress continue_request(awaitable<>& later);
    progress handle_incoming(awaitable<>& later);
    bool handle_known(awaitable<>& later);
    bool handle_again(request_line const& next, std::size_t size, awaitable<>& later);
    void handle(request_ptr asked, bool keep_alive, awaitable<>& later);
    progress refuse(unsigned status, std::string_view detail);
    progress refuse(boost::system::error_code why, request const& asked);
    void start_deadline();
    bool input_stopped();
    bool is_late() const noexcept { return stopped_ == stop_reason::timed_out && phase_ == phase::reading; }
    bool is_idle_in_drain();
    bool receive_before_close();
    bool has_another();
    bool discard_input();
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

    stop_source stop_;
    std::unique_ptr<request_parser> incoming_;  // of a request whose body has not come whole
    std::unique_ptr<record> record_;
    std::unique_ptr<connection_cache> kept_;
    std::unique_ptr<std::string> more_fields_;  // for this answer
    std::uint32_t discarded_ = 0;
    std::uint8_t in_a_row_ = 0;  // requests answered without a wait between them
    phase phase_ = phase::reading;
    stop_reason stopped_ = stop_reason::none;
    bool keep_alive_ = true;
    bool http_1_0_ = false;
    bool head_only_ = false;
    bool upgraded_ = false;
};

/// A base that is made before, and destroyed after, the session that refers to its member.
template <class Stream>
struct stream_holder {
    Stream held;
};

/// A session and its stream, side by side in memory: what comes for the one touches the other.
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
    // Whatever goes wrong in one session ends that session alone.
    spawn(at.shard().get_executor(), run(std::move(made)), "a session");
}

}  // namespace anteroom::http
