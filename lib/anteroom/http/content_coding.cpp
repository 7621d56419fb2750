#include <anteroom/base/checksum.hpp>
#include <anteroom/base/inflater.hpp>
#include <anteroom/base/text.hpp>
#include <anteroom/http/content_coding.hpp>

#include <cstdint>

namespace anteroom::http {

namespace {

using decoding = decoded_body::state;

// A gzip file is a list of members, of which nearly all have one. Each costs a stream of its own.
constexpr int max_members = 64;

constexpr std::uint32_t byte_at(std::string_view bytes, std::size_t i) noexcept {
    return static_cast<unsigned char>(bytes[i]);
}

// A number of 2 or 4 bytes, the lowest first, and past it; nullopt if there are fewer.
std::optional<std::uint32_t> take_number(std::string_view& from, std::size_t bytes) noexcept {
    if (from.size() < bytes)
        return std::nullopt;
    std::uint32_t out = 0;
    for (std::size_t i = bytes; i > 0; --i)
        out = out << 8U | byte_at(from, i - 1);
    from.remove_prefix(bytes);
    return out;
}

bool skip(std::string_view& from, std::size_t bytes) noexcept {
    if (from.size() < bytes)
        return false;
    from.remove_prefix(bytes);
    return true;
}

bool skip_text(std::string_view& from) noexcept {
    auto const end = from.find('\0');
    return end != from.npos && skip(from, end + 1);
}

// Passes the header of a member (RFC 1952, 2.3).
bool skip_header(std::string_view& from) noexcept {
    enum : std::uint32_t { has_crc = 2, has_extra = 4, has_name = 8, has_comment = 16, reserved = 0xE0 };
    constexpr std::string_view magic = "\x1F\x8B\x08";
    auto const whole = from;
    if (whole.size() < 10 || !whole.starts_with(magic))
        return false;
    auto const flags = byte_at(whole, magic.size());
    from.remove_prefix(10);
    if ((flags & reserved) != 0)
        return false;
    if ((flags & has_extra) != 0) {
        auto const size = take_number(from, 2);
        if (!size || !skip(from, *size))
            return false;
    }
    if (((flags & has_name) != 0 && !skip_text(from)) || ((flags & has_comment) != 0 && !skip_text(from)))
        return false;
    auto const sum = crc32(whole.substr(0, whole.size() - from.size())) & 0xFFFFU;
    return (flags & has_crc) == 0 || take_number(from, 2) == sum;
}

// Passes a stream of DEFLATE, and appends its text.
decoding take_stream(std::string_view& from, std::string& out, std::size_t most) {
    inflater unpacker;
    auto const done = unpacker.write(from, out, most);
    from.remove_prefix(unpacker.used());
    if (done == inflater::result::too_big)
        return decoding::too_big;
    return done == inflater::result::ended ? decoding::whole : decoding::broken;
}

decoding gunzip(std::string_view body, std::string& out, std::size_t most) {
    for (int members = 0; !body.empty() || members == 0; ++members) {
        auto const begin = out.size();
        if (members == max_members || !skip_header(body))
            return decoding::broken;
        if (auto const done = take_stream(body, out, most); done != decoding::whole)
            return done;
        auto const text = std::string_view(out).substr(begin);
        auto const sum = take_number(body, 4);
        auto const size = take_number(body, 4);
        if (sum != crc32(text) || size != static_cast<std::uint32_t>(text.size()))
            return decoding::broken;
    }
    return decoding::whole;
}

// RFC 1950, 2.2: the method and the window, checked by a multiple of 31, without a preset dictionary.
bool has_zlib_header(std::string_view body) noexcept {
    return body.size() >= 2 && (byte_at(body, 0) & 0x0FU) == 8 && byte_at(body, 0) >> 4U <= 7 &&
           (byte_at(body, 0) << 8U | byte_at(body, 1)) % 31 == 0 && (byte_at(body, 1) & 0x20U) == 0;
}

decoding unpack_deflate(std::string_view body, std::string& out, std::size_t most) {
    bool const wrapped = has_zlib_header(body);
    if (wrapped)
        body.remove_prefix(2);
    auto const done = take_stream(body, out, most);
    if (done != decoding::whole || !wrapped)
        return done == decoding::whole && !body.empty() ? decoding::broken : done;
    if (body.size() != 4)
        return decoding::broken;
    // Here the highest byte is the first.
    auto const sum = byte_at(body, 0) << 24U | byte_at(body, 1) << 16U | byte_at(body, 2) << 8U | byte_at(body, 3);
    return sum == adler32(out) ? decoding::whole : decoding::broken;
}

}  // namespace

content_coding content_coding_of(std::optional<std::string_view> field) noexcept {
    auto out = content_coding::identity;
    for_each_element(field.value_or(""), [&](std::string_view name) {
        if (iequals(name, "identity"))
            return;
        bool const first = out == content_coding::identity;
        bool const gzip = iequals(name, "gzip") || iequals(name, "x-gzip");
        out = first && gzip                       ? content_coding::gzip
              : first && iequals(name, "deflate") ? content_coding::deflate
                                                  : content_coding::other;
    });
    return out;
}

decoded_body decode_body(content_coding coding, std::string_view body, std::size_t most) {
    decoded_body out;
    if (coding == content_coding::gzip)
        out.is = gunzip(body, out.text, most);
    else if (coding == content_coding::deflate)
        out.is = unpack_deflate(body, out.text, most);
    if (out.is != decoding::whole)
        out.text.clear();
    return out;
}

}  // namespace anteroom::http
