#include <anteroom/base/text.hpp>
#include <anteroom/bench/answer.hpp>

#include <charconv>
#include <cstring>

namespace anteroom::bench {
namespace {

// The value of `line` if it is the field `name`, which is written with its colon.
bool field(std::string_view line, std::string_view name, std::string_view& value) {
    if (line.size() < name.size() || !iequals(line.substr(0, name.size()), name)) {
        return false;
    }
    auto const start = line.find_first_not_of(' ', name.size());
    value = start == std::string_view::npos ? std::string_view() : line.substr(start);
    return true;
}

// Looks at the first letter before comparing, because most fields are of no interest.
void read_field(std::string_view line, answer& out) {
    std::string_view value;
    switch (line.front() | 0x20) {
        case 'c':
            if (!field(line, "content-length:", out.length) && !field(line, "content-type:", out.content_type) &&
                field(line, "connection:", value)) {
                out.close = iequals(value, "close");
            }
            break;
        case 'e':
            field(line, "etag:", out.etag);
            break;
        case 'g':
            field(line, "gap:", out.gap);
            break;
        case 'l':
            if (!field(line, "last-event-id:", out.last_event_id)) {
                field(line, "last-modified:", out.last_modified);
            }
            break;
        case 'r':
            field(line, "room:", out.room);
            break;
        case 's':
            field(line, "sec-websocket-accept:", out.accept);
            break;
        case 't':
            out.chunked = field(line, "transfer-encoding:", value) || out.chunked;
            break;
        default:
            break;
    }
}

}  // namespace

answer_state read_head(std::string_view bytes, answer& out) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return bytes.size() > 64 * 1024 ? answer_state::malformed : answer_state::incomplete;
    }
    out = {};
    if (end < 12 || bytes.substr(0, 7) != "HTTP/1.") {
        return answer_state::malformed;
    }
    std::from_chars(bytes.data() + 9, bytes.data() + 12, out.status);

    auto const head = bytes.substr(0, end + 2);
    for (auto at = head.find('\n') + 1; at < head.size();) {
        auto const line_end = head.find('\r', at);
        if (line_end == at) {
            return answer_state::malformed;
        }
        read_field(head.substr(at, line_end - at), out);
        at = line_end + 2;
    }
    out.size = end + 4;
    return answer_state::complete;
}

answer_state read_answer(std::string_view bytes, answer& out) {
    if (auto const state = read_head(bytes, out); state != answer_state::complete || out.chunked) {
        return out.chunked ? answer_state::malformed : state;
    }
    std::size_t body_size = 0;
    if (!out.length.empty()) {
        auto const length = parse_decimal(out.length);
        if (!length) {
            return answer_state::malformed;
        }
        body_size = *length;
    } else if (out.status != 204 && out.status != 304) {
        return answer_state::malformed;
    }
    auto const head_size = out.size;
    out.size += body_size;
    if (bytes.size() < out.size) {
        return answer_state::incomplete;
    }
    out.body = bytes.substr(head_size, body_size);
    return answer_state::complete;
}

bool is_answer(std::string_view bytes, answer& out) {
    return read_answer(bytes, out) == answer_state::complete && out.size == bytes.size();
}

}  // namespace anteroom::bench
