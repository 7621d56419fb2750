#include <anteroom/encode/raw.hpp>

#include <fmt/format.h>

namespace anteroom::encode {

namespace {

// Once a message, so by appending: formatting costs several times as much.
std::string make_raw_head(message const& of) {
    std::string out;
    out.reserve(192);
    out += "Content-Type: ";
    out += media_type(of.kind());
    out += "\r\nContent-Length: ";
    fmt::format_int const length(of.data().size());
    out.append(length.data(), length.size());
    out += "\r\nLast-Event-ID: ";
    append(out, of.id());
    out += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n";
    out.shrink_to_fit();
    return out;
}

}  // namespace

std::string_view media_type(content kind) noexcept {
    return kind == content::json ? "application/json" : "text/plain; charset=utf-8";
}

std::string_view raw_head(message const& of) {
    return of.wire(wire_form::raw_head, make_raw_head);
}

std::string gap_field(gap const& of) {
    std::string out(to_string(of.reason));
    if (of.missed)
        out += fmt::format(";missed={}", *of.missed);
    return out;
}

}  // namespace anteroom::encode
