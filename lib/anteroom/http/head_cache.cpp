#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/request_parser.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace anteroom::http {

namespace {

constexpr std::string_view line_end = " HTTP/1.1\r\n";

// Whether a target consists of characters that every parser accepts: printable ASCII, without a space.
bool is_plain_target(std::string_view text) noexcept {
    // Eight bytes at a time; if the length is no multiple of eight, the last eight overlap. Tests each byte for being
    // above 0x7F, or getting there by adding the distance from DEL, or not getting there by adding the distance from
    // the first valid character.
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t high = ones * 0x80U;
    auto const strange = [](std::uint64_t piece) {
        auto const low = piece & ~high;
        return (piece | (low + ones * (0x80U - 0x7FU)) | ~(low + ones * (0x80U - 0x21U))) & high;
    };
    if (text.size() < sizeof(std::uint64_t))
        return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    std::uint64_t piece = 0;
    std::uint64_t any = 0;
    for (std::size_t at = 0; at < text.size(); at += sizeof piece) {
        std::memcpy(&piece, text.data() + std::min(at, text.size() - sizeof piece), sizeof piece);
        any |= strange(piece);
    }
    return any == 0;
}

}  // namespace

head_cache::found head_cache::find(std::string_view input) {
    if (!entries_.front())
        return {};
    bool const get = input.starts_with("GET ");
    if (!get && !input.starts_with("POST "))
        return {};
    auto const line = input.substr(0, input.find('\n') + 1);
    if (line.size() > max_request_line || !line.ends_with(line_end))
        return {};
    std::size_t const begin = get ? 4 : 5;
    if (line.size() <= begin + line_end.size())
        return {};
    auto const target = line.substr(begin, line.size() - begin - line_end.size());
    auto const rest = input.substr(line.size());
    for (std::size_t i = 0; i < capacity && entries_[i]; ++i) {
        auto const block = entries_[i]->block();
        if (!rest.starts_with(block))
            continue;
        if (!is_plain_target(target))
            return {};
        found out{entries_[i], get ? verb::get : verb::post, line.substr(0, begin - 1), target,
                  line.size() + block.size()};
        if (i > 0)
            std::swap(entries_[i], entries_[i - 1]);
        return out;
    }
    return {};
}

void head_cache::remember(request_parser& from) {
    auto const& asked = from.get();
    auto const& fields = from.fields();
    bool const special = asked.version != 11 || from.is_chunked() || asked.get(header::expect) ||
                         asked.get(header::upgrade) || fields->bytes.size() > max_bytes || !fields->joined.empty();
    if (special)
        return;
    // The fields are cached already; only the request line was left to the parser.
    if (std::any_of(entries_.begin(), entries_.end(),
                    [&](auto const& each) { return each && each->block() == fields->block(); }))
        return;
    fields->id = ++last_id_;
    auto* place = entries_.begin();
    while (place != entries_.end() - 1 && *place)
        ++place;
    *place = fields;
}

}  // namespace anteroom::http
