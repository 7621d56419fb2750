#include <anteroom/bench/sse_reader.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace anteroom::bench {
namespace {

// The value after `name: ` if the line is that field.
bool value_of(std::string_view line, std::string_view name, std::string_view& value) {
    if (!line.starts_with(name) || line.size() == name.size() || line[name.size()] != ':') {
        return false;
    }
    value = line.substr(name.size() + 1);
    value.remove_prefix(value.starts_with(' ') ? 1 : 0);
    return true;
}

void read_line(std::string_view line, sse_event& out, bool& begun) {
    std::string_view data;
    if (value_of(line, "data", data)) {
        if (out.data.data() != nullptr) {
            throw std::runtime_error("an event has data in several lines");
        }
        out.data = data;
        begun = true;
    } else if (value_of(line, "id", out.id) || value_of(line, "event", out.name)) {
        begun = true;
    }  // else a comment, retry, or what nobody knows
}

// Hands out the events that are complete in `text`; says how much of it they take.
std::size_t read_events(std::string_view text, sse_reader::sink const& to) {
    std::size_t used = 0;
    sse_event event;
    bool begun = false;
    for (std::size_t at = 0;;) {
        auto const end = text.find('\n', at);
        if (end == std::string_view::npos) {
            return used;
        }
        auto line = text.substr(at, end - at);
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        at = end + 1;
        if (!line.empty()) {
            read_line(line, event, begun);
            continue;
        }
        used = at;
        if (begun) {
            to(event);
        }
        event = {};
        begun = false;
    }
}

}  // namespace

void sse_reader::take(std::string_view text, sink const& to) {
    if (part_.empty()) {
        part_.assign(text.substr(read_events(text, to)));
    } else {
        part_.append(text);
        part_.erase(0, read_events(part_, to));
    }
}

std::size_t sse_reader::read(std::string_view bytes, sink const& to) {
    if (!chunked_) {
        take(bytes, to);
        return bytes.size();
    }
    for (std::size_t at = 0;;) {
        if (!in_chunk_) {
            auto const end = bytes.find("\r\n", at);
            if (end == std::string_view::npos) {
                return at;
            }
            auto const [rest, error] = std::from_chars(bytes.data() + at, bytes.data() + end, left_, 16);
            if (error != std::errc() || rest == bytes.data() + at || left_ > (1U << 30)) {
                throw std::runtime_error("a stream has a malformed chunk");
            }
            if (left_ == 0) {
                throw std::runtime_error("the server ended a stream");
            }
            in_chunk_ = true;
            left_ += 2;
            at = end + 2;
        }
        auto const here = std::min(left_, bytes.size() - at);
        auto const line_end = here + 2 > left_ ? here + 2 - left_ : 0;
        if (here > line_end) {
            take(bytes.substr(at, here - line_end), to);
        }
        at += here;
        left_ -= here;
        if (left_ != 0) {
            return at;
        }
        in_chunk_ = false;
    }
}

}  // namespace anteroom::bench
