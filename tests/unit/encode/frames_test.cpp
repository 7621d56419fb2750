// The single encoding of a message, and each form that is a slice of it, byte by byte.
#include "messages.hpp"
#include <anteroom/encode/frames.hpp>
#include <anteroom/encode/json.hpp>
#include <anteroom/websocket/writer.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace anteroom;
using namespace anteroom::unit;
using namespace std::string_view_literals;

namespace {

memory_meter meter;

message_ptr say(std::string data, content kind = content::text) {
    return message_at({36, 42}, 1'790'000'000'123, draft{kind, std::move(data), ""}, meter);
}

// A message whose JSON object has this many bytes.
std::string data_for(std::size_t size) {
    return std::string(size - encode::make_json(*say("")).size(), 'x');
}

}  // namespace

TEST_CASE("each form is as its protocol specifies") {
    auto const one = say("hi");
    encode::frames const of(*one);
    constexpr std::string_view object = R"({"id":"10-42","time":1790000000123,"data":"hi"})";
    static_assert(object.size() == 0x2F);
    CHECK(of.json() == object);
    CHECK(of.json_rest() == object.substr(1));
    CHECK(of.line() == std::string(object) + "\n");
    CHECK(of.line_chunk_head() == "30\r\n");
    CHECK(of.websocket_head() == "\x81\x2F");
    CHECK(of.event() == "id: 10-42\ndata: " + std::string(object) + "\n\n");
    CHECK(of.event_chunk() == "41\r\nid: 10-42\ndata: " + std::string(object) + "\n\n\r\n");
    CHECK(encode::frames::chunk_end == "\r\n");
    // As sent: the chunk of a line.
    CHECK(std::string(of.line_chunk_head()).append(of.line()).append(encode::frames::chunk_end) ==
          "30\r\n" + std::string(object) + "\n\r\n");
}

TEST_CASE("forms include the name of the publisher, and JSON data unchanged") {
    auto const made_one = message_at({1, 1}, 5, draft{content::json, R"({"a":[1]})", "ann"}, meter);
    auto const& one = *made_one;
    encode::frames const of(one);
    CHECK(of.json() == R"({"id":"1-1","time":5,"from":"ann","data":{"a":[1]}})");
    CHECK(of.line() == std::string(of.json()) + "\n");
}

TEST_CASE("no form contains a line feed within a message") {
    auto const one = say("a\nb\r\nc\rd\n\ndata: e");
    encode::frames const of(*one);
    CHECK(of.json().find_first_of("\r\n") == std::string_view::npos);
    CHECK(of.event().find("\ndata: e") == std::string_view::npos);
}

TEST_CASE("a message is encoded once, and its bytes are counted") {
    auto const one = say("hi");
    auto const before = meter.used();
    encode::frames const of(*one);
    auto const after = meter.used();
    CHECK(after > before + 2 * of.json().size() / 2);
    encode::frames const again(*one);
    CHECK(again.json().data() == of.json().data());
    CHECK(meter.used() == after);
}

TEST_CASE("the forms are correct at every size at which a head grows") {
    // A WebSocket's head at 126 and 65536, a chunk's at powers of 16 (a line's is one longer than its object, an
    // event's more than that).
    for (std::size_t const around :
         {125U, 126U, 127U, 255U, 256U, 4095U, 4096U, 65534U, 65535U, 65536U, 65537U, 100'000U}) {
        for (std::size_t const size : {around - 20, around - 1, around, around + 1}) {
            CAPTURE(size);
            auto const one = say(data_for(size));
            encode::frames const of(*one);
            REQUIRE(of.json().size() == size);
            REQUIRE(of.json() == encode::make_json(*one));
            std::string head;
            websocket::append_frame_head(head, websocket::opcode::text, size);
            REQUIRE(of.websocket_head() == head);
            std::string chunk;
            encode::append_chunk_head(chunk, size + 1);
            REQUIRE(of.line_chunk_head() == chunk);
            REQUIRE(of.line() == std::string(of.json()) + "\n");
            auto const event = "id: 10-42\ndata: " + std::string(of.json()) + "\n\n";
            REQUIRE(of.event() == event);
            chunk.clear();
            encode::append_chunk_head(chunk, event.size());
            REQUIRE(of.event_chunk() == chunk + event + "\r\n");
        }
    }
}

TEST_CASE("offsets are correct with the longest cursor and a long message") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    auto const made_one = message_at({most, most}, std::numeric_limits<std::int64_t>::max(),
                                     draft{content::text, std::string(2'000'000, 'x'), ""}, meter);
    auto const& one = *made_one;
    encode::frames const of(one);
    CHECK(of.json().starts_with(R"({"id":"3w5e11264sgsf-18446744073709551615","time":9223372036854775807,"data":"xx)"));
    CHECK(of.json().ends_with(R"(xx"})"));
    CHECK(of.event().starts_with("id: 3w5e11264sgsf-18446744073709551615\ndata: {"));
    CHECK(of.event().ends_with("}\n\n"));
    CHECK(of.event_chunk().ends_with("}\n\n\r\n"));
    CHECK(of.websocket_head().size() == 10);
}

TEST_CASE("the head of a chunk") {
    struct row {
        std::size_t size;
        std::string_view head;
    };
    static constexpr row rows[] = {
        {1, "1\r\n"},
        {15, "f\r\n"},
        {16, "10\r\n"},
        {500, "1f4\r\n"},
        {65535, "ffff\r\n"},
        {65536, "10000\r\n"},
        {std::numeric_limits<std::size_t>::max(), "ffffffffffffffff\r\n"},
    };
    for (auto const& [size, head] : rows) {
        std::string out = "x";
        encode::append_chunk_head(out, size);
        CHECK(out == "x" + std::string(head));
    }
}

TEST_CASE("the head of a frame") {
    using websocket::opcode;
    struct row {
        opcode kind;
        std::size_t size;
        bool compressed;
        std::string_view head;
    };
    static constexpr row rows[] = {
        {opcode::text, 0, false, "\x81\0"sv},
        {opcode::text, 1, false, "\x81\x01"sv},
        {opcode::text, 125, false, "\x81\x7D"sv},
        {opcode::text, 126, false, "\x81\x7E\0\x7E"sv},
        {opcode::text, 255, false, "\x81\x7E\0\xFF"sv},
        {opcode::text, 256, false, "\x81\x7E\x01\0"sv},
        {opcode::text, 65535, false, "\x81\x7E\xFF\xFF"sv},
        {opcode::text, 65536, false, "\x81\x7F\0\0\0\0\0\x01\0\0"sv},
        {opcode::text, 0x0102030405060708, false, "\x81\x7F\x01\x02\x03\x04\x05\x06\x07\x08"sv},
        {opcode::text, 5, true, "\xC1\x05"sv},
        {opcode::text, 126, true, "\xC1\x7E\0\x7E"sv},
        {opcode::close, 2, false, "\x88\x02"sv},
        {opcode::ping, 0, false, "\x89\0"sv},
        {opcode::pong, 125, false, "\x8A\x7D"sv},
    };
    for (auto const& [kind, size, compressed, head] : rows) {
        CAPTURE(size);
        std::string out = "x";
        websocket::append_frame_head(out, kind, size, compressed);
        CHECK(out == "x" + std::string(head));
    }
}
