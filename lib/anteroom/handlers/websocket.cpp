// GET /room/{room}/subscribe as a WebSocket: messages out, publishes in.
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/publishing.hpp>
#include <anteroom/handlers/stream_frames.hpp>
#include <anteroom/http/websocket.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace anteroom {

namespace {

using http::close_code;
using http::websocket_reader;

constexpr int turns_in_a_row = 16;
constexpr int events_in_a_row = 64;

void write_frame(http::session& to, encode::opcode kind, std::string_view payload) {
    std::string frame;
    encode::append_frame_head(frame, kind, payload.size());
    frame += payload;
    http::part const whole{frame};
    to.write({&whole, 1});
}

void write_close(http::session& to, std::optional<close_code> code, std::string_view reason) {
    std::string payload;
    if (code) {
        auto const number = static_cast<unsigned>(*code);
        payload += static_cast<char>(number >> 8U);
        payload += static_cast<char>(number & 0xFFU);
        payload += reason;
    }
    write_frame(to, encode::opcode::close, payload);
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
        case close_code::superseded:
            return "superseded";
        default:
            return "";
    }
}

/// A frame of the client's, read: what to publish, or what is wrong with it.
struct publish_frame {
    std::string key;  // as JSON, or empty
    parsed<to_publish> what;
};

publish_frame read_frame(std::string_view text, subscription const& of) {
    publish_frame out{{}, bad_input{400, R"(send a JSON object: {"data":..., "key":...})"}};
    auto const compact = encode::compact_json(text);
    auto const members = compact ? encode::members(*compact) : std::nullopt;
    if (!members)
        return out;
    std::string_view data;
    std::optional<std::string> room;
    for (auto const& [name, value] : *members) {
        if (name == "data")
            data = value;
        else if (name == "key")
            out.key = value;
        else if (name == "room")
            room = encode::string_value(value).value_or("");
    }
    to_publish asked;
    auto const refuse = [&](unsigned status, std::string detail) {
        out.what = bad_input{status, std::move(detail)};
        return out;
    };
    if (!out.key.empty()) {
        auto const key = encode::string_value(out.key);
        auto const visible = [](char c) { return c > 0x20 && c < 0x7F; };
        if (!key || key->empty() || key->size() > 128 || !std::all_of(key->begin(), key->end(), visible))
            return refuse(400, "'key' must be a string of 1 to 128 visible ASCII characters");
        asked.key = *key;
    }
    if (data.empty())
        return refuse(400, R"(the member 'data' is the message, and it is missing)");
    if (room) {
        for (std::size_t i = 0; i < of.rooms.size() && asked.rooms.empty(); ++i) {
            if (of.rooms.room_at(i).name() == *room)
                asked.rooms.push_back(*room);
        }
    } else if (of.rooms.size() == 1) {
        asked.rooms.push_back(of.rooms.room_at(0).name());
    }
    if (asked.rooms.empty())
        return refuse(400, "'room' must be one of the rooms that this socket follows");
    std::string_view const view = asked.rooms.front();
    if (auto const refused = refused_room({&view, 1}))
        return refuse(refused->status, refused->detail);
    auto const string = encode::string_value(data);
    if (string && string->empty())
        return refuse(400, "the message is empty");
    auto& what = asked.what.emplace_back();
    what.kind = string ? content::text : content::json;
    what.data = string ? *string : std::string(data);
    if (of.who)
        what.from = of.who->as;
    out.what = std::move(asked);
    return out;
}

std::string ack_of(std::string_view key, std::string_view receipt) {
    std::string out = R"({"ack":{)";
    if (!key.empty())
        out.append(R"("key":)").append(key).append(",");
    return out.append(receipt.substr(1)).append("}");
}

std::string error_of(std::string_view key, unsigned status, std::string_view detail) {
    std::string out = R"({"error":{)";
    if (!key.empty())
        out.append(R"("key":)").append(key).append(",");
    auto const rest = boost::json::serialize(
        boost::json::object{{"status", status}, {"title", http::reason(status)}, {"detail", detail}});
    return out.append(rest.substr(1)).append("}");
}

/// The state of one socket beside its subscription.
struct conversation {
    conversation(http::session& with, subscription& of, api_options const& by, bool deflate)
        : client(with), asked(of), options(by), reader(by.max_body, deflate) {}

    http::session& client;
    subscription& asked;
    api_options const& options;
    websocket_reader reader;
    std::int64_t begun = 0;          // when the message began that has not come whole
    bool alive = true;               // something has come since the last ping
    bool closed = false;             // the client has closed, or was told why it is closed
    std::optional<to_publish> next;  // to be published before anything else is read
    std::string next_key;

    void end(close_code code) {
        write_close(client, code, reason_of(code));
        closed = true;
    }

    /// Reads what has come up to something that is to be published; answers the rest.
    void read() {
        for (int events = 0; events < events_in_a_row && !closed && !next && !client.has_unsent(); ++events) {
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
        // Here, and not by the wait's deadline alone: bytes that trickle in put that off.
        else if (!closed && steady_now() - begun >= options.body_timeout.count())
            end(close_code::policy_violation);
    }

    void take(websocket_reader::event what) {
        switch (what) {
            case websocket_reader::event::need_more:
            case websocket_reader::event::pong:
                return;
            case websocket_reader::event::ping:
                write_frame(client, encode::opcode::pong, reader.payload());
                return;
            case websocket_reader::event::closed:
                write_close(client, reader.code(), {});
                closed = true;
                return;
            case websocket_reader::event::error:
                end(*reader.code());
                return;
            case websocket_reader::event::text:
                break;
        }
        auto frame = read_frame(reader.payload(), asked);
        if (frame.what) {
            next = std::move(*frame.what);
            next_key = std::move(frame.key);
        } else {
            write_frame(client, encode::opcode::text,
                        error_of(frame.key, frame.what.error().status, frame.what.error().detail));
        }
    }

    void acknowledge(published const& done) {
        write_frame(client, encode::opcode::text,
                    done.status == 201 ? ack_of(next_key, done.text) : error_of(next_key, done.status, done.text));
        next.reset();
    }

    /// How long to wait for something to happen.
    milliseconds patience() const {
        if (begun == 0)
            return options.keep_alive;
        return std::clamp(options.body_timeout - milliseconds(steady_now() - begun), milliseconds(0),
                          options.keep_alive);
    }

    /// Nothing has come for so long.
    void timed_out(stream_writer& out) {
        if (begun != 0 && steady_now() - begun >= options.body_timeout.count()) {
            end(close_code::policy_violation);
        } else if (!std::exchange(alive, false)) {
            // Not even an answer to a ping: nobody is there who could be told.
            client.cut_off();
            closed = true;
        } else {
            out.keep_alive();
        }
    }
};

}  // namespace

task<void> api::websocket(http::session& client, std::unique_ptr<subscription> asked, bool deflate) {
    auto const state = std::make_unique<conversation>(client, *asked, options_, deflate);
    stream_writer out(client, *asked, deflate);
    for (int turn = 0; !state->closed && !client.failed();) {
        // A drain ends what can be said, not what is to be heard.
        if (!client.draining())
            state->read();
        if (state->next) {
            auto done = publish(*state->next, client.home());
            if (!done) {
                auto others = publish_after_others(std::move(*state->next), client.home());
                auto later = co_await std::move(others);
                done = std::move(later);
            }
            state->acknowledge(*done);
        } else if (!state->closed && client.ended()) {
            co_return;
        }
        if (!state->closed && asked->superseded()) {
            out.tell_superseded();
            state->end(close_code::superseded);
        }
        bool const told = !state->closed && !client.has_unsent() && out.tell_news();
        if (!state->closed && client.draining() && !told && !client.has_unsent())
            state->end(close_code::going_away);
        if (client.has_unsent()) {
            bool const sent = co_await client.sent();
            if (!sent)
                co_return;
        } else if (told || !client.input().empty()) {
            rooms_.keep_to_budget();
            if (++turn % turns_in_a_row == 0)
                co_await client.let_others_go();
        } else if (!state->closed && !client.failed()) {
            client.interrupt_after(state->patience());
            if (client.interrupted() == http::interruption::none)
                co_await asked->rooms.async_listen(client.home(), out, client.interruptible());
            if (client.interrupted() == http::interruption::timed_out)
                state->timed_out(out);
            if (client.interrupted() == http::interruption::input && ++turn % turns_in_a_row == 0)
                co_await client.let_others_go();
        }
    }
}

// Before anything of the subscription takes effect: who is refused joins no room and takes nobody's place.
std::optional<http::websocket_handshake> api::shake_hands(call const& by) {
    if (!origins_.allows_websocket(by.request)) {
        send(by.client, bad_input{403, "pages of this origin may not open a WebSocket; list it with --allow-origin"});
        return std::nullopt;
    }
    auto hands = http::shake_hands(by.request, options_.websocket_deflate);
    if (hands.refused != 0) {
        auto answer = http::problem(hands.refused, hands.text);
        if (hands.refused == 426)
            http::add_field(answer.fields, "Upgrade", "websocket");
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

task<void> api::begin_websocket(http::session& client, subscription asked, http::websocket_handshake hands) {
    // Where `0` is by now.
    asked.look(1);
    http::add_field(hands.text, "Last-Event-ID", asked.next());
    client.upgrade(hands.text);
    return websocket(client, std::make_unique<subscription>(std::move(asked)), hands.deflate);
}

}  // namespace anteroom
