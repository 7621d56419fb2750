#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/websocket/writer.hpp>

#include <string>

namespace anteroom::encode {

namespace {

// Shorter texts hardly compress.
constexpr std::size_t min_size = 64;

encoding make_deflated(message const& of) {
    auto const text = frames(of).json();
    auto const compressed = text.size() < min_size ? std::string() : websocket::deflate(text);
    encoding made;
    websocket::append_frame_head(made.bytes, websocket::opcode::text,
                                 compressed.empty() ? text.size() : compressed.size(), !compressed.empty());
    made.bytes += compressed.empty() ? text : compressed;
    return made;
}

}  // namespace

std::string_view deflated_frame(message const& of) {
    return of.wire(wire_form::deflated, make_deflated).bytes;
}

}  // namespace anteroom::encode
