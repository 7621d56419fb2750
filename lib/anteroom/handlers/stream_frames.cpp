#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/handlers/stream_frames.hpp>
#include <anteroom/room/place.hpp>

#include <fmt/format.h>

#include <vector>

namespace anteroom {

namespace {

// What is looked for at a time: more than a socket takes at once helps nobody.
constexpr std::size_t messages_at_a_time = 64;

}  // namespace

bool stream_writer::tell_news() {
    auto const found = from_.rooms.look(messages_at_a_time);
    if (found.empty())
        return false;
    if (!found.gaps.empty())
        tell_gaps(found);
    // A socket that is full with a gap's frame gets the messages when it has room for them.
    std::size_t const taken = to_.has_unsent() ? 0
                              : from_.several  ? write_messages_of_several(found)
                                               : write_messages(found);
    from_.rooms.take(found, taken);
    return true;
}

void stream_writer::tell_gaps(news const& found) {
    for (auto const& each : found.gaps) {
        // One by one: who breaks off between two of them and goes on from the first must still be told of the second.
        from_.rooms.take({{each}, {}}, 0);
        auto const next = from_.next();
        auto const data = encode::json(each.what, from_.rooms.room_at(each.place).name());
        write_event("gap", next, data, fmt::format(R"({{"gap":{},"next":"{}"}})", data, next));
    }
}

// Every message from its one encoding: pieces of it, with nothing made for this reader.
std::size_t stream_writer::write_messages(news const& found) {
    std::vector<http::part> parts;
    parts.reserve(3 * found.messages.size());
    for (auto const& [what, place] : found.messages) {
        encode::frames const encoded(*what);
        if (from_.as == form::websocket) {
            if (deflate_) {
                parts.push_back({encode::deflated_frame(*what), what});
            } else {
                parts.push_back({encoded.websocket_head(), what});
                parts.push_back({encoded.json(), what});
            }
        } else if (from_.as == form::sse) {
            parts.push_back({to_.chunked() ? encoded.event_chunk() : encoded.event(), what});
        } else {
            if (to_.chunked())
                parts.push_back({encoded.line_chunk_head(), what});
            parts.push_back({encoded.line(), what});
            if (to_.chunked())
                parts.push_back({encode::frames::chunk_end});
        }
    }
    return to_.write_frames(parts, parts.empty() ? 1 : parts.size() / found.messages.size());
}

// Here each message has its room in front, and for SSE the cursor of all rooms; the rest is its one encoding.
std::size_t stream_writer::write_messages_of_several(news const& found) {
    // Each event has the cursor just after it; how many will be taken is known only when they are written.
    auto const positions = from_.rooms.positions();
    std::vector<std::string> heads(found.messages.size());
    std::vector<http::part> parts;
    parts.reserve(3 * found.messages.size());
    auto const framed = to_.chunked() && from_.as != form::websocket;
    std::string_view const end = from_.as == form::sse ? "\n\n\r\n" : from_.as == form::ndjson ? "\n\r\n" : "";
    for (std::size_t i = 0; i < found.messages.size(); ++i) {
        auto const& [what, place] = found.messages[i];
        std::string payload;
        if (from_.as == form::sse) {
            from_.rooms.take({{}, {found.messages[i]}}, 1);
            payload += "id: ";
            from_.append_next(payload);
            payload += "\ndata: ";
        }
        payload += encode::json_room_prefix(from_.rooms.room_at(place).name());
        auto const rest = encode::frames(*what).json_rest();
        auto const tail = framed ? end : end.substr(0, end.empty() ? 0 : end.size() - 2);
        auto& head = heads[i];
        if (from_.as == form::websocket)
            encode::append_frame_head(head, encode::opcode::text, payload.size() + rest.size());
        else if (framed)
            encode::append_chunk_head(head, payload.size() + rest.size() + tail.size() - 2);
        head += payload;
        parts.push_back({head});
        parts.push_back({rest, what});
        parts.push_back({tail});
    }
    from_.rooms.put_back(positions);
    return to_.write_frames(parts, 3);
}

void stream_writer::write_event(std::string_view type, std::string_view id, std::string_view data,
                                std::string_view line) {
    if (from_.as != form::sse) {
        write_payload(from_.as == form::ndjson ? std::string(line).append("\n") : std::string(line));
        return;
    }
    write_payload(fmt::format("event: {}\nid: {}\ndata: {}\n\n", type, id, data));
}

void stream_writer::tell_superseded() {
    write_event("superseded", from_.next(), "{}", R"({"superseded":true})");
}

void stream_writer::tell_retry(int time) {
    if (from_.as == form::sse)
        write_payload(fmt::format("retry: {}\nid: {}\n\n", time, from_.next()));
}

void stream_writer::keep_alive() {
    if (from_.as == form::websocket) {
        std::string ping;
        encode::append_frame_head(ping, encode::opcode::ping, 0);
        http::part const whole{ping};
        to_.write({&whole, 1});
    } else {
        write_payload(from_.as == form::sse ? ":\n\n" : "\n");
    }
}

void stream_writer::write_payload(std::string_view payload) {
    std::string frame;
    if (from_.as == form::websocket)
        encode::append_frame_head(frame, encode::opcode::text, payload.size());
    else if (to_.chunked())
        encode::append_chunk_head(frame, payload.size());
    frame += payload;
    if (from_.as != form::websocket && to_.chunked())
        frame += encode::frames::chunk_end;
    http::part const whole{frame};
    to_.write({&whole, 1});
}

}  // namespace anteroom
