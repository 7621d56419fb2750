#include <anteroom/encode/raw.hpp>

#include <fmt/format.h>

namespace anteroom::encode {

namespace {

std::string make_raw_head(message const& of) {
    return fmt::format(
        "Content-Type: {}\r\n"
        "Content-Length: {}\r\n"
        "Last-Event-ID: {}\r\n"
        "Cache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "\r\n",
        media_type(of.kind()), of.data().size(), to_string(of.id()));
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
