#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/websocket/writer.hpp>

#include <array>
#include <charconv>

namespace anteroom::encode {

namespace {

std::uint8_t mark(std::string const& at) {
    return static_cast<std::uint8_t>(at.size());
}

// One buffer, laid out so that each form is one contiguous part of it, or two:
//
//     <chunk head> <frame head> <chunk head> id: <cursor> \n data: <JSON> \n \n CRLF
//     |            |            |            |                      |  |     |
//     |            WebSocket    SSE chunk    event                  JSON
//     NDJSON's chunk
encoding make_frames(message const& of) {
    std::string const object = make_json(of);
    std::string event = "id: ";
    append(event, of.id());
    event += "\ndata: ";

    encoding made;
    auto& out = made.bytes;
    out.reserve(object.size() + event.size() + 40);
    append_chunk_head(out, object.size() + 1);
    made.marks[0] = mark(out);
    websocket::append_frame_head(out, websocket::opcode::text, object.size());
    made.marks[1] = mark(out);
    append_chunk_head(out, event.size() + object.size() + 2);
    made.marks[2] = mark(out);
    out += event;
    made.marks[3] = mark(out);
    out += object;
    out += "\n\n\r\n";
    return made;
}

}  // namespace

frames::frames(message const& of) {
    auto const& made = of.wire(wire_form::framed, make_frames);
    bytes_ = made.bytes;
    websocket_ = made.marks[0];
    sse_chunk_ = made.marks[1];
    event_ = made.marks[2];
    json_ = made.marks[3];
}

void append_chunk_head(std::string& out, std::size_t size) {
    std::array<char, 18> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + 16, size, 16).ptr;
    out.append(digits.data(), end).append("\r\n");
}

}  // namespace anteroom::encode
