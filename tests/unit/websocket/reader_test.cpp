// Parsing what a WebSocket client sends: whole messages from frames, and the right close code for every error.
#include "websocket/client_frames.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;
using namespace anteroom::unit;
using namespace std::string_literals;
using websocket::reader;
using list = std::vector<std::string>;

namespace {

constexpr std::size_t most = 1000;

struct row {
    std::string name;
    std::string input;
    list events;
};

// In one piece, byte by byte, and split in two at every position.
void check(std::vector<row> const& rows, bool deflate = false) {
    for (auto const& [name, input, events] : rows) {
        CAPTURE(name);
        {
            reader reader(most, deflate);
            CHECK(told(reader, input) == events);
        }
        {
            reader reader(most, deflate);
            CHECK(told_byte_by_byte(reader, input) == events);
        }
        for (std::size_t cut = 1; cut < std::min<std::size_t>(input.size(), 40); ++cut) {
            reader reader(most, deflate);
            auto got = told(reader, std::string_view(input).substr(0, cut));
            if (got.empty() || !(got.back().starts_with("error") || got.back().starts_with("closed"))) {
                for (auto& each : told(reader, std::string_view(input).substr(cut)))
                    got.push_back(std::move(each));
            }
            REQUIRE(got == events);
        }
    }
}

}  // namespace

TEST_CASE("messages are read") {
    check({
        {"a text", whole(op::text, "hello"), {"text hello"}},
        {"an empty text", whole(op::text, ""), {"text "}},
        {"two", whole(op::text, "a") + whole(op::text, "b"), {"text a", "text b"}},
        {"of 125 bytes", whole(op::text, std::string(125, 'x')), {"text " + std::string(125, 'x')}},
        {"of 126 bytes", whole(op::text, std::string(126, 'x')), {"text " + std::string(126, 'x')}},
        {"as long as may be", whole(op::text, std::string(most, 'x')), {"text " + std::string(most, 'x')}},
        {"with a mask of zeros", frame(op::final | op::text, "hi", length_form::shortest, "\0\0\0\0"s), {"text hi"}},
        {"UTF-8", whole(op::text, "h\xC3\xA9 \xF0\x9F\x98\x80"), {"text h\xC3\xA9 \xF0\x9F\x98\x80"}},
        {"a ping", whole(op::ping, "x"), {"ping x"}},
        {"an empty ping", whole(op::ping, ""), {"ping "}},
        {"a ping of 125 bytes", whole(op::ping, std::string(125, 'x')), {"ping " + std::string(125, 'x')}},
        {"a ping of bytes that are no text", whole(op::ping, "\xFF\0"s), {"ping \xFF\0"s}},
        {"a pong that nobody asked for", whole(op::pong, "y"), {"pong y"}},
    });
}

TEST_CASE("fragments are joined, and control frames may come between them") {
    check({
        {"two", frame(op::text, "hel") + whole(op::continuation, "lo"), {"text hello"}},
        {"many",
         frame(op::text, "a") + frame(op::continuation, "b") + frame(op::continuation, "c") +
             whole(op::continuation, "d") + whole(op::text, "e"),
         {"text abcd", "text e"}},
        {"empty ones", frame(op::text, "") + frame(op::continuation, "") + whole(op::continuation, ""), {"text "}},
        {"an empty end", frame(op::text, "a") + whole(op::continuation, ""), {"text a"}},
        {"a ping between",
         frame(op::text, "a") + whole(op::ping, "p") + whole(op::continuation, "b"),
         {"ping p", "text ab"}},
        {"pings and pongs between",
         frame(op::text, "a") + whole(op::ping, "1") + frame(op::continuation, "b") + whole(op::pong, "2") +
             whole(op::ping, "") + whole(op::continuation, "c"),
         {"ping 1", "pong 2", "ping ", "text abc"}},
        {"a character cut in two", frame(op::text, "\xC3") + whole(op::continuation, "\xA9"), {"text \xC3\xA9"}},
        {"a close between", frame(op::text, "a") + close_frame(1000), {"closed 1000 "}},
        {"a new text between", frame(op::text, "a") + whole(op::text, "b"), {"error 1002"}},
        {"a new binary between", frame(op::text, "a") + whole(op::binary, "b"), {"error 1002"}},
        {"a continuation of nothing", whole(op::continuation, "a"), {"error 1002"}},
        {"a continuation of nothing, to be continued", frame(op::continuation, "a"), {"error 1002"}},
        {"a continuation after the end", whole(op::text, "a") + whole(op::continuation, "b"), {"text a", "error 1002"}},
        {"a fragmented ping", frame(op::ping, "a"), {"error 1002"}},
        {"a fragmented close", frame(op::close, ""), {"error 1002"}},
    });
}

TEST_CASE("messages that are not text are rejected") {
    check({
        {"bad UTF-8", whole(op::text, "\xC3("), {"error 1007"}},
        {"a surrogate", whole(op::text, "\xED\xA0\x80"), {"error 1007"}},
        {"an overlong form", whole(op::text, "\xC0\xAF"), {"error 1007"}},
        {"beyond the last character", whole(op::text, "\xF4\x90\x80\x80"), {"error 1007"}},
        {"half a character", whole(op::text, "\xE2\x82"), {"error 1007"}},
        {"bad UTF-8 in fragments", frame(op::text, "\xC3") + whole(op::continuation, "("), {"error 1007"}},
        {"a binary message", whole(op::binary, "a"), {"error 1003"}},
        {"an empty binary message", whole(op::binary, ""), {"error 1003"}},
        {"a binary message to be continued", frame(op::binary, "a"), {"error 1003"}},
    });
}

TEST_CASE("text that cannot become valid is rejected with the byte that says so") {
    struct {
        std::string_view text;  // its last byte is the wrong one
    } const rows[] = {{"\xFF"},         {"\xC3("},    {"abcdefghijk\xE0\x9F"},
                      {"\xED\xA0"},     {"\xF4\x90"}, {"\xE2\x82\xAC\xBF"},
                      {"\xF0\x9F\x98("}};
    for (auto const& [text] : rows) {
        CAPTURE(text);
        // The frame announces more than comes.
        auto const one = frame(op::text, std::string(text) + "more");
        auto const two =
            frame(op::text, text.substr(0, 1)) + frame(op::continuation, std::string(text.substr(1)) + "more");
        for (auto const& sent : {one.substr(0, one.size() - 4), two.substr(0, two.size() - 4)}) {
            if (text.size() == 1 && sent != one.substr(0, one.size() - 4))
                continue;
            websocket::reader whole_at_once(most, false);
            CHECK(told(whole_at_once, sent) == list{"error 1007"});
            websocket::reader slow(most, false);
            CHECK(told_byte_by_byte(slow, std::string_view(sent).substr(0, sent.size() - 1)).empty());
            CHECK(told_byte_by_byte(slow, std::string_view(sent).substr(sent.size() - 1)) == list{"error 1007"});
        }
    }
}

TEST_CASE("messages that are too long are rejected, before they are read if the frame gives the length") {
    auto const long_text = whole(op::text, std::string(most + 1, 'x'));
    check({
        {"a message", long_text, {"error 1009"}},
        {"its head alone", long_text.substr(0, 8), {"error 1009"}},
        {"fragments", frame(op::text, std::string(most, 'x')) + whole(op::continuation, "x"), {"error 1009"}},
        {"fragments, the first too long", frame(op::text, std::string(most + 1, 'x')), {"error 1009"}},
        {"fragments that fit",
         frame(op::text, std::string(most - 1, 'x')) + whole(op::continuation, "x"),
         {"text " + std::string(most, 'x')}},
        {"of 65536 bytes", whole(op::text, std::string(65536, 'x')), {"error 1009"}},
        {"longer than anything", "\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0"s, {"error 1009"}},
        {"of more than 63 bits", "\x81\xFF\x80\0\0\0\0\x01\0\0\0\0\0\0"s, {"error 1002"}},
        {"a ping of 126 bytes", whole(op::ping, std::string(126, 'x')), {"error 1002"}},
        {"a close of 126 bytes", whole(op::close, "\x03\xE8" + std::string(124, 'x')), {"error 1002"}},
    });
}

TEST_CASE("frames that violate the protocol are rejected") {
    std::vector<row> rows = {
        {"no mask", "\x81\x05hello", {"error 1002"}},
        {"no mask, told by its first two bytes", "\x81\x05", {"error 1002"}},
        {"no mask on a ping", "\x89\0"s, {"error 1002"}},
        {"5 bytes, written in two", frame(op::final | op::text, "hello", length_form::two_bytes), {"error 1002"}},
        {"125 bytes, written in two",
         frame(op::final | op::text, std::string(125, 'x'), length_form::two_bytes),
         {"error 1002"}},
        {"5 bytes, written in eight", frame(op::final | op::text, "hello", length_form::eight_bytes), {"error 1002"}},
        {"126 bytes, written in eight",
         frame(op::final | op::text, std::string(126, 'x'), length_form::eight_bytes),
         {"error 1002"}},
        {"65535 bytes, written in eight",
         frame(op::final | op::text, std::string(65535, 'x'), length_form::eight_bytes),
         {"error 1002"}},
        {"a ping, written in two", frame(op::final | op::ping, "x", length_form::two_bytes), {"error 1002"}},
    };
    for (unsigned const bit : {op::rsv1, op::rsv2, op::rsv3, op::rsv1 | op::rsv2 | op::rsv3}) {
        for (unsigned const opcode : {op::text, op::binary, op::ping, op::close})
            rows.push_back({"reserved bits", frame(op::final | bit | opcode, ""), {"error 1002"}});
    }
    for (unsigned const opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
        rows.push_back({"a reserved opcode", whole(opcode, ""), {"error 1002"}});
        rows.push_back({"a reserved opcode with a payload", whole(opcode, "abc"), {"error 1002"}});
        rows.push_back({"one in the middle", frame(op::text, "a") + whole(opcode, ""), {"error 1002"}});
    }
    check(rows);
}

TEST_CASE("a close frame has a valid code, and a reason that is text") {
    std::vector<row> rows = {
        {"no code", whole(op::close, ""), {"closed none "}},
        {"a code", close_frame(1000), {"closed 1000 "}},
        {"a code and a reason", close_frame(1000, "bye"), {"closed 1000 bye"}},
        {"the longest reason", close_frame(1000, std::string(123, 'x')), {"closed 1000 " + std::string(123, 'x')}},
        {"one byte", whole(op::close, "\x03"), {"error 1002"}},
        {"a reason that is no text", close_frame(1000, "\xFF"), {"error 1007"}},
        {"what comes behind is not read", close_frame(1001) + whole(op::text, "a"), {"closed 1001 "}},
    };
    for (unsigned const code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U, 1013U, 1014U,
                                3000U, 3999U, 4000U, 4001U, 4999U})
        rows.push_back(
            {"a code of " + std::to_string(code), close_frame(code), {"closed " + std::to_string(code) + " "}});
    for (unsigned const code : {0U, 1U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U})
        rows.push_back({"a code of " + std::to_string(code), close_frame(code), {"error 1002"}});
    check(rows);
}

TEST_CASE("compressed messages, if compression was negotiated") {
    // RFC 7692, 7.2.3: its examples of `Hello`.
    std::string const hello = "\xF2\x48\xCD\xC9\xC9\x07\x00"s;
    check(
        {
            {"whole", frame(op::final | op::rsv1 | op::text, hello), {"text Hello"}},
            {"in fragments",
             frame(op::rsv1 | op::text, hello.substr(0, 3)) + whole(op::continuation, hello.substr(3)),
             {"text Hello"}},
            {"with a ping between",
             frame(op::rsv1 | op::text, hello.substr(0, 1)) + whole(op::ping, "p") +
                 frame(op::continuation, hello.substr(1, 1)) + whole(op::continuation, hello.substr(2)),
             {"ping p", "text Hello"}},
            {"in a stored block", frame(op::final | op::rsv1 | op::text, "\0\x05\0\xFA\xFFHello\0"s), {"text Hello"}},
            {"in a last block",
             frame(op::final | op::rsv1 | op::text, "\xF3\x48\xCD\xC9\xC9\x07\x00\x00"s),
             {"text Hello"}},
            {"empty", frame(op::final | op::rsv1 | op::text, "\0"s), {"text "}},
            {"then one that is not",
             frame(op::final | op::rsv1 | op::text, hello) + whole(op::text, "plain"),
             {"text Hello", "text plain"}},
            {"one that is not compressed", whole(op::text, "plain"), {"text plain"}},
            {"broken", frame(op::final | op::rsv1 | op::text, "\xFF\xFF\xFF\xFF"), {"error 1007"}},
            {"not UTF-8", frame(op::final | op::rsv1 | op::text, "\0\x01\0\xFE\xFF\xFF\0"s), {"error 1007"}},
            {"not UTF-8, and not whole yet", frame(op::rsv1 | op::text, "\0\x01\0\xFE\xFF\xFF"s), {"error 1007"}},
            {"broken, and not whole yet", frame(op::rsv1 | op::text, "\xFF\xFF\xFF\xFF"), {"error 1007"}},
            {"more behind its last block",
             frame(op::final | op::rsv1 | op::text, "\xF3\x48\xCD\xC9\xC9\x07\x00\x00garbage"s),
             {"error 1007"}},
            {"half a character", frame(op::final | op::rsv1 | op::text, "\0\x01\0\xFE\xFF\xC3\0"s), {"error 1007"}},
            {"the bit on a continuation",
             frame(op::rsv1 | op::text, hello.substr(0, 3)) +
                 frame(op::final | op::rsv1 | op::continuation, hello.substr(3)),
             {"error 1002"}},
            {"the bit on a ping", frame(op::final | op::rsv1 | op::ping, ""), {"error 1002"}},
            {"another bit", frame(op::final | op::rsv2 | op::text, hello), {"error 1002"}},
            {"both bits", frame(op::final | op::rsv1 | op::rsv2 | op::text, hello), {"error 1002"}},
            {"binary", frame(op::final | op::rsv1 | op::binary, hello), {"error 1003"}},
        },
        true);
}

TEST_CASE("a compressed message that is too long when decompressed is rejected") {
    // A run of 'x' (fixed codes, RFC 1951, 3.2.6): the literal, then copies of 258 bytes from one byte back.
    std::string bits;
    auto const add = [&](unsigned code, unsigned length) {  // Huffman codes begin with their most significant bit
        while (length-- > 0)
            bits += (code >> length & 1U) != 0 ? '1' : '0';
    };
    bits = "010";  // not the last block; fixed codes (01, lowest bit first)
    add(0x30 + 'x', 8);
    for (int i = 0; i < 4; ++i) {
        add(0xC0 + 285 - 280, 8);
        add(0, 5);
    }
    add(0, 7);  // the block's end
    bits += "000";
    std::string packed;
    for (std::size_t i = 0; i < bits.size(); i += 8) {
        unsigned byte = 0;
        for (std::size_t bit = 0; bit < 8 && i + bit < bits.size(); ++bit)
            byte |= (bits[i + bit] == '1' ? 1U : 0U) << bit;
        packed += static_cast<char>(byte);
    }
    auto const sent = frame(op::final | op::rsv1 | op::text, packed);
    constexpr std::size_t size = 1 + 4 * 258;
    for (std::size_t const limit : {packed.size(), std::size_t{100}, size - 1}) {
        CAPTURE(limit);
        reader reader(limit, true);
        CHECK(told(reader, sent) == list{"error 1009"});
    }
    reader reader(size, true);
    CHECK(told(reader, sent) == list{"text " + std::string(size, 'x')});
}

TEST_CASE("a reader knows whether a message is incomplete") {
    reader reader(most, false);
    CHECK_FALSE(reader.in_message());
    CHECK(told(reader, frame(op::text, "a")).empty());
    CHECK(reader.in_message());
    CHECK(told(reader, whole(op::ping, "")) == list{"ping "});
    CHECK(reader.in_message());
    CHECK(told(reader, whole(op::continuation, "b")) == list{"text ab"});
    CHECK_FALSE(reader.in_message());
    auto const ping = whole(op::ping, "abc");
    for (std::size_t i = 1; i < ping.size(); ++i) {
        CAPTURE(i);
        CHECK(told(reader, std::string_view(ping).substr(i - 1, 1)).empty());
        CHECK(reader.in_message());
    }
    CHECK(told(reader, std::string_view(ping).substr(ping.size() - 1)) == list{"ping abc"});
    CHECK_FALSE(reader.in_message());
}

TEST_CASE("only what was read is consumed from the input") {
    auto const first = whole(op::text, "a");
    auto const both = first + whole(op::text, "b");
    reader reader(most, false);
    std::string_view input = both;
    CHECK(reader.read(input) == reader::event::text);
    CHECK(reader.payload() == "a");
    CHECK(input.size() == both.size() - first.size());
    CHECK(reader.read(input) == reader::event::text);
    CHECK(reader.payload() == "b");
    CHECK(input.empty());
    CHECK(reader.read(input) == reader::event::need_more);
}
