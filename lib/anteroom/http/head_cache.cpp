#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/request_parser.hpp>

#include <functional>
#include <utility>

namespace anteroom::http {

namespace {

constexpr std::string_view line_end = " HTTP/1.1\r\n";

// What no parser has a doubt about.
bool is_plain_target(std::string_view text) noexcept {
    // Without a way out of the loop, and in bytes, so that it is done by the dozen.
    unsigned char strange = 0;
    for (char const c : text)
        strange |= static_cast<unsigned char>(static_cast<unsigned char>(c - 0x21) > 0x7E - 0x21);
    return strange == 0;
}

}  // namespace

std::optional<head_cache::found> head_cache::find(std::string_view input) {
    if (!entries_.front())
        return std::nullopt;
    bool const get = input.starts_with("GET ");
    if (!get && !input.starts_with("POST "))
        return std::nullopt;
    auto const line = input.substr(0, input.find('\n') + 1);
    if (line.size() > max_request_line || !line.ends_with(line_end))
        return std::nullopt;
    std::size_t const begin = get ? 4 : 5;
    if (line.size() <= begin + line_end.size())
        return std::nullopt;
    auto const target = line.substr(begin, line.size() - begin - line_end.size());
    auto const rest = input.substr(line.size());
    for (std::size_t i = 0; i < capacity && entries_[i]; ++i) {
        if (!rest.starts_with(entries_[i]->bytes))
            continue;
        if (!is_plain_target(target))
            return std::nullopt;
        std::optional<found> out(std::in_place, entries_[i]);
        out->asked.method = get ? verb::get : verb::post;
        out->asked.method_text = line.substr(0, begin - 1);
        out->asked.target = target;
        out->head_size = line.size() + entries_[i]->bytes.size();
        if (i > 0)
            std::swap(entries_[i], entries_[i - 1]);
        return out;
    }
    return std::nullopt;
}

void head_cache::remember(std::string_view head, request_parser& from) {
    auto const& asked = from.get();
    bool const special = asked.version != 11 || from.is_chunked() || asked.get(header::expect) ||
                         asked.get(header::upgrade) || head.size() > max_bytes;
    auto const line = head.find("\r\n");
    if (special || line == head.npos)
        return;
    boost::intrusive_ptr<entry> made(new entry);
    made->bytes = head.substr(line + 2);
    made->body_size = from.length().value_or(0);
    made->keep_alive = from.keep_alive();
    auto const* const fields = head.data() + line + 2;
    std::less_equal<> const before_or_at;
    for (std::size_t i = 0; i < header_count; ++i) {
        auto const& value = asked.headers[i];
        if (!value)
            continue;
        // A list that came in several lines was put together elsewhere.
        if (!before_or_at(fields, value->data()) || !before_or_at(value->data(), head.data() + head.size()))
            return;
        made->parsed.headers[i] =
            std::string_view(made->bytes).substr(static_cast<std::size_t>(value->data() - fields), value->size());
    }
    made->parsed.header_id = ++last_id_;
    auto* place = entries_.begin();
    while (place != entries_.end() - 1 && *place)
        ++place;
    *place = std::move(made);
}

}  // namespace anteroom::http
