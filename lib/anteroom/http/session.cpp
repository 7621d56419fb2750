#include <anteroom/base/log.hpp>
#include <anteroom/base/text.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_record.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <exception>
#include <utility>

namespace anteroom::http {

namespace beast_http = boost::beast::http;

namespace {

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

// After a refusal, what the client is still sending is read and dropped for a while: closing at once would make its
// system throw the answer away (RFC 9112, 9.6).
constexpr milliseconds linger_time = std::chrono::seconds(2);
// Half a request may become whole, but not at its leisure: one slow client would make every stop a long one.
constexpr milliseconds drain_patience = std::chrono::seconds(1);
constexpr std::uint8_t max_in_a_row = 64;
constexpr std::size_t linger_bytes = 1024 * 1024;

}  // namespace

struct session::incoming {
    incoming(std::string_view bytes, std::uint64_t max_body) : head(bytes), parser(max_body) {}

    std::string head;
    request_parser parser;
};

void session::start(worker& at, int socket) {
    std::unique_ptr<session> made;
    try {
        made = std::make_unique<session>(at, socket);
    } catch (...) {
        ::close(socket);
        throw;
    }
    // Whatever goes wrong in one session ends that session alone.
    auto const ended = [](std::exception_ptr const& failure) {
        if (!failure)
            return;
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& e) {
            log::error("a session ended by an exception: {}", e.what());
        }
    };
    asio::co_spawn(at.home().get_executor(), run(std::move(made)), ended);
}

session::session(worker& at, int socket) : connection(at, socket) {
    at.add(*this);
}

session::~session() {
    owner().remove(*this);
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
                came = co_await self->async_readable(self->interruptible());
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
        bool const ready = co_await async_writable(interruptible());
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
        came = co_await async_readable(interruptible());
}

// Decides what comes next, and does it if it can be done at once; a plain function, so that nothing of this (the
// parser, the request, the answer) takes memory while the session waits.
session::progress session::step(task<void>& later) {
    interruption_ = interruption::none;
    more_fields_.reset();
    return incoming_ ? continue_request(later) : begin_request(later);
}

session::progress session::begin_request(task<void>& later) {
    // RFC 9112, 2.2: empty lines before a request are overlooked.
    auto const empty = input().find_first_not_of("\r\n");
    if (auto const lines = std::min(empty, input().size()); lines > 0)
        consume(lines);

    auto const head = find_head(input());
    switch (head.found) {
        case head_extent::state::incomplete:
            if (phase_ == phase::idle && !input().empty()) {
                phase_ = phase::reading;
                home().expires_after(*this, owner().settings().header_timeout);
            }
            return progress::need_input;
        case head_extent::state::line_too_long:
            return refuse(414,
                          fmt::format("the request line may have {} bytes; use a shorter target", max_request_line));
        case head_extent::state::fields_too_long:
            return refuse(431, fmt::format("the header may have {} bytes; send fewer or shorter fields", max_header));
        case head_extent::state::complete:
            break;
    }

    request_parser parser(owner().settings().max_body);
    boost::system::error_code ec;
    parser.parse_head(input().substr(0, head.size), ec);
    std::size_t used = head.size;
    // Only a body that is here already can be left where it is.
    if (!ec && !parser.is_done() && !parser.is_chunked() && input().size() - used >= parser.length().value_or(0))
        used += parser.parse_body(input().substr(used), ec);
    if (ec)
        return refuse(ec, parser.get());
    auto const expect = parser.get().get(header::expect);
    if (expect && !iequals(*expect, "100-continue"))
        return refuse(417, "the only expectation that can be met is 100-continue");
    if (parser.is_done()) {
        handle(parser, later);
        consume(used);
        return progress::handled;
    }

    incoming_ = std::make_unique<incoming>(input().substr(0, head.size), owner().settings().max_body);
    incoming_->parser.parse_head(incoming_->head, ec);
    consume(head.size);
    if (incoming_->parser.get().get(header::expect) && input().empty() && incoming_->parser.get().version == 11) {
        part const line{continue_line};
        write({&line, 1});
    }
    home().expires_after(*this, owner().settings().body_timeout);
    phase_ = phase::reading;
    return continue_request(later);
}

session::progress session::continue_request(task<void>& later) {
    boost::system::error_code ec;
    auto const used = incoming_->parser.parse_body(input(), ec);
    if (ec)
        return refuse(ec, incoming_->parser.get());
    if (!incoming_->parser.is_done()) {
        // The parser stops before a piece that it needs more of, such as half a line of a chunk's head.
        if (used == 0 && input().size() == input_buffer::size)
            return refuse(400, "the line of a chunk is too long");
        consume(used);
        return progress::need_input;
    }
    auto const whole = std::exchange(incoming_, nullptr);
    handle(whole->parser, later);
    // Not before: a body that came in one piece is where it came.
    consume(used);
    return progress::handled;
}

void session::handle(request_parser& parser, task<void>& later) {
    auto const& asked = parser.get();
    phase_ = phase::serving;
    keep_alive_ = parser.keep_alive();
    http_1_0_ = asked.version == 10;
    head_only_ = asked.method == verb::head;
    begin_record(asked.method_text, asked.target);
    later = owner().application().serve(*this, asked);
}

session::progress session::refuse(unsigned status, std::string_view detail) {
    incoming_.reset();
    keep_alive_ = false;
    head_only_ = false;
    begin_record("-", "-");
    send(problem(status, detail));
    phase_ = phase::lingering;
    return progress::refused;
}

session::progress session::refuse(boost::system::error_code why, request const& asked) {
    using error = beast_http::error;
    if (auto const fields = owner().application().refusal_fields(asked); !fields.empty())
        add_fields(fields);
    if (why == error::body_limit)
        return refuse(413, fmt::format("a message may have {} bytes", owner().settings().max_body));
    if (why == error::header_limit)
        return refuse(431, "the header is too long; send fewer or shorter fields");
    if (why == error::bad_version && names_version(input()))
        return refuse(505, "speak HTTP/1.1 or HTTP/1.0");
    return refuse(400, fmt::format("the request is not HTTP/1.1: {}", why.message()));
}

void session::start_deadline() {
    phase_ = phase::reading;
    home().expires_after(*this, owner().settings().header_timeout);
}

// No input came. Whether an answer is due all the same: to half a request that took too long.
bool session::input_interrupted() {
    if (interruption_ != interruption::timed_out || phase_ != phase::reading || (input().empty() && !incoming_))
        return false;
    refuse(408, "the request did not come whole in time; send it again");
    return true;
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
