// Compressed bodies: which coding a field names, and each check of gzip (RFC 1952) and zlib (RFC 1950).
#include <anteroom/base/checksum.hpp>
#include <anteroom/http/content_coding.hpp>

#include <catch2/catch_test_macros.hpp>

#include <charconv>
#include <string>

using namespace anteroom;
using namespace anteroom::http;
using state = decoded_body::state;

namespace {

std::string bytes(std::string_view hex) {
    std::string out;
    for (; !hex.empty(); hex.remove_prefix(2)) {
        unsigned value = 0;
        std::from_chars(hex.data(), hex.data() + 2, value, 16);
        out += static_cast<char>(value);
    }
    return out;
}

// `hello`, as zlib's own library compresses it.
std::string const raw = bytes("cb48cdc9c90700");
std::string const zipped = bytes("1f8b0800000000000203") + raw + bytes("86a6103605000000");
std::string const wrapped = bytes("789c") + raw + bytes("062c0215");
// With an extra field, a name, a comment, and the checksum of its header.
std::string const adorned =
    bytes("1f8b081e0000000000030400414243446e616d6500636f6d6d656e74002347") + raw + bytes("86a6103605000000");
// 100,000 times `x`, in 132 bytes.
std::string const bomb = bytes("1f8b0800000000000203edc13101000000c2a0da8b6f0d0fa0") + std::string(96, '\0') +
                         bytes("805703711107fea0860100");

std::string text_of(content_coding coding, std::string_view body, std::size_t most = 1000) {
    auto const got = decode_body(coding, body, most);
    return got.is == state::whole ? got.text : got.is == state::too_big ? "too big" : "broken";
}

// A text with one byte that differs.
std::string with_wrong(std::string text, std::size_t at) {
    text[at] = static_cast<char>(text[at] ^ 0x01);
    return text;
}

}  // namespace

TEST_CASE("the checksums of their specifications") {
    CHECK(crc32("") == 0);
    CHECK(crc32("a") == 0xE8B7BE43U);
    CHECK(crc32("123456789") == 0xCBF43926U);
    CHECK(crc32(std::string(32, '\0')) == 0x190A55ADU);
    CHECK(adler32("") == 1);
    CHECK(adler32("Wikipedia") == 0x11E60398U);
    CHECK(adler32(std::string(100'000, '\xFF')) == 0x149A302CU);
}

TEST_CASE("which coding a field names") {
    struct row {
        std::optional<std::string_view> field;
        content_coding coding;
    };
    static constexpr row rows[] = {
        {std::nullopt, content_coding::identity},
        {"", content_coding::identity},
        {"identity", content_coding::identity},
        {"gzip", content_coding::gzip},
        {"GZIP", content_coding::gzip},
        {"x-gzip", content_coding::gzip},
        {"identity, gzip", content_coding::gzip},
        {"deflate", content_coding::deflate},
        {"br", content_coding::other},
        {"zstd", content_coding::other},
        {"compress", content_coding::other},
        {"gzip, gzip", content_coding::other},
        {"gzip, deflate", content_coding::other},
        {"br, gzip", content_coding::other},
        {"gzip;q=1", content_coding::other},
    };
    for (auto const& [field, coding] : rows) {
        CAPTURE(field.value_or("none"));
        CHECK(content_coding_of(field) == coding);
    }
}

TEST_CASE("bodies that are whole") {
    CHECK(text_of(content_coding::gzip, zipped) == "hello");
    CHECK(text_of(content_coding::gzip, adorned) == "hello");
    CHECK(text_of(content_coding::deflate, wrapped) == "hello");
    CHECK(text_of(content_coding::deflate, raw) == "hello");
    // A file of several members is their texts together.
    CHECK(text_of(content_coding::gzip, zipped + adorned + zipped) == "hellohellohello");
    CHECK(text_of(content_coding::gzip, bomb, 100'000) == std::string(100'000, 'x'));
}

TEST_CASE("bodies that are longer than may be, and no more of them is unpacked") {
    CHECK(text_of(content_coding::gzip, zipped, 5) == "hello");
    CHECK(text_of(content_coding::gzip, zipped, 4) == "too big");
    CHECK(text_of(content_coding::deflate, wrapped, 4) == "too big");
    CHECK(text_of(content_coding::deflate, raw, 0) == "too big");
    CHECK(text_of(content_coding::gzip, zipped + zipped, 9) == "too big");
    CHECK(text_of(content_coding::gzip, bomb, 99'999) == "too big");
}

TEST_CASE("bodies that are damaged or cut off") {
    CHECK(text_of(content_coding::gzip, "") == "broken");
    CHECK(text_of(content_coding::deflate, "") == "broken");
    CHECK(text_of(content_coding::gzip, "hello") == "broken");
    CHECK(text_of(content_coding::deflate, "hello") == "broken");
    CHECK(text_of(content_coding::gzip, wrapped) == "broken");
    CHECK(text_of(content_coding::deflate, zipped) == "broken");
    for (std::size_t size = 0; size < adorned.size(); ++size) {
        CAPTURE(size);
        CHECK(text_of(content_coding::gzip, std::string_view(adorned).substr(0, size)) == "broken");
    }
    for (std::size_t size = 0; size < wrapped.size(); ++size) {
        CAPTURE(size);
        CHECK(text_of(content_coding::deflate, std::string_view(wrapped).substr(0, size)) == "broken");
    }
    // The header's checksum, the text's, and its length.
    CHECK(text_of(content_coding::gzip, with_wrong(adorned, 16)) == "broken");
    CHECK(text_of(content_coding::gzip, with_wrong(adorned, adorned.size() - 8)) == "broken");
    CHECK(text_of(content_coding::gzip, with_wrong(adorned, adorned.size() - 4)) == "broken");
    CHECK(text_of(content_coding::deflate, with_wrong(wrapped, wrapped.size() - 1)) == "broken");
    // Another method; a flag that is reserved; a preset dictionary.
    CHECK(text_of(content_coding::gzip, with_wrong(zipped, 2)) == "broken");
    CHECK(text_of(content_coding::gzip, bytes("1f8b0820000000000203") + zipped.substr(10)) == "broken");
    CHECK(text_of(content_coding::deflate, bytes("78bb") + wrapped.substr(2)) == "broken");
    // Nothing may follow the end.
    CHECK(text_of(content_coding::gzip, zipped + "x") == "broken");
    CHECK(text_of(content_coding::deflate, wrapped + "x") == "broken");
    CHECK(text_of(content_coding::deflate, raw + "x") == "broken");
}

TEST_CASE("a file of very many members is refused") {
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += zipped;
    CHECK(text_of(content_coding::gzip, many).size() == 320);
    CHECK(text_of(content_coding::gzip, many + zipped) == "broken");
}
