// Streams decoded into events, wherever the bytes are split.
#include <anteroom/client/decoder.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

namespace {

std::string summary(std::vector<event> const& events) {
    std::string out;
    for (auto const& each : events) {
        if (auto const* text = std::get_if<message>(&each.what))
            out += text->data;
        else if (auto const* lost = std::get_if<gap>(&each.what))
            out += "gap " + lost->reason;
        else
            out += std::holds_alternative<superseded>(each.what) ? "superseded" : "moved";
        out += "(" + each.next + ") ";
    }
    return out;
}

// Every split of the bytes in two, and one byte at a time, must give the same events.
template <class Decoder>
void check(std::string_view bytes, std::string const& expected) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Decoder in;
        std::vector<event> events;
        REQUIRE(in.feed(bytes.substr(0, cut), events));
        REQUIRE(in.feed(bytes.substr(cut), events));
        CHECK(summary(events) == expected);
    }
    Decoder in;
    std::vector<event> events;
    for (char const c : bytes)
        REQUIRE(in.feed({&c, 1}, events));
    CHECK(summary(events) == expected);
}

}  // namespace

TEST_CASE("NDJSON") {
    check<ndjson_decoder>(
        "\n{\"id\":\"e-1\",\"time\":1,\"data\":\"a\"}\n\n"
        "{\"gap\":{\"reason\":\"evicted\"},\"next\":\"e-5\"}\r\n{\"id\":\"e-6\",\"data\":1}\n{\"id\":\"e-7\"",
        "a() gap evicted(e-5) 1() ");
    ndjson_decoder broken;
    std::vector<event> events;
    CHECK_FALSE(broken.feed("<html>\n", events));
}

TEST_CASE("server-sent events") {
    std::string const text =
        "retry: 1500\nid: e-0\n\n"
        ": comment\n\n"
        "id: e-1\ndata: {\"id\":\"e-1\",\"data\":\"a\"}\n\n"
        "event: gap\nid: e-5\ndata: {\"reason\":\"evicted\",\n"
        "data:\"missed\":3}\n\n"
        "event: news\ndata: x\n\n"
        "id:e-6\nfoo\ndata:{\"id\":\"e-6\",\"data\":\"b\"}\n\n"
        "event: superseded\nid: e-6\ndata: {}\n\nid: e-7\ndata: {}";
    std::string const expected = "moved(e-0) a(e-1) gap evicted(e-5) b(e-6) superseded(e-6) ";
    check<sse_decoder>(text, expected);
    std::string other;
    for (char const c : text)
        other += c == '\n' ? std::string("\r\n") : std::string(1, c);
    check<sse_decoder>("\xEF\xBB\xBF" + other, expected);

    sse_decoder in;
    std::vector<event> events;
    CHECK_FALSE(in.retry());
    CHECK(in.feed(text, events));
    CHECK(in.retry() == std::chrono::milliseconds(1500));
    sse_decoder broken;
    CHECK_FALSE(broken.feed("data: <html>\r\r", events));
}
