#include <anteroom/base/prefetch.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace anteroom::http {

namespace {

// After a refusal, input is read and discarded for a while: closing immediately would make the client's system discard
// the response (RFC 9112, 9.6). Of a long body much more may come, for as long as it keeps coming.
constexpr milliseconds linger_time = std::chrono::seconds(2);
constexpr milliseconds long_linger_time = std::chrono::seconds(10);
// How much is discarded before other sessions have their turn: some hundred microseconds of work.
constexpr std::uint32_t discard_in_a_row = 256 * 1024;
constexpr std::uint8_t max_in_a_row = 64;
// The result includes the error code of an operation that may also end by a deadline, a drain or a hang-up.
constexpr auto expected = asio::as_tuple(asio::deferred);

}  // namespace

session::session(worker& at, net::stream& over) : buffered_stream(at, over) {
    at.add(*this);
}

session::~session() {
    release_held();
    owner().remove(*this);
}

void session::report_soon() const noexcept {
    constexpr std::size_t cache_size = 288;  // the size of a poll's cache
    prefetch(kept_.get(), cache_size);
}

// In coroutines, the result of a co_await is named before it is tested: for `if (!co_await …)` g++ 12 generates code
// that overwrites the coroutine's frame.
root_awaitable session::run(std::unique_ptr<session> self) try {
    auto const work = asio::make_work_guard(self->shard().get_executor());
    self->start_deadline();
    for (bool open = true; open;) {
        awaitable<> later;
        if (self->step(later) == progress::need_input) {
            if (self->receive()) {
                // What comes in many small pieces is never dry either.
                if (++self->in_a_row_ < max_in_a_row)
                    continue;
                co_await self->yield();
                // Meanwhile the deadline may have passed, or the connection been broken off.
                if (self->stopped_ != stop_reason::timed_out && !self->failed() && self->phase_ != phase::lingering)
                    continue;
            } else {
                self->in_a_row_ = 0;
                if (!self->ended() && !self->is_idle_in_drain()) {
                    self->keep_input();
                    self->keep_account();
                    if (self->phase_ != phase::lingering) {
                        auto const waited = co_await self->stream().async_wait(net::stream::wait_type::read, expected);
                        self->owner().begin_turn();
                        if (!std::get<0>(waited) && self->phase_ != phase::lingering)
                            continue;
                    }
                }
                if (self->phase_ != phase::lingering && self->receive_before_close())
                    continue;
            }
            // Where it has made way, it has been refused.
            if (self->phase_ != phase::lingering && !self->input_stopped())
                break;
        }
        if (later.valid()) {
            self->keep_input();
            co_await std::move(later);
            self->owner().begin_turn();
            // The poll gets no response, and the next request's must not be mistaken for it.
            if (self->stopped_ == stop_reason::hung_up) {
                self->log_access();
                break;
            }
        }
        if (self->has_unsent())
            co_await self->write_rest();
        if (++self->in_a_row_ >= max_in_a_row || self->owner().turn_is_over())
            co_await self->yield();
        open = self->has_another();
    }
    if (self->phase_ == phase::lingering && !self->failed() && !self->has_unsent())
        co_await self->linger();
} catch (...) {
    // Ends this session only.
    log_escaped_exception("a session");
}

// A client may send requests faster than they are answered, so that its input never runs dry; yield to other sessions.
awaitable<> session::yield() {
    in_a_row_ = 0;
    keep_input();
    // In the memory for what the session waits for: see stream::prepare_write().
    co_await asio::post(shard().get_executor(), asio::bind_allocator(stop_.allocator(), asio::deferred));
    owner().begin_turn();
}

awaitable<bool> session::sent() {
    if (has_unsent())
        co_await write_rest();
    bool const all = !has_unsent() && !failed();
    if (!all)
        close();
    co_return all;
}

awaitable<> session::write_rest() {
    stopped_ = stop_reason::none;
    if (phase_ != phase::lingering)
        phase_ = phase::writing;
    keep_input();
    stream().prepare_write();
    while (has_unsent() && !failed()) {
        keep_account();
        shard().expires_after(*this, owner().settings().write_timeout);
        auto const waited = co_await stream().async_wait(net::stream::wait_type::write, expected);
        if (std::get<0>(waited))
            break;
        write_unsent();
    }
    if (held_)
        owner().held().release(*held_);
}

awaitable<> session::linger() {
    stopped_ = stop_reason::none;
    stream().shutdown_send();
    auto const slot = discard_left_ > short_discard ? owner().take_linger_slot() : worker::linger_slot();
    auto end = steady_now() + (slot ? long_linger_time : linger_time).count();
    shard().expires_after(*this, linger_time);
    while (!ended() && stopped_ == stop_reason::none) {
        if (!slot || owner().draining())
            discard_left_ = std::min(discard_left_, short_discard);
        auto const most = std::min(discard_left_, discard_in_a_row);
        auto const gone = discard_input(most);
        discard_left_ -= std::min(gone, discard_left_);
        if (discard_left_ == 0 || ended())
            break;
        if (gone >= most) {
            co_await yield();
            continue;
        }
        if (owner().draining())
            end = std::min(end, steady_now() + drain_patience.count());
        auto const left = milliseconds(end - steady_now());
        if (left <= milliseconds(0))
            break;
        if (slot && gone > 0)
            shard().expires_after(*this, std::min(left, linger_time));
        auto const waited = co_await stream().async_wait(net::stream::wait_type::read, expected);
        if (std::get<0>(waited))
            break;
    }
}

void session::start_deadline() {
    release_held();
    phase_ = phase::reading;
    wait_for_more(owner().settings().header_timeout);
}

bool session::is_idle_in_drain() {
    return owner().draining() && !expects_poll_ && input().empty() && !incoming_;
}

// A drain closes idle connections, but not if a request is in the socket already.
bool session::receive_before_close() {
    if (!is_idle_in_drain() || ended() || !receive(true))
        return false;
    start_deadline();
    return true;
}

// Between two requests: whether to read another.
bool session::has_another() {
    log_access();
    release_held();
    if (phase_ == phase::lingering)
        return false;
    if (is_last() || failed() || has_unsent() || ended()) {
        // Closing with unread input would make the system reset the connection, and discard the response with it.
        if (!failed() && !has_unsent() && !ended())
            phase_ = phase::lingering;
        kept_.reset();
        return false;
    }
    phase_ = phase::idle;
    wait_for_more(owner().settings().idle_timeout);
    return true;
}

// Reads and discards until there is nothing to read or some `most` bytes were; returns how many.
std::uint32_t session::discard_input(std::uint32_t most) {
    std::uint32_t gone = 0;
    do {
        gone += static_cast<std::uint32_t>(input().size());
        consume(input().size());
    } while (gone < most && receive());
    return gone;
}

void session::stop_after(milliseconds time) {
    // Whoever was cancelled, perhaps when it did not wait, stays so.
    bool const cancelled = phase_ == phase::waiting && stopped_ == stop_reason::cancelled;
    phase_ = phase::waiting;
    shard().expires_after(*this, time);
    if (cancelled)
        return;
    if (upgraded_ && (has_input() || peer_closed()))
        stopped_ = stop_reason::input;
    else if (owner().draining())
        stopped_ = stop_reason::draining;
    else
        stopped_ = peer_closed() || failed() ? stop_reason::hung_up : stop_reason::none;
    if (held_ || memory() > held_memory::free_of_charge)
        keep_account();
}

void session::stop(stop_reason why) {
    if (stopped_ != stop_reason::none)
        return;
    stopped_ = why;
    stream().cancel();
    stop_.signal.emit(asio::cancellation_type::terminal);
}

void session::cancel() {
    if (phase_ == phase::waiting)
        stop(stop_reason::cancelled);
}

// After an upgrade, the end of the input is detected by reading it.
void session::hung_up() {
    if (phase_ == phase::waiting)
        stop(upgraded_ ? stop_reason::input : stop_reason::hung_up);
}

void session::input_came() {
    if (upgraded_ && phase_ == phase::waiting)
        stop(stop_reason::input);
}

void session::drain() {
    bool const reading = phase_ == phase::reading;
    bool const begun = !input().empty() || incoming_;
    bool const idle = phase_ == phase::idle && !expects_poll_;
    if (phase_ == phase::waiting || idle || (reading && !begun))
        stop(stop_reason::draining);
    else if (reading || phase_ == phase::idle)
        shard().expires_after(*this, drain_patience);
}

void session::abort() {
    stopped_ = stop_reason::hung_up;
    keep_alive_ = false;
    close();
    stop_.signal.emit(asio::cancellation_type::terminal);
}

}  // namespace anteroom::http
