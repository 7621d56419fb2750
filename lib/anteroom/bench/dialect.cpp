#include <anteroom/bench/dialect.hpp>
#include <anteroom/bench/frame_reader.hpp>

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace anteroom::bench {

namespace {

constexpr std::string_view small_fields = "User-Agent: anteroom-bench\r\n";

constexpr std::string_view browser_fields =
    "sec-ch-ua: \"Chromium\";v=\"130\", \"Google Chrome\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
    "Safari/537.36\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Dest: empty\r\n"
    "Referer: http://chat.example.org/room/lobby\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark\r\n";

// The fields that ask for a transport.
std::string asking_for(transport_kind transport, header_kind headers, std::string_view accept) {
    if (transport == transport_kind::websocket)
        return fmt::format(
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
            websocket_key);
    return fmt::format("{}Accept: {}\r\n", headers == header_kind::browser ? "Connection: keep-alive\r\n" : "",
                       transport == transport_kind::sse ? "text/event-stream" : accept);
}

}  // namespace

std::unique_ptr<dialect> dialect::make(load_options const& options, std::string_view host) {
    switch (options.dialect) {
        case dialect_kind::anteroom:
            return make_anteroom_dialect(options, host);
        case dialect_kind::nchan:
            return make_nchan_dialect(options, host);
        case dialect_kind::tutorial:
            return make_tutorial_dialect(options, host);
        case dialect_kind::raw:
            break;
    }
    return make_raw_dialect(options, host);
}

dialect::dialect(load_options const& options, std::string_view host, std::string_view accept)
    : transport_(options.transport), several_(options.together > 1) {
    auto const fields = options.headers == header_kind::browser ? browser_fields : small_fields;
    subscribe_fields_ = fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}{}", host,
                                    asking_for(options.transport, options.headers, accept), fields);
    publish_fields_ = fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}{}Content-Type: text/plain\r\nContent-Length: ", host,
                                  asking_for(transport_kind::poll, options.headers, "*/*"), fields);
}

void dialect::publish(std::string& out, std::string_view room, std::string_view body) const {
    out.append("POST ").append(publish_target(room)).append(publish_fields_);
    fmt::format_to(std::back_inserter(out), "{}\r\n\r\n", body.size());
    out.append(body);
}

void dialect::read(answer const& polled, event_sink const& to) const {
    to(message_event(polled.body, polled.room));
}

bool dialect::accepted(answer const& published) const {
    return published.status >= 200 && published.status <= 202;
}

bool dialect::opened(answer const& head) const {
    if (transport_ == transport_kind::websocket)
        return head.status == 101 && head.accept == websocket_accept;
    return head.status == 200 && head.length.empty() && head.content_type.starts_with("text/event-stream");
}

subscriber_event message_event(std::string_view body, std::string_view room) {
    subscriber_event out;
    out.type = subscriber_event::kind::message;
    out.body = body;
    out.room = room;
    return out;
}

reported_gap read_gap(std::string_view field) {
    constexpr std::string_view missed = "missed=";
    constexpr std::string_view room = "room=";
    reported_gap gap;
    if (auto const at = field.find(missed); at != std::string_view::npos) {
        auto const* const first = field.data() + at + missed.size();
        gap.counted = std::from_chars(first, field.data() + field.size(), gap.missed).ec == std::errc();
    }
    if (auto const at = field.find(room); at != std::string_view::npos) {
        gap.room = field.substr(at + room.size());
        gap.room = gap.room.substr(0, gap.room.find_first_of(";, "));
    }
    return gap;
}

}  // namespace anteroom::bench
