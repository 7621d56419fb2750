#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/stream_frames.hpp>
#include <anteroom/room/composite_cursor.hpp>

#include <boost/container/small_vector.hpp>
#include <fmt/format.h>

#include <exception>
#include <vector>

namespace anteroom {

namespace {

// The limit of one read: more than a socket accepts at once is wasted work.
constexpr std::size_t messages_at_a_time = 64;
// With several rooms, each message has a head of its own, with a long composite cursor.
constexpr std::size_t several_at_a_time = 16;

}  // namespace

void write_chunk(http::session& to, std::string_view piece) {
    std::string chunk;
    if (to.chunked())
        encode::append_chunk_head(chunk, piece.size());
    chunk += piece;
    if (to.chunked())
        chunk += encode::frames::chunk_end;
    http::part const whole{chunk};
    to.write({&whole, 1});
}

void write_frame(http::session& to, websocket::opcode kind, std::string_view payload) {
    std::string frame;
    websocket::append_frame_head(frame, kind, payload.size());
    frame += payload;
    http::part const whole{frame};
    to.write({&whole, 1});
}

std::optional<channel::ticket> stream_writer::changed() {
    try {
        write_delta();
    } catch (std::exception const&) {
        // There is no handler for the exception here, and part of a message may have been written.
        to_.cut_off();
        return std::nullopt;
    }
    // More to write than the socket accepted, or than one read returns: left to the loop.
    if (to_.has_unsent() || to_.failed() || !from_.rooms.at_end())
        return std::nullopt;
    return from_.rooms.ticket();
}

bool stream_writer::write_delta() {
    auto const found = from_.read(from_.several ? several_at_a_time : messages_at_a_time);
    if (found.empty())
        return false;
    if (!found.gaps.empty())
        write_gaps(found);
    // If the socket is full after the gaps, the messages follow when it has space.
    std::size_t const taken = to_.has_unsent() ? 0
                              : from_.several  ? write_messages_of_several(found)
                                               : write_messages(found);
    from_.advance(found, taken);
    to_.shard().count(counter::messages_sent, taken);
    return true;
}

void stream_writer::write_gaps(delta const& found) {
    to_.shard().count(counter::gaps_reported, found.gaps.size());
    // Each gap has a cursor that passes it alone: a client that is disconnected between two gaps has not passed the
    // second.
    for (auto const& each : found.gaps) {
        delta one;
        one.gaps.push_back(each);
        from_.advance(one, 0);
        auto const next = from_.next();
        auto const data = encode::json(each.what, from_.rooms.room_at(each.place).name());
        write_event("gap", next, data, fmt::format(R"({{"gap":{},"next":"{}"}})", data, next));
    }
}

// Writes each message as pieces of its shared encoding; nothing is generated for this subscriber.
std::size_t stream_writer::write_messages(delta const& found) {
    boost::container::small_vector<asio::const_buffer, 6> pieces;
    for (auto const& [what, place] : found.messages) {
        encode::frames const encoded(*what);
        if (from_.as == form::websocket) {
            if (deflate_) {
                pieces.push_back(asio::buffer(encode::deflated_frame(*what)));
            } else {
                pieces.push_back(asio::buffer(encoded.websocket_head()));
                pieces.push_back(asio::buffer(encoded.json()));
            }
        } else if (from_.as == form::sse) {
            pieces.push_back(asio::buffer(to_.chunked() ? encoded.event_chunk() : encoded.event()));
        } else {
            if (to_.chunked())
                pieces.push_back(asio::buffer(encoded.line_chunk_head()));
            pieces.push_back(asio::buffer(encoded.line()));
            if (to_.chunked())
                pieces.push_back(asio::buffer(encode::frames::chunk_end));
        }
    }
    return write_pieces(found, pieces);
}

// Here each message is preceded by its room, and for SSE by the composite cursor; the rest is its shared encoding.
std::size_t stream_writer::write_messages_of_several(delta const& found) {
    // Each event has the cursor just after it; how many will be accepted is known only after writing.
    auto text = *from_.text;
    std::vector<std::string> heads(found.messages.size());
    std::vector<asio::const_buffer> pieces;
    pieces.reserve(3 * found.messages.size());
    auto const framed = to_.chunked() && from_.as != form::websocket;
    std::string_view const end = from_.as == form::sse ? "\n\n\r\n" : from_.as == form::ndjson ? "\n\r\n" : "";
    auto const tail = framed ? end : end.substr(0, end.empty() ? 0 : end.size() - 2);
    for (std::size_t i = 0; i < found.messages.size(); ++i) {
        auto const& [what, place] = found.messages[i];
        std::string payload;
        if (from_.as == form::sse) {
            text.set(place, what->id());
            payload.append("id: ").append(text.text()).append("\ndata: ");
        }
        payload += encode::json_room_prefix(from_.rooms.room_at(place).name());
        auto const rest = encode::frames(*what).json_rest();
        auto& head = heads[i];
        if (from_.as == form::websocket)
            websocket::append_frame_head(head, websocket::opcode::text, payload.size() + rest.size());
        else if (framed)
            encode::append_chunk_head(head, payload.size() + rest.size() + tail.size() - 2);
        head += payload;
        pieces.insert(pieces.end(), {asio::buffer(head), asio::buffer(rest), asio::buffer(tail)});
    }
    return write_pieces(found, pieces);
}

// Writes what the socket accepts, and returns how many messages are done: those written completely, and one that was
// written partially, whose rest is kept.
std::size_t stream_writer::write_pieces(delta const& found, std::span<asio::const_buffer const> pieces) {
    if (found.messages.empty())
        return 0;
    auto const each = pieces.size() / found.messages.size();
    auto const done = to_.write_frames(pieces, each);
    if (done.frames == found.messages.size() || to_.failed())
        return done.frames;
    // Keeps a message of which nothing was written as well: waiting for the socket requires unsent output.
    auto const& owner = found.messages[done.frames].what;
    boost::container::small_vector<http::part, 3> rest;
    for (auto const& piece : pieces.subspan(done.frames * each, each)) {
        // With several rooms, the first piece of a frame was generated here, and the long one is the message's
        // encoding.
        bool const made_here = from_.several && rest.empty();
        std::string_view const bytes(static_cast<char const*>(piece.data()), piece.size());
        rest.push_back({bytes, made_here ? nullptr : std::shared_ptr<void const>(owner)});
    }
    to_.keep_unsent({rest.data(), rest.size()}, done.of_next);
    return done.frames + 1;
}

void stream_writer::write_event(std::string_view type, std::string_view id, std::string_view data,
                                std::string_view line) {
    if (from_.as != form::sse) {
        write_payload(from_.as == form::ndjson ? std::string(line).append("\n") : std::string(line));
        return;
    }
    write_payload(fmt::format("event: {}\nid: {}\ndata: {}\n\n", type, id, data));
}

void stream_writer::write_superseded() {
    write_event("superseded", from_.next(), "{}", R"({"superseded":true})");
}

void stream_writer::write_retry(int time) {
    if (from_.as == form::sse)
        write_payload(fmt::format("retry: {}\nid: {}\n\n", time, from_.next()));
}

void stream_writer::keep_alive() {
    if (from_.as == form::websocket)
        write_frame(to_, websocket::opcode::ping, {});
    else
        write_payload(from_.as == form::sse ? ":\n\n" : "\n");
}

void stream_writer::write_payload(std::string_view payload) {
    if (from_.as == form::websocket) {
        write_frame(to_, websocket::opcode::text, payload);
        return;
    }
    write_chunk(to_, payload);
}

}  // namespace anteroom
