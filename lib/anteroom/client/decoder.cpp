#include <anteroom/base/text.hpp>
#include <anteroom/client/decoder.hpp>

namespace anteroom::client {

namespace {

// No server sends a longer message; anything longer is not a message.
constexpr std::size_t max_line = 256UL << 20U;

}  // namespace

bool ndjson_decoder::feed(std::string_view bytes, std::vector<event>& into) {
    for (auto end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n')) {
        line_.append(bytes, 0, end);
        bytes.remove_prefix(end + 1);
        if (!parse_line(line_, into))
            return false;
        line_.clear();
    }
    line_ += bytes;
    return line_.size() <= max_line;
}

bool sse_decoder::feed(std::string_view bytes, std::vector<event>& into) {
    while (!bytes.empty()) {
        if (skip_newline_ && bytes.front() == '\n')
            bytes.remove_prefix(1);
        skip_newline_ = false;
        auto const end = bytes.find_first_of("\r\n");
        line_.append(bytes, 0, end);
        if (end == bytes.npos)
            break;
        skip_newline_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        if (!process_line(line_, into))
            return false;
        line_.clear();
    }
    return line_.size() + data_.size() <= max_line;
}

bool sse_decoder::process_line(std::string_view line, std::vector<event>& into) {
    if (!begun_ && line.starts_with("\xEF\xBB\xBF"))
        line.remove_prefix(3);
    begun_ = true;
    if (line.empty())
        return dispatch(into);
    auto const colon = line.find(':');
    auto const field = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (field == "data") {
        if (has_data_)
            data_ += '\n';
        has_data_ = true;
        data_ += value;
    } else if (field == "event") {
        event_ = value;
    } else if (field == "id" && value.find('\0') == value.npos) {
        id_ = value;
    } else if (field == "retry") {
        if (auto const wait = parse_decimal(value); wait && *wait <= 3'600'000)
            retry_ = std::chrono::milliseconds(*wait);
    }
    return true;
}

bool sse_decoder::dispatch(std::vector<event>& into) {
    event out;
    if (id_)
        out.next = *id_;
    bool known = !out.next.empty();
    if (has_data_ && (event_.empty() || event_ == "message")) {
        if (!parse_message(data_, out.what.emplace<message>()))
            return false;
        known = true;
    } else if (has_data_ && event_ == "gap") {
        if (!parse_gap(data_, out.what.emplace<gap>()))
            return false;
        known = true;
    } else if (has_data_ && event_ == "superseded") {
        out.what = superseded{};
        known = true;
    }
    if (known)
        into.push_back(std::move(out));
    event_.clear();
    data_.clear();
    has_data_ = false;
    id_.reset();
    return true;
}

}  // namespace anteroom::client
