// GET /room/{room}/subscribe as a WebSocket: messages are sent to the client, publishes are received.
#include <anteroom/encode/frames.hpp>
#include <anteroom/handlers/publish_frame.hpp>
#include <anteroom/handlers/stream_frames.hpp>
#include <anteroom/handlers/subscribing.hpp>
#include <anteroom/http/body_limit.hpp>
#include <anteroom/websocket/reader.hpp>

#include <algorithm>

namespace anteroom {

namespace {

using websocket::close_code;

constexpr int events_in_a_row = 64;

void write_close(http::session& to, std::optional<close_code> code, std::string_view reason) {
    std::string payload;
    if (code) {
        auto const number = static_cast<unsigned>(*code);
        payload += static_cast<char>(number >> 8U);
        payload += static_cast<char>(number & 0xFFU);
        payload += reason;
    }
    write_frame(to, websocket::opcode::close, payload);
}

std::string_view reason_of(close_code code) noexcept {
    switch (code) {
        case close_code::unsupported_data:
            return "frames are text: JSON in UTF-8";
        case close_code::invalid_payload:
            return "the text is not valid";
        case close_code::message_too_big:
            return "the message is longer than this server takes";
        case close_code::policy_violation:
            return "the message did not come whole in time";
        case close_code::going_away:
            return "draining";
        case close_code::try_again_later:
            return "the server has no memory for this at present";
        case close_code::superseded:
            return "superseded";
        default:
            return "";
    }
}

/// The state of a socket, besides its subscription.
struct conversation {
    conversation(http::session& with, subscription& of, api_options const& by, bool deflate)
        : client(with), asked(of), options(by), reader(http::max_encoded(by.max_body), deflate) {}

    http::session& client;
    subscription& asked;
    api_options const& options;
    websocket::reader reader;
    std::int64_t begun = 0;          // when the incomplete message began
    bool alive = true;               // input has arrived since the last ping
    bool closed = false;             // the client has sent a close frame, or was sent one
    std::optional<to_publish> next;  // to be published before more input is read
    std::string next_key;

    void end(close_code code) {
        write_close(client, code, reason_of(code));
        closed = true;
    }

    /// Reads input up to something that is to be published; handles everything before it.
    void read() {
        for (int events = 0; events < events_in_a_row && !closed && !next && !client.has_unsent(); ++events) {
            if (client.turn_is_over())
                break;
            if (client.input().empty() && !client.receive(client.peer_closed()))
                break;
            alive = true;
            auto input = client.input();
            auto const size = input.size();
            auto const what = reader.read(input);
            client.consume(size - input.size());
            take(what);
            reader.forget();
        }
        if (!reader.in_message())
            begun = 0;
        else if (begun == 0)
            begun = steady_now();
        // Checked here, and not only by the wait's deadline, which every byte that arrives postpones.
        else if (!closed && steady_now() - begun >= options.body_timeout.count())
            end(close_code::policy_violation);
    }

    void take(websocket::reader::event what) {
        client.charge(reader.payload().size() / 1024);  // it may have been compressed
        switch (what) {
            case websocket::reader::event::need_more:
            case websocket::reader::event::pong:
                return;
            case websocket::reader::event::ping:
                write_frame(client, websocket::opcode::pong, reader.payload());
                return;
            case websocket::reader::event::closed:
                write_close(client, reader.code(), {});
                closed = true;
                return;
            case websocket::reader::event::error:
                end(*reader.code());
                return;
            case websocket::reader::event::text:
                break;
        }
        auto frame = read_publish_frame(reader.payload(), asked);
        auto const size = frame.what        ? frame.what->what.front().data.size()
                          : frame.is_object ? 0
                                            : reader.payload().size();
        if (size > options.max_body) {
            end(close_code::message_too_big);
        } else if (frame.what) {
            next = std::move(*frame.what);
            next_key = std::move(frame.key);
        } else {
            auto const& wrong = frame.what.error();
            write_frame(client, websocket::opcode::text, answer_to_frame(frame.key, {wrong.status, wrong.detail}));
        }
    }

    void acknowledge(published const& done) {
        write_frame(client, websocket::opcode::text, answer_to_frame(next_key, done));
        next.reset();
    }

    /// How long to wait for an event.
    milliseconds patience() const {
        if (begun == 0)
            return options.keep_alive;
        return std::clamp(options.body_timeout - milliseconds(steady_now() - begun), milliseconds(0),
                          options.keep_alive);
    }

    /// Nothing has arrived for that long.
    void timed_out(stream_writer& out) {
        if (begun != 0 && steady_now() - begun >= options.body_timeout.count()) {
            end(close_code::policy_violation);
        } else if (!std::exchange(alive, false)) {
            // Not even a pong was received: the peer is gone, so a close frame would be pointless.
            client.cut_off();
            closed = true;
        } else {
            out.keep_alive();
        }
    }
};

awaitable<> serve_websocket(caller to, std::unique_ptr<subscription> asked, bool deflate) {
    auto& client = to.client;
    auto const state = std::make_unique<conversation>(client, *asked, to.app.options, deflate);
    stream_writer out(client, *asked, deflate);
    for (int turn = 0; !state->closed && !client.failed();) {
        // During a drain no more input is read, but remaining messages are still written.
        if (!client.draining())
            state->read();
        client.hold(asked->memory() + state->reader.memory());
        if (state->next) {
            auto done = publish(to, *state->next);
            if (!done) {
                auto others = publish_after_others(to, std::move(*state->next));
                auto later = co_await std::move(others);
                done = std::move(later);
            }
            state->acknowledge(*done);
        } else if (!state->closed && client.ended()) {
            co_return;
        }
        if (!state->closed && asked->superseded()) {
            out.write_superseded();
            state->end(close_code::superseded);
        }
        bool const written = !state->closed && !client.has_unsent() && out.write_delta();
        if (!state->closed && client.draining() && !written && !client.has_unsent())
            state->end(close_code::going_away);
        if (client.has_unsent()) {
            bool const sent = co_await client.sent();
            if (!sent)
                co_return;
        } else if (written || !client.input().empty() || client.turn_is_over()) {
            to.app.rooms.keep_to_budget();
            if (++turn % turns_in_a_row == 0 || client.turn_is_over())
                co_await client.yield();
        } else if (!state->closed && !client.failed()) {
            client.stop_after(state->patience());
            if (client.stopped() == http::stop_reason::none) {
                co_await asked->rooms.async_listen(to.shard(), out, client.stoppable());
                client.begin_turn();
                turn = 0;  // others had theirs meanwhile
            } else if (client.stopped() == http::stop_reason::input && ++turn % turns_in_a_row == 0) {
                co_await client.yield();
            }
            if (client.stopped() == http::stop_reason::timed_out)
                state->timed_out(out);
            else if (client.stopped() == http::stop_reason::cancelled && !asked->superseded())
                state->end(close_code::try_again_later);
        }
    }
}

}  // namespace

std::optional<http::websocket_handshake> accept_websocket(call const& by) {
    if (by.is_foreign()) {
        send(by.client, foreign_page("open a WebSocket here"));
        return std::nullopt;
    }
    auto hands = http::shake_hands(*by.request, by.app.options.websocket_deflate);
    if (hands.refused != 0) {
        auto answer = http::problem(hands.refused, hands.text);
        if (hands.refused == 426) {
            http::add_field(answer.fields, "Upgrade", "websocket");
            http::add_field(answer.fields, "Connection", "Upgrade");  // RFC 9110, 7.8
        }
        http::add_field(answer.fields, "Sec-WebSocket-Version", "13");
        by.client.send(answer);
        return std::nullopt;
    }
    if (by.client.draining()) {
        send(by.client, bad_input{503, "the server is shutting down; come again in a moment"});
        return std::nullopt;
    }
    return hands;
}

awaitable<> begin_websocket(caller to, subscription asked, http::websocket_handshake hands) {
    asked.settle_origin();
    http::add_field(hands.text, "Last-Event-ID", asked.next());
    to.client.upgrade(hands.text);
    return serve_websocket(to, std::make_unique<subscription>(std::move(asked)), hands.deflate);
}

}  // namespace anteroom
