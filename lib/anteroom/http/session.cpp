#include <anteroom/base/log.hpp>
#include <anteroom/base/prefetch.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>

#include <unistd.h>

#include <array>
#include <exception>
#include <utility>

namespace anteroom::http {

namespace {

// After a refusal, what the client is still sending is read and dropped for a while: closing at once would make its
// system throw the answer away (RFC 9112, 9.6).
constexpr milliseconds linger_time = std::chrono::seconds(2);
// Half a request may become whole, but not at its leisure: one slow client would make every stop a long one.
constexpr milliseconds drain_patience = std::chrono::seconds(1);
constexpr std::uint8_t max_in_a_row = 64;
constexpr std::size_t linger_bytes = 1024 * 1024;

}  // namespace

void session::start(worker& at, int socket) {
    std::unique_ptr<session> made;
    try {
        made = std::make_unique<session>(at, socket);
    } catch (...) {
        ::close(socket);
        throw;
    }
    // Whatever goes wrong in one session ends that session alone.
    auto const failed = [](std::exception_ptr const& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& e) {
            log::error("a session ended by an exception: {}", e.what());
        }
    };
    anteroom::start(run(std::move(made)), failed);
}

session::session(worker& at, int socket) : connection(at, socket) {
    at.add(*this);
}

session::~session() {
    owner().remove(*this);
}

void session::ready_soon() const noexcept {
    constexpr std::size_t keepsake_size = 288;  // of a poll
    connection::ready_soon();
    prefetch(kept_.get(), keepsake_size);
}

// In coroutines, what a co_await gives is named before it is tested: of `if (!co_await …)` g++ 12 makes code that
// overwrites the coroutine's frame.
task<void> session::run(std::unique_ptr<session> self) {
    self->start_deadline();
    for (bool open = true; open;) {
        task<void> later;
        if (self->step(later) == progress::need_input) {
            if (self->receive()) {
                // What comes in many small pieces is never dry either.
                if (++self->in_a_row_ >= max_in_a_row)
                    co_await self->let_others_go();
                continue;
            }
            bool came = false;
            self->in_a_row_ = 0;
            if (!self->ended() && !self->is_idle_in_drain())
                came = co_await self->readable();
            if (came || self->receive_before_close())
                continue;
            if (!self->input_interrupted())
                break;
        }
        if (later.valid()) {
            self->keep_input();
            co_await std::move(later);
            // The poll has no answer, and the next request's must not be taken for it.
            if (self->interruption_ == interruption::hung_up) {
                self->log_access();
                break;
            }
        }
        if (self->has_unsent())
            co_await self->write_rest();
        open = self->may_go_on();
        if (++self->in_a_row_ >= max_in_a_row)
            co_await self->let_others_go();
    }
    if (self->phase_ == phase::lingering && !self->failed() && !self->has_unsent())
        co_await self->linger();
}

// A client may send requests faster than they are answered; its input never runs dry, but others wait too.
task<void> session::let_others_go() {
    in_a_row_ = 0;
    keep_input();
    co_await asio::post(home().get_executor(), asio::deferred);
}

task<bool> session::sent() {
    if (has_unsent())
        co_await write_rest();
    bool const all = !has_unsent() && !failed();
    if (!all)
        close();
    co_return all;
}

task<void> session::write_rest() {
    interruption_ = interruption::none;
    if (phase_ != phase::lingering)
        phase_ = phase::writing;
    while (has_unsent() && !failed()) {
        home().expires_after(*this, owner().settings().write_timeout);
        bool const ready = co_await writable();
        if (!ready)
            break;
        write_unsent();
    }
}

task<void> session::linger() {
    interruption_ = interruption::none;
    shutdown_send();
    home().expires_after(*this, linger_time);
    for (bool came = true; came && discard_input();)
        came = co_await readable();
}

void session::start_deadline() {
    phase_ = phase::reading;
    home().expires_after(*this, owner().settings().header_timeout);
}

bool session::is_idle_in_drain() {
    return owner().draining() && input().empty() && !incoming_;
}

// A drain closes connections between two requests, but not over a request that is in the socket already.
bool session::receive_before_close() {
    return is_idle_in_drain() && !ended() && receive(true);
}

// Between two requests: whether there will be another.
bool session::may_go_on() {
    log_access();
    if (phase_ == phase::lingering)
        return false;
    if (!keep_alive_ || owner().draining() || failed() || has_unsent() || ended()) {
        // Input that nobody will read would have the system reset the connection, and the answer with it.
        if (!failed() && !has_unsent() && !ended())
            phase_ = phase::lingering;
        return false;
    }
    phase_ = phase::idle;
    home().expires_after(*this, owner().settings().idle_timeout);
    return true;
}

// Reads and drops; says whether more may come that has to be.
bool session::discard_input() {
    do {
        discarded_ += static_cast<std::uint32_t>(input().size());
        consume(input().size());
    } while (discarded_ < linger_bytes && receive());
    return !ended() && discarded_ < linger_bytes;
}

void session::interrupt_after(milliseconds time) {
    phase_ = phase::waiting;
    home().expires_after(*this, time);
    if (upgraded_ && (has_input() || peer_closed()))
        interruption_ = interruption::input;
    else if (owner().draining())
        interruption_ = interruption::draining;
    else
        interruption_ = peer_closed() ? interruption::hung_up : interruption::none;
}

void session::interrupt(interruption why) {
    if (interruption_ != interruption::none)
        return;
    interruption_ = why;
    cancel_wait();
    cancel_.emit(asio::cancellation_type::terminal);
}

void session::nudge() {
    if (phase_ == phase::waiting)
        interrupt(interruption::nudged);
}

// After an upgrade the end of the input is found by reading it.
void session::hung_up() {
    if (phase_ == phase::waiting)
        interrupt(upgraded_ ? interruption::input : interruption::hung_up);
}

void session::input_came() {
    if (upgraded_ && phase_ == phase::waiting)
        interrupt(interruption::input);
}

void session::drain() {
    bool const reading = phase_ == phase::reading;
    bool const begun = !input().empty() || incoming_;
    if (phase_ == phase::waiting || phase_ == phase::idle || (reading && !begun))
        interrupt(interruption::draining);
    else if (reading)
        home().expires_after(*this, drain_patience);
}

void session::abort() {
    interruption_ = interruption::hung_up;
    keep_alive_ = false;
    close();
    cancel_.emit(asio::cancellation_type::terminal);
}

}  // namespace anteroom::http
