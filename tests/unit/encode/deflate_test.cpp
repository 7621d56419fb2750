// A message as a compressed frame: it inflates to the message, and stays uncompressed if compression would not shorten
// it.
#include "messages.hpp"
#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>
#include <anteroom/websocket/inflate.hpp>
#include <anteroom/websocket/reader.hpp>
#include <anteroom/websocket/writer.hpp>

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace anteroom;
using namespace anteroom::unit;

namespace {

std::string random_text(std::size_t size, unsigned letters, unsigned seed) {
    std::mt19937 random(seed);
    std::string out;
    while (out.size() < size)
        out += static_cast<char>(' ' + random() % letters);
    return out;
}

// As a client sends it: masked, here with zeros.
std::string masked(std::string_view frame) {
    auto const length = static_cast<unsigned char>(frame[1]);
    std::size_t const head = length == 127 ? 10 : length == 126 ? 4 : 2;
    std::string out(frame.substr(0, head));
    out[1] = static_cast<char>(length | 0x80U);
    out.append(4, '\0');
    return out.append(frame.substr(head));
}

}  // namespace

TEST_CASE("a compressed frame inflates to the message") {
    memory_meter meter;
    for (std::size_t const size : {0U, 1U, 10U, 20U, 40U, 100U, 300U, 5000U, 66'000U, 300'000U}) {
        for (unsigned const letters : {1U, 3U, 60U, 94U}) {
            CAPTURE(size, letters);
            auto const made_one =
                message_at({36, 42}, 5, draft{content::text, random_text(size, letters, 1), "ann"}, meter);
            auto const& one = *made_one;
            auto const json = encode::frames(one).json();
            auto const frame = encode::deflated_frame(one);
            bool const compressed = (static_cast<unsigned char>(frame[0]) & 0x40U) != 0;
            CHECK(frame.size() <= json.size() + 10);
            if (size >= 300 && letters <= 60)
                CHECK(compressed);
            websocket::reader reader(1'000'000, true);
            auto const sent = masked(frame);
            std::string_view input = sent;
            REQUIRE(reader.read(input) == websocket::reader::event::text);
            CHECK(reader.payload() == json);
            CHECK(input.empty());
        }
    }
}

TEST_CASE("a short message is not compressed") {
    memory_meter meter;
    auto const made_one = message_at({1, 1}, 5, draft{content::text, "hello", ""}, meter);
    auto const& one = *made_one;
    encode::frames const of(one);
    CHECK(encode::deflated_frame(one) == std::string(of.websocket_head()).append(of.json()));
}

TEST_CASE("a compressed frame is encoded once, and its bytes are counted") {
    memory_meter meter;
    auto const made_one = message_at({1, 1}, 5, draft{content::text, std::string(1000, 'x'), ""}, meter);
    auto const& one = *made_one;
    auto const frame = encode::deflated_frame(one);
    CHECK(frame.size() < 100);
    auto const used = meter.used();
    CHECK(encode::deflated_frame(one).data() == frame.data());
    CHECK(meter.used() == used);
}

TEST_CASE("inflating stops at the size limit") {
    memory_meter meter;
    auto const made_one = message_at({1, 1}, 5, draft{content::text, std::string(1'000'000, 'x'), ""}, meter);
    auto const& one = *made_one;
    auto const json = encode::frames(one).json();
    auto const frame = encode::deflated_frame(one);
    auto const packed = frame.substr(static_cast<unsigned char>(frame[1]) == 126 ? 4 : 10);
    for (std::size_t const most : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, json.size() - 1}) {
        CAPTURE(most);
        CHECK(websocket::inflate(packed, most).too_big);
        CHECK(websocket::inflate(packed, most).text.size() <= most + 1);
    }
    for (auto const most : {json.size(), json.size() + 1, 2 * json.size()}) {
        CAPTURE(most);
        auto const got = websocket::inflate(packed, most);
        CHECK_FALSE(got.too_big);
        CHECK_FALSE(got.broken);
        CHECK(got.text == json);
    }
}

TEST_CASE("the size limit also holds for a block that is marked as the last") {
    // `hello` in a stored block marked as the last (RFC 1951, 3.2.4).
    std::string const packed("\x01\x05\x00\xFA\xFFhello", 10);
    CHECK(websocket::inflate(packed, 5).text == "hello");
    CHECK_FALSE(websocket::inflate(packed, 5).too_big);
    CHECK(websocket::inflate(packed, 4).too_big);
    CHECK(websocket::inflate(packed, 3).too_big);
}

TEST_CASE("data that is not compressed does not inflate") {
    for (std::string_view const packed : {"\xFF\xFF\xFF\xFF\xFF", "\x07", "{\"data\":\"hello\"}"}) {
        CAPTURE(packed);
        CHECK(websocket::inflate(packed, 1000).broken);
    }
    CHECK(websocket::inflate({}, 1000).text.empty());
    CHECK_FALSE(websocket::inflate({}, 1000).broken);
    // RFC 7692, 7.2.3.6: an empty message.
    CHECK(websocket::inflate({"\0", 1}, 1000).text.empty());
    CHECK_FALSE(websocket::inflate({"\0", 1}, 1000).broken);
    // The RFC's own `Hello`, 7.2.3.1.
    CHECK(websocket::inflate({"\xF2\x48\xCD\xC9\xC9\x07\x00", 7}, 1000).text == "Hello");
}
