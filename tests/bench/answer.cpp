#include "answer.hpp"

#include <strings.h>

#include <charconv>
#include <cstring>

namespace anteroom::bench {
namespace {

// The value of `line` if it is the field `name`, which is written with its colon.
bool field(std::string_view line, std::string_view name, std::string_view& value) {
    if (line.size() < name.size() || ::strncasecmp(line.data(), name.data(), name.size()) != 0) {
        return false;
    }
    auto const start = line.find_first_not_of(' ', name.size());
    value = start == std::string_view::npos ? std::string_view() : line.substr(start);
    return true;
}

// Looks at the first letter before comparing, because most fields are of no interest.
bool read_field(std::string_view line, answer& out, std::string_view& length) {
    std::string_view value;
    switch (line.front() | 0x20) {
        case 'c':
            if (field(line, "content-length:", length)) {
                return true;
            }
            if (field(line, "connection:", value)) {
                out.close = value.size() == 5 && ::strncasecmp(value.data(), "close", 5) == 0;
            }
            return true;
        case 'e':
            return field(line, "etag:", out.etag) || true;
        case 'g':
            return field(line, "gap:", out.gap) || true;
        case 'l':
            return field(line, "last-event-id:", out.last_event_id) ||
                   field(line, "last-modified:", out.last_modified) || true;
        case 't':
            return !field(line, "transfer-encoding:", value);
        default:
            return true;
    }
}

}  // namespace

answer_state read_answer(std::string_view bytes, answer& out) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return bytes.size() > 64 * 1024 ? answer_state::malformed : answer_state::incomplete;
    }
    out = {};
    if (end < 12 || bytes.substr(0, 7) != "HTTP/1.") {
        return answer_state::malformed;
    }
    std::from_chars(bytes.data() + 9, bytes.data() + 12, out.status);

    std::string_view length;
    auto const head = bytes.substr(0, end + 2);
    for (auto at = head.find('\n') + 1; at < head.size();) {
        auto const line_end = head.find('\r', at);
        if (line_end == at || !read_field(head.substr(at, line_end - at), out, length)) {
            return answer_state::malformed;
        }
        at = line_end + 2;
    }

    std::size_t body_size = 0;
    if (!length.empty()) {
        auto const last = length.data() + length.size();
        if (std::from_chars(length.data(), last, body_size).ptr != last) {
            return answer_state::malformed;
        }
    } else if (out.status != 204 && out.status != 304) {
        return answer_state::malformed;
    }
    out.size = end + 4 + body_size;
    if (bytes.size() < out.size) {
        return answer_state::incomplete;
    }
    out.body = bytes.substr(end + 4, body_size);
    return answer_state::complete;
}

}  // namespace anteroom::bench
