#include "dialect.hpp"

#include "frame_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace anteroom::bench {
namespace {

constexpr std::string_view plain_fields = "User-Agent: anteroom-load\r\n";

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
std::string asking_for(transport_kind transport, header_kind headers) {
    std::string const alive = headers == header_kind::browser ? "Connection: keep-alive\r\n" : "";
    switch (transport) {
        case transport_kind::poll:
            break;
        case transport_kind::sse:
            return alive + "Accept: text/event-stream\r\n";
        case transport_kind::websocket:
            return fmt::format(
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n",
                websocket_key);
    }
    return alive + "Accept: */*\r\n";
}

// What follows `label` in a JSON text, up to the next quote. Enough for what the servers here make of our messages,
// which have nothing to escape.
std::string_view quoted_after(std::string_view json, std::string_view label) {
    auto const at = json.find(label);
    if (at == std::string_view::npos) {
        return {};
    }
    auto const text = json.substr(at + label.size());
    return text.substr(0, text.find('"'));
}

told_gap read_json_gap(std::string_view json) {
    constexpr std::string_view label = "\"missed\":";
    told_gap gap;
    if (auto const at = json.find(label); at != std::string_view::npos) {
        auto const first = json.data() + at + label.size();
        gap.counted = std::from_chars(first, json.data() + json.size(), gap.missed).ec == std::errc();
    }
    gap.room = quoted_after(json, "\"room\":\"");
    return gap;
}

stream_news read_json_message(std::string_view json) {
    stream_news news;
    auto const sound = json.starts_with(R"({"id":")") || json.starts_with(R"({"room":")");
    news.what = sound && json.ends_with('}') ? stream_news::kind::message : stream_news::kind::refused;
    news.body = quoted_after(json, R"("data":")");
    if (json.starts_with(R"({"room":")")) {
        news.room = quoted_after(json, R"({"room":")");
    }
    return news;
}

}  // namespace

dialect::dialect(dialect_kind kind, transport_kind transport, header_kind headers, std::string_view host, int wait,
                 std::size_t together)
    : kind_(kind), transport_(transport), several_(together > 1) {
    auto const fields = headers == header_kind::browser ? browser_fields : plain_fields;
    subscribe_fields_ = fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}{}", host, asking_for(transport, headers), fields);
    publish_fields_ = fmt::format(" HTTP/1.1\r\nHost: {}\r\n{}{}Content-Type: text/plain\r\nContent-Length: ", host,
                                  asking_for(transport_kind::poll, headers), fields);
    if (wait > 0 && transport == transport_kind::poll) {
        wait_ = fmt::format("wait={}", wait);
    }
}

std::string dialect::target(std::vector<std::string_view> const& rooms) const {
    auto const nchan = kind_ == dialect_kind::nchan;
    if (rooms.size() == 1) {
        return fmt::format(fmt::runtime(nchan ? "/sub/{}" : "/room/{}/subscribe"), rooms.front());
    }
    return nchan ? fmt::format("/subs/{}", fmt::join(rooms, ","))
                 : fmt::format("/subscribe?room={}", fmt::join(rooms, "&room="));
}

void dialect::subscribe(std::string& out, std::string_view target, std::string_view cursor) const {
    out.append("GET ").append(target);
    if (kind_ == dialect_kind::nchan || several_) {
        if (kind_ != dialect_kind::nchan && !wait_.empty()) {
            out.append("&").append(wait_);
        }
        out.append(subscribe_fields_).append(cursor).append("\r\n");
        return;
    }
    if (!cursor.empty()) {
        out.append("?after=").append(cursor);
    }
    if (!wait_.empty()) {
        out.append(cursor.empty() ? "?" : "&").append(wait_);
    }
    out.append(subscribe_fields_).append("\r\n");
}

void dialect::publish(std::string& out, std::string_view room, std::string_view body) const {
    out.append(kind_ == dialect_kind::nchan ? "POST /pub/" : "POST /room/").append(room);
    out.append(kind_ == dialect_kind::nchan ? "" : "/publish").append(publish_fields_);
    fmt::format_to(std::back_inserter(out), "{}\r\n\r\n", body.size());
    out.append(body);
}

void dialect::remember(answer const& from, std::string& cursor) const {
    if (kind_ == dialect_kind::anteroom) {
        if (several_ && !from.last_event_id.empty()) {
            // Of many rooms it is too long for the request line.
            cursor.assign("Last-Event-ID: ").append(from.last_event_id).append("\r\n");
        } else {
            cursor.assign(from.last_event_id);
        }
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

bool dialect::opened(answer const& head) const {
    if (transport_ == transport_kind::websocket) {
        return head.status == 101 && head.accept == websocket_accept;
    }
    return head.status == 200 && head.length.empty() && head.content_type.starts_with("text/event-stream");
}

stream_news dialect::read(sse_event const& event) const {
    stream_news news;
    if (event.name == "gap") {
        news.what = stream_news::kind::gap;
        news.gap = read_json_gap(event.data);
    } else if (!event.name.empty() && event.name != "message") {
        news.what = stream_news::kind::refused;
        news.body = event.name;
    } else if (event.data.data() != nullptr) {
        if (event.id.empty()) {
            news.what = stream_news::kind::refused;
            news.body = "a message without a cursor";
        } else if (kind_ == dialect_kind::nchan) {
            news.what = stream_news::kind::message;
            news.body = event.data;
        } else {
            news = read_json_message(event.data);
        }
    }
    return news;
}

stream_news dialect::read(std::string_view message) const {
    stream_news news;
    if (kind_ == dialect_kind::nchan) {
        news.what = stream_news::kind::message;
        news.body = message;
    } else if (message.starts_with(R"({"gap":)")) {
        news.what = stream_news::kind::gap;
        news.gap = read_json_gap(message);
    } else {
        news = read_json_message(message);
    }
    if (news.what == stream_news::kind::refused) {
        news.body = message;
    }
    return news;
}

told_gap read_gap(std::string_view field) {
    constexpr std::string_view missed = "missed=";
    constexpr std::string_view room = "room=";
    told_gap gap;
    if (auto const at = field.find(missed); at != std::string_view::npos) {
        auto const first = field.data() + at + missed.size();
        gap.counted = std::from_chars(first, field.data() + field.size(), gap.missed).ec == std::errc();
    }
    if (auto const at = field.find(room); at != std::string_view::npos) {
        gap.room = field.substr(at + room.size());
        gap.room = gap.room.substr(0, gap.room.find_first_of(";, "));
    }
    return gap;
}

}  // namespace anteroom::bench
