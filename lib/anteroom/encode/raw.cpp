#include <anteroom/base/text.hpp>
#include <anteroom/encode/raw.hpp>

#include <fmt/format.h>

namespace anteroom::encode {

namespace {

// Called once per message, so it appends: formatting costs several times as much.
void append_head(std::string& out, message const& of) {
    out += "Content-Type: ";
    out += media_type(of.kind());
    out += "\r\nContent-Length: ";
    fmt::format_int const length(of.data().size());
    out.append(length.data(), length.size());
    out +=
        "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\nLast-Event-ID: ";
}

encoding make_raw_head(message const& of) {
    encoding made;
    auto& out = made.bytes;
    out.reserve(256);
    append_head(out, of);
    append(out, of.id());
    out += "\r\n\r\n";
    return made;
}

}  // namespace

std::string_view media_type(content kind) noexcept {
    return kind == content::json ? "application/json" : "text/plain; charset=utf-8";
}

std::string_view raw_head(message const& of) {
    return of.wire(wire_form::raw_head, make_raw_head).bytes;
}

std::string raw_head_in(message const& of, std::string_view room, std::string_view next) {
    std::string out;
    append_head(out, of);
    out.append(next).append("\r\nRoom: ").append(percent_encode(room)).append("\r\n\r\n");
    return out;
}

std::string gap_field(gap const& of, std::string_view room) {
    std::string out(to_string(of.reason));
    if (of.missed)
        out += fmt::format(";missed={}", *of.missed);
    if (!room.empty())
        out.append(";room=").append(percent_encode(room));
    return out;
}

}  // namespace anteroom::encode
