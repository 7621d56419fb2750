// The taking half of a session: from bytes to a request, or a refusal.
#include <anteroom/base/text.hpp>
#include <anteroom/http/session.hpp>
#include <anteroom/http/session_parts.hpp>

#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <utility>

namespace anteroom::http {

namespace beast_http = boost::beast::http;

namespace {

constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

// Decides what comes next, and does it if it can be done at once; a plain function, so that nothing of this (the
// parser, the request, the answer) takes memory while the session waits.
session::progress session::step(task<void>& later) {
    interruption_ = interruption::none;
    more_fields_.reset();
    if (input().empty())
        return progress::need_input;
    return incoming_ ? continue_request(later) : begin_request(later);
}

session::progress session::begin_request(task<void>& later) {
    if (handle_known(later))
        return progress::handled;
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
    owner().heads().remember(input().substr(0, head.size), parser);
    auto const expect = parser.get().get(header::expect);
    if (expect && !iequals(*expect, "100-continue"))
        return refuse(417, "the only expectation that can be met is 100-continue");
    if (parser.is_done()) {
        handle(parser.get(), parser.keep_alive(), later);
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
    handle(whole->parser.get(), whole->parser.keep_alive(), later);
    // Not before: a body that came in one piece is where it came.
    consume(used);
    return progress::handled;
}

// A request whose fields have come before, if it is there whole.
bool session::handle_known(task<void>& later) {
    auto const all = input();
    auto const known = owner().heads().find(all);
    if (!known || all.size() - known.head_size() < known.body_size())
        return false;
    known.asked().body = all.substr(known.head_size(), known.body_size());
    handle(known.asked(), known.keep_alive(), later);
    consume(known.head_size() + known.body_size());
    return true;
}

void session::handle(request const& asked, bool keep_alive, task<void>& later) {
    phase_ = phase::serving;
    keep_alive_ = keep_alive;
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

// No input came. Whether an answer is due all the same: to half a request that took too long.
bool session::input_interrupted() {
    if (interruption_ != interruption::timed_out || phase_ != phase::reading || (input().empty() && !incoming_))
        return false;
    refuse(408, "the request did not come whole in time; send it again");
    return true;
}

}  // namespace anteroom::http
