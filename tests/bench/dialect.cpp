#include "dialect.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace anteroom::bench {
namespace {

constexpr std::string_view plain_fields =
    "User-Agent: anteroom-load\r\n"
    "Accept: */*\r\n";

constexpr std::string_view browser_fields =
    "Connection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"130\", \"Google Chrome\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Safari/537.36\r\n"
    "Accept: */*\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Dest: empty\r\n"
    "Referer: http://chat.example.org/room/lobby\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark\r\n";

}  // namespace

dialect::dialect(dialect_kind kind, header_kind headers, std::string_view host, int wait) : kind_(kind) {
    auto const fields = headers == header_kind::browser ? browser_fields : plain_fields;
    poll_fields_ = fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}", host, fields);
    publish_fields_ =
        fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}Content-Type: text/plain\r\nContent-Length: ", host, fields);
    if (wait > 0) {
        wait_ = fmt::format("wait={}", wait);
    }
}

void dialect::poll(std::string& out, std::string_view room, std::string_view cursor) const {
    if (kind_ == dialect_kind::nchan) {
        out.append("GET /sub/").append(room).append(poll_fields_).append(cursor).append("\r\n");
        return;
    }
    out.append("GET /room/").append(room).append("/subscribe");
    if (!cursor.empty()) {
        out.append("?after=").append(cursor);
    }
    if (!wait_.empty()) {
        out.append(cursor.empty() ? "?" : "&").append(wait_);
    }
    out.append(poll_fields_).append("\r\n");
}

void dialect::publish(std::string& out, std::string_view room, std::string_view body) const {
    out.append(kind_ == dialect_kind::nchan ? "POST /pub/" : "POST /room/").append(room);
    out.append(kind_ == dialect_kind::nchan ? "" : "/publish").append(publish_fields_);
    fmt::format_to(std::back_inserter(out), "{}\r\n\r\n", body.size());
    out.append(body);
}

void dialect::remember(answer const& from, std::string& cursor) const {
    if (kind_ == dialect_kind::anteroom) {
        cursor.assign(from.last_event_id);
        return;
    }
    if (from.last_modified.empty()) {
        return;  // a timeout of Nchan carries no cursor: the old one stays good
    }
    cursor.assign("If-Modified-Since: ").append(from.last_modified);
    cursor.append("\r\nIf-None-Match: ").append(from.etag).append("\r\n");
}

poll_outcome dialect::judge(answer const& polled) const {
    if (polled.status == 200) {
        return poll_outcome::message;
    }
    auto const timed_out = kind_ == dialect_kind::nchan ? polled.status == 408 || polled.status == 304  //
                                                        : polled.status == 204;
    return timed_out ? poll_outcome::nothing : poll_outcome::refused;
}

bool dialect::accepted(answer const& published) const {
    return published.status >= 200 && published.status <= 202;
}

told_gap read_gap(std::string_view field) {
    constexpr std::string_view label = "missed=";
    told_gap gap;
    if (auto const at = field.find(label); at != std::string_view::npos) {
        auto const first = field.data() + at + label.size();
        gap.counted = std::from_chars(first, field.data() + field.size(), gap.missed).ec == std::errc();
    }
    return gap;
}

}  // namespace anteroom::bench
