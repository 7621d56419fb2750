// A WebSocket client's frames: in any split they are the same events. And what is compressed.
#include "input.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/websocket/inflate.hpp>
#include <anteroom/websocket/reader.hpp>
#include <anteroom/websocket/writer.hpp>

#include <string>
#include <vector>

using namespace anteroom;
using namespace anteroom::fuzz;
using namespace anteroom::websocket;

namespace {

constexpr std::size_t max_message = 300;

struct event {
    reader::event what;
    std::string payload;
    std::optional<close_code> code;

    friend bool operator==(event const&, event const&) = default;
};

std::vector<event> read(std::string_view input, bool deflate, pieces in) {
    reader from(max_message, deflate);
    std::vector<event> out;
    while (!input.empty()) {
        // A copy, so that a sanitizer sees what reads beyond it, or later.
        std::string const part(input.substr(0, in.next(input.size())));
        input.remove_prefix(part.size());
        for (std::string_view left = part;;) {
            auto const what = from.read(left);
            if (what == reader::event::need_more) {
                check(left.empty(), "all of an input is read");
                break;
            }
            auto& added = out.emplace_back();
            added.what = what;
            if (what == reader::event::closed || what == reader::event::error)
                added.code = from.code();
            if (what == reader::event::error)
                return out;
            added.payload = from.payload();
            check(added.payload.size() <= max_message, "no message is longer than it may be");
            check(what != reader::event::text || is_utf8(added.payload), "a message is UTF-8");
            if (what == reader::event::closed)
                return out;
        }
    }
    return out;
}

// A whole text frame with the input as its payload, compressed.
std::string compressed_frame(std::string_view payload) {
    std::string out;
    append_frame_head(out, opcode::text, payload.size(), true);
    out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | 0x80U);
    return out.append(4, '\0').append(payload);
}

void check_deflate(std::string_view text) {
    auto const packed = deflate(text);
    if (packed.empty())
        return;
    check(packed.size() < text.size(), "what is compressed is shorter");
    auto const again = inflate(packed, text.size());
    check(!again.broken && !again.too_big && again.text == text, "what was compressed is inflated");
    check(inflate(packed, text.size() - 1).too_big, "and no byte more than may be");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto input = as_text(data, size);
    auto const how = take_byte(input);
    auto const some = pieces::of(how);
    bool const deflates = how >= 'a';
    auto const whole = read(input, deflates, pieces::whole());
    check(whole == read(input, deflates, some), "the same events in pieces");
    check(whole == read(input, deflates, {1}), "the same events byte by byte");

    auto const packed = compressed_frame(input);
    auto const unpacked = read(packed, true, pieces::whole());
    check(unpacked == read(packed, true, some), "the same events of a compressed message in pieces");
    check(inflate(input, max_message).text.size() <= max_message + 1, "little more is inflated than may be");
    check_deflate(input);
    return 0;
}
