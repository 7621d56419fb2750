// The request half of a session: parsing bytes into a request, or refusing it.
#include <anteroom/base/log.hpp>
#include <anteroom/base/text.hpp>
#include <anteroom/http/request_error.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <utility>

namespace anteroom::http {

namespace beast_http = boost::beast::http;

namespace {

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

// A record of a handshake, of any version of TLS (RFC 8446, 5.1), or the beginning of one. No request begins with such
// a byte.
bool begins_tls_hello(std::string_view input) noexcept {
    return input.starts_with('\x16') && (input.size() < 2 || input[1] == '\x03') &&
           (input.size() < 3 || (input[2] <= '\x04' && input[2] >= 0));
}
constexpr std::size_t tls_hello_size = 3;

// Whether a request that is refused by its head may have a body, as far as the head says so.
bool may_have_body(std::string_view head) noexcept {
    return names_version(head) && !head.starts_with("GET ") && !head.starts_with("HEAD ");
}

}  // namespace

// Decides on the next step, and takes it if that can be done without waiting. A plain function, so that none of its
// locals (the parser, the request, the response) take memory while the session waits.
session::progress session::step(awaitable<>& later) {
    stopped_ = stop_reason::none;
    more_fields_.reset();
    if (input().empty())
        return progress::need_input;
    return incoming_ ? continue_request(later) : begin_request(later);
}

session::progress session::begin_request(awaitable<>& later) {
    if (handle_known(later))
        return progress::handled;
    // RFC 9112, 2.2: empty lines before a request are ignored.
    std::size_t empty = 0;
    while (input().substr(empty).starts_with("\r\n"))
        empty += 2;
    if (empty > 0)
        consume(empty);
    bool const is_tls = begins_tls_hello(input());
    if (is_tls && input().size() >= tls_hello_size)
        return refuse_tls();
    if (is_tls || input().empty() || input() == "\r") {
        if (phase_ == phase::idle && !input().empty())
            start_deadline();
        return progress::need_input;
    }
    auto const head = find_head(input());
    switch (head.found) {
        case head_extent::state::incomplete:
            if (phase_ == phase::idle && !input().empty())
                start_deadline();
            return progress::need_input;
        case head_extent::state::line_too_long:
            allow_reading(fields_of_refused(input()));
            return refuse(414,
                          fmt::format("the request line may have {} bytes; use a shorter target", max_request_line));
        case head_extent::state::fields_too_long:
            allow_reading(fields_of_refused(input()));
            return refuse(431, fmt::format("the header may have {} bytes; send fewer or shorter fields", max_header));
        case head_extent::state::complete:
            break;
    }

    auto parser = std::make_unique<request_parser>(owner().settings().max_body, owner().requests().take());
    boost::system::error_code ec;
    parser->parse_head(input().substr(0, head.size), ec);
    std::size_t used = head.size;
    if (!ec && !parser->is_done())
        used += parser->parse_body(input().substr(used), ec);
    if (ec)
        return refuse(ec, parser->get());
    owner().heads().remember(*parser);
    auto const asked_for = expectation_of(parser->get().get(header::expect));
    if (asked_for == expectation::other) {
        allow_reading(*parser->get().fields);
        return refuse(417, "the only expectation that can be met is 100-continue");
    }
    consume(used);
    charge(used / 2048);  // of many fields
    incoming_ = std::move(parser);
    if (incoming_->is_done())
        return handle_incoming(later);
    if (asked_for == expectation::go_ahead && used == head.size && incoming_->get().version == 11) {
        // RFC 9110, 10.1.1: if the head alone decides, the response comes at once.
        auto asked = incoming_->lend();
        auto const refused = owner().application().refusal_of_head(*this, asked);
        incoming_->give_back(std::move(asked));
        if (refused)
            return refuse(*refused);
        part const line{continue_line};
        write({&line, 1});
    }
    if (phase_ == phase::idle)
        release_held();  // what it held then is something else
    wait_for_more(owner().settings().body_timeout);
    phase_ = phase::reading;
    return progress::need_input;
}

session::progress session::continue_request(awaitable<>& later) {
    boost::system::error_code ec;
    auto const used = incoming_->parse_body(input(), ec);
    if (ec)
        return refuse(ec, incoming_->get());
    consume(used);
    return incoming_->is_done() ? handle_incoming(later) : progress::need_input;
}

session::progress session::handle_incoming(awaitable<>& later) {
    auto const parser = std::exchange(incoming_, nullptr);
    auto whole = parser->take();
    bool const keep_alive = whole->fields->keep_alive;
    if (!whole->body.empty() || whole->version != 11 ||
        !handle_again({whole->method, whole->target, whole->fields.get()}, 0, later))
        handle(std::move(whole), keep_alive, later);
    return progress::handled;
}

// Handles a complete request whose fields are cached.
bool session::handle_known(awaitable<>& later) {
    auto const known = owner().heads().find(input());
    if (!known)
        return false;
    auto const body_size = known.fields->body_size.value_or(0);
    if (input().size() - known.size < body_size)
        return false;
    if (body_size == 0 && handle_again({known.method, known.target, known.fields.get()}, known.size, later))
        return true;
    auto asked = owner().requests().take();
    asked->method = known.method;
    asked->version = 11;
    asked->fields = known.fields;
    // In one piece, with the header between them, which costs less than two.
    auto const* const begin = known.target.data();
    auto const* const end = input().data() + known.size + body_size;
    auto& bytes = asked->bytes;
    bytes.assign(begin, body_size > 0 ? end : begin + known.target.size());
    asked->method_text = known.method == verb::get ? "GET" : "POST";
    asked->target = std::string_view(bytes).substr(0, known.target.size());
    asked->body = std::string_view(bytes).substr(bytes.size() - body_size);
    consume(known.size + body_size);
    bool const keep_alive = asked->fields->keep_alive;
    handle(std::move(asked), keep_alive, later);
    return true;
}

// A request that what was kept of the last one fits; `size` bytes of the input are it.
bool session::handle_again(request_line const& next, std::size_t size, awaitable<>& later) {
    auto kept = std::move(kept_);
    if (!kept || !kept->fits(next))
        return false;
    phase_ = phase::serving;
    release_held();
    expects_poll_ = false;
    keep_alive_ = next.fields->keep_alive;
    http_1_0_ = head_only_ = false;
    begin_record("GET", next.target);
    consume(size);
    later = owner().application().serve_again(*this, std::move(kept), *next.fields);
    return true;
}

void session::handle(request_ptr asked, bool keep_alive, awaitable<>& later) {
    phase_ = phase::serving;
    release_held();
    expects_poll_ = false;
    keep_alive_ = keep_alive;
    http_1_0_ = asked->version == 10;
    head_only_ = asked->method == verb::head;
    begin_record(asked->method_text, asked->target);
    later = owner().application().serve(*this, std::move(asked));
}

// Has pages of allowed origins read the refusal that follows.
void session::allow_reading(header_fields const& asked) {
    if (auto const fields = owner().application().refusal_fields(asked); !fields.empty())
        add_fields(fields);
}

session::progress session::refuse(unsigned status, std::string_view detail) {
    return refuse(problem(status, detail));
}

session::progress session::refuse(response const& answer) {
    note_refused();
    send_refusal(answer);
    return progress::refused;
}

// What the response to the present request depends on, while its input is there.
void session::note_refused() noexcept {
    head_only_ = incoming_ ? incoming_->get().method == verb::head : input().starts_with("HEAD ");
    if (incoming_ || may_have_body(input()))
        discard_left_ = long_discard;
}

void session::send_refusal(response const& answer) {
    if (incoming_)
        begin_record(incoming_->get().method_text, incoming_->get().target);
    else
        begin_record("-", "-");
    incoming_.reset();
    kept_.reset();
    keep_alive_ = false;
    send(answer);
    phase_ = phase::lingering;
}

session::progress session::refuse(boost::system::error_code why, request const& asked) {
    using error = beast_http::error;
    // Of a head that is refused its Origin may not have been parsed.
    if (asked.get(header::origin) || incoming_)
        allow_reading(*asked.fields);
    else
        allow_reading(fields_of_refused(input()));
    if (why == request_error::unknown_transfer_coding)
        return refuse(501, why.message());
    if (why == error::body_limit)
        return refuse(413, fmt::format("a message may have {} bytes", owner().settings().max_body));
    if (why == error::header_limit)
        return refuse(431, "the header is too long; send fewer or shorter fields");
    if (why == error::bad_version && names_version(input()))
        return refuse(505, "speak HTTP/1.1 or HTTP/1.0");
    return refuse(400, fmt::format("the request is not HTTP/1.1: {}", why.message()));
}

// Closes at once: whoever speaks TLS waits for what will not come, and takes the answer for a bad version of it.
session::progress session::refuse_tls() {
    if (owner().may_report_tls()) {
        auto const peer = transport().peer_address();
        log::warning("closed a connection from {}: it began with a TLS handshake, and this address speaks plain HTTP",
                     peer ? peer->to_string() : "a Unix socket");
    }
    consume(input().size());
    refuse(400, "this is plain HTTP, and the connection began with a TLS handshake; use http:// or another port");
    if (!has_unsent())
        close();
    return progress::refused;
}

// Called when no input arrived. Returns whether a response is due: to a partial request that timed out.
bool session::input_stopped() {
    if (!is_late() || (input().empty() && !incoming_))
        return false;
    allow_reading(incoming_ ? *incoming_->get().fields : fields_of_refused(input()));
    refuse(408, "the request did not come whole in time; send it again");
    return true;
}

}  // namespace anteroom::http
