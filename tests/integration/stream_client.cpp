#include "stream_client.hpp"

#include "harness_error.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <utility>

namespace anteroom::integration {
namespace {

namespace json = boost::json;

json::object object_of(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error || !value.is_object()) {
        throw harness_error{"not a JSON object: " + std::string{text}};
    }
    return std::move(value.get_object());
}

/// A field of an event and its value.
std::pair<std::string_view, std::string_view> field_of(std::string_view line) {
    auto const colon = line.find(": ");
    if (colon == std::string_view::npos) {
        throw harness_error{"not a field of an event: " + std::string{line}};
    }
    return {line.substr(0, colon), line.substr(colon + 2)};
}

}  // namespace

stream_client::stream_client(endpoint const& where, std::string target, std::string type, header_list headers,
                             std::string version, int receive_buffer)
    : connection_{where, receive_buffer}, sse_{type == sse_type} {
    headers.emplace_back("Accept", type);
    connection_.send(
        request{.target = std::move(target), .headers = std::move(headers), .version = std::move(version)}.bytes());
    take_head();
    if (head_.status != 200 || head_.media_type() != type || head_.header("Cache-Control") != "no-store" ||
        head_.header("X-Accel-Buffering") != "no" || !head_.has("Last-Event-ID") || head_.has("Content-Length")) {
        throw harness_error{"not the head of a stream of type " + type + ": " + head_.text()};
    }
    chunked_ = head_.header("Transfer-Encoding") == "chunked";
    cursor_ = head_.header("Last-Event-ID");
}

void stream_client::take_head() {
    deadline const end{default_timeout};
    auto size = std::string::npos;
    while ((size = received_.find("\r\n\r\n")) == std::string::npos) {
        if (connection_.read_some(received_, end.left()) != read_outcome::data) {
            throw harness_error{"no head of a stream was received: " + received_};
        }
    }
    auto head = received_.substr(0, size + 4);
    received_.erase(0, size + 4);
    // Parsed like the response to HEAD, as only the head has been received.
    head_ = take_response(head, true, true).value();
    if (head_.status != 200) {
        throw harness_error{"no stream: " + head_.text() + received_};
    }
}

// Moves received bytes of the body to `body_`; returns whether bytes were moved or the end was found.
bool stream_client::take_body() {
    if (!chunked_) {
        body_ += received_;
        return !std::exchange(received_, {}).empty();
    }
    auto const line = received_.find("\r\n");
    if (line == std::string::npos) {
        return false;
    }
    std::size_t size = 0;
    auto const [end, error] = std::from_chars(received_.data(), received_.data() + line, size, 16);
    if (error != std::errc{} || end != received_.data() + line) {
        throw harness_error{"not the head of a chunk: " + received_.substr(0, line)};
    }
    if (received_.size() < line + 2 + size + 2) {
        return false;
    }
    if (received_.compare(line + 2 + size, 2, "\r\n") != 0) {
        throw harness_error{"a chunk does not end after its size: " + received_.substr(0, 200)};
    }
    body_.append(received_, line + 2, size);
    received_.erase(0, line + 2 + size + 2);
    ended_ = size == 0;
    return true;
}

bool stream_client::take_block(std::string& block) {
    auto const* const mark = sse_ ? "\n\n" : "\n";
    auto const length = sse_ ? 2U : 1U;
    auto const end = body_.find(mark);
    if (end == std::string::npos) {
        return false;
    }
    block = body_.substr(0, end);
    body_.erase(0, end + length);
    return true;
}

std::optional<stream_event> stream_client::next(milliseconds bound) {
    deadline const end{bound};
    std::string block;
    for (;;) {
        if (take_block(block)) {
            return parse(block);
        }
        if (ended_) {
            if (!body_.empty()) {
                throw harness_error{"the stream ended within an event: " + body_};
            }
            return std::nullopt;
        }
        if (take_body()) {
            continue;
        }
        auto const had = body_.size();
        auto const outcome = connection_.read_some(received_, end.left());
        if (outcome == read_outcome::timed_out) {
            throw harness_error{"nothing more arrived in time; so far: " + body_.substr(0, had) + received_};
        }
        if (outcome != read_outcome::data) {
            if (chunked_ || outcome == read_outcome::reset) {
                throw harness_error{"the stream was cut off after: " + body_ + received_};
            }
            ended_ = true;
        }
    }
}

message stream_client::next_message(milliseconds bound) {
    deadline const end{bound};
    for (;;) {
        auto event = next(end.left());
        if (!event) {
            throw harness_error{"the stream has ended"};
        }
        if (event->is == stream_event::kind::message) {
            return std::move(event->what);
        }
        if (event->is != stream_event::kind::keep_alive && event->is != stream_event::kind::start) {
            throw harness_error{"expected a message, not a " +
                                std::string{event->is == stream_event::kind::gap ? "gap" : "superseded"}};
        }
    }
}

stream_event stream_client::parse(std::string const& block) {
    auto event = sse_ ? parse_event(block) : parse_line(block);
    if (!event.next.empty()) {
        cursor_ = event.next;
    }
    return event;
}

stream_event stream_client::parse_event(std::string_view block) {
    using kind = stream_event::kind;
    if (block.starts_with(':')) {
        return {.is = kind::keep_alive, .next = {}};
    }
    std::string type;
    std::string data;
    stream_event event;
    while (!block.empty()) {
        auto const line = block.substr(0, block.find('\n'));
        block.remove_prefix(std::min(block.size(), line.size() + 1));
        auto const [name, value] = field_of(line);
        if (name == "id") {
            event.next = value;
        } else if (name == "event") {
            type = value;
        } else if (name == "data") {
            data = value;
        } else if (name == "retry") {
            event.retry = std::stoi(std::string{value});
        } else {
            throw harness_error{"unexpected field of an event: " + std::string{name}};
        }
    }
    if (event.next.empty()) {
        throw harness_error{"an event without a cursor: " + data};
    }
    if (event.retry > 0) {
        event.is = kind::start;
    } else if (type == "gap") {
        event.is = kind::gap;
        event.missed = parse_gap(object_of(data));
    } else if (type == "superseded") {
        event.is = kind::superseded;
    } else if (type.empty()) {
        event.what = parse_message(object_of(data));
    } else {
        throw harness_error{"unknown event: " + type};
    }
    return event;
}

stream_event stream_client::parse_line(std::string_view line) {
    using kind = stream_event::kind;
    if (line.empty()) {
        return {.is = kind::keep_alive, .next = {}};
    }
    return parse_stream_object(object_of(line));
}

stream_event parse_stream_object(json::object const& object) {
    using kind = stream_event::kind;
    stream_event event;
    if (auto const* const gap = object.if_contains("gap")) {
        event.is = kind::gap;
        event.missed = parse_gap(gap->as_object());
        event.next = json::value_to<std::string>(object.at("next"));
    } else if (object.contains("superseded")) {
        event.is = kind::superseded;
    } else {
        event.what = parse_message(object);
        // In several rooms the id is that of its room alone, and the client composes the cursor.
        event.next = event.what.room ? "" : event.what.id;
    }
    return event;
}

}  // namespace anteroom::integration
