// Finding the end of a request's head without parsing; and which fields are recognised.
#include <anteroom/http/request_parser.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::http;
using state = head_extent::state;

namespace {

std::string line_of_length(std::size_t length) {
    std::string const start = "GET /";
    std::string const end = " HTTP/1.1\r\n";
    return start + std::string(length + 1 - start.size() - end.size(), 'x') + end;
}

std::string fields(std::size_t length) {
    std::string const start = "X: ";
    return start + std::string(length - start.size() - 2, 'x') + "\r\n";
}

}  // namespace

TEST_CASE("a head ends with an empty line") {
    struct row {
        std::string_view input;
        state found;
        std::size_t size;
    };
    static constexpr row rows[] = {
        {"", state::incomplete, 0},
        {"G", state::incomplete, 0},
        {"GET / HTTP/1.1", state::incomplete, 0},
        {"GET / HTTP/1.1\r\n", state::incomplete, 0},
        {"GET / HTTP/1.1\r\nHost: a\r\n", state::incomplete, 0},
        {"GET / HTTP/1.1\r\nHost: a\r\n\r", state::incomplete, 0},
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", state::complete, 27},
        {"GET / HTTP/1.1\r\n\r\n", state::complete, 18},
        {"GET / HTTP/1.1\r\n\r\nbody", state::complete, 18},
        {"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", state::complete, 18},
        // Bare line feeds are not HTTP, and the parser is to reject them at once.
        {"GET / HTTP/1.1\n", state::complete, 15},
        {"GET / HTTP/1.1\n\n", state::complete, 15},
        {"GET / HTTP/1.1\nHost: a\n\n", state::complete, 15},
        {"GET / HTTP/1.1\r\nHost: a\n\r\n", state::complete, 26},
        {"GET / HTTP/1.1\r\nHost: a\r\n\n", state::complete, 26},
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\r", state::complete, 27},
        {"\n", state::complete, 1},
        // Nor is what begins with none of the characters of a method.
        {"\rGET / HTTP/1.1\r\n", state::complete, 1},
        {{"\0\1garbage", 9}, state::complete, 1},
        {"{}", state::complete, 1},
        {" GET /", state::complete, 1},
    };
    for (auto const& [input, found, size] : rows) {
        CAPTURE(input);
        auto const extent = find_head(input);
        CHECK(extent.found == found);
        CHECK(extent.size == size);
    }
}

TEST_CASE("a request line has a limit") {
    CHECK(find_head(line_of_length(max_request_line)).found == state::incomplete);
    CHECK(find_head(line_of_length(max_request_line) + "\r\n").found == state::complete);
    CHECK(find_head(line_of_length(max_request_line + 1)).found == state::line_too_long);
    CHECK(find_head(line_of_length(max_request_line + 1) + "\r\n").found == state::line_too_long);
    // It is recognised before the line has ended.
    CHECK(find_head(std::string(max_request_line, 'x')).found == state::incomplete);
    CHECK(find_head(std::string(max_request_line + 1, 'x')).found == state::line_too_long);
}

TEST_CASE("the fields together have a limit") {
    for (auto const& line : {line_of_length(20), line_of_length(max_request_line)}) {
        CAPTURE(line.size());
        CHECK(find_head(line + fields(max_header - 100)).found == state::incomplete);
        CHECK(find_head(line + fields(max_header - 100) + "\r\n").found == state::complete);
        CHECK(find_head(line + fields(max_header + 100)).found == state::fields_too_long);
        CHECK(find_head(line + fields(max_header + 100) + "\r\n").found == state::fields_too_long);
        CHECK(find_head(line + std::string(max_header + 100, 'x')).found == state::fields_too_long);
    }
    // A body behind the head does not count.
    CHECK(find_head(line_of_length(20) + "\r\n" + std::string(100'000, 'x')).found == state::complete);
}

TEST_CASE("a head that arrives byte by byte is found with its last byte") {
    std::string const head = "POST /publish HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
    for (std::size_t length = 0; length < head.size(); ++length)
        REQUIRE(find_head(std::string_view(head).substr(0, length)).found == state::incomplete);
    CHECK(find_head(head).size == head.size());
}

TEST_CASE("field names are recognised in any case") {
    struct row {
        std::string_view name;
        std::optional<header> known;
    };
    static constexpr row rows[] = {
        {"Accept", header::accept},
        {"ACCEPT", header::accept},
        {"content-type", header::content_type},
        {"Expect", header::expect},
        {"hOsT", header::host},
        {"If-None-Match", header::if_none_match},
        {"last-event-id", header::last_event_id},
        {"Prefer", header::prefer},
        {"content-encoding", header::content_encoding},
        {"Sec-WebSocket-Protocol", header::sec_websocket_protocol},
        {"accept-Encoding", header::accept_encoding},
        {"Accept-Encodings", std::nullopt},
        {"Accepts", std::nullopt},
        {"Hos", std::nullopt},
        {"Most", std::nullopt},
        {"Cookie", std::nullopt},
        {"Last-Event_ID", std::nullopt},
        {"Content.Type", std::nullopt},
        {"", std::nullopt},
    };
    for (auto const& [name, known] : rows) {
        CAPTURE(name);
        CHECK(find_header(name) == known);
    }
}

TEST_CASE("what a client expects") {
    struct row {
        std::optional<std::string_view> field;
        expectation what;
    };
    static constexpr row rows[] = {
        {std::nullopt, expectation::none},
        {"", expectation::none},
        {" , ", expectation::none},
        {"100-continue", expectation::go_ahead},
        {"100-Continue,", expectation::go_ahead},
        {"100-continue, 100-continue", expectation::go_ahead},
        {"wonders", expectation::other},
        {"100-continue, wonders", expectation::other},
        {"wonders, 100-continue", expectation::other},
        {"100-continue=1", expectation::other},
    };
    for (auto const& [field, what] : rows) {
        CAPTURE(field.value_or("none"));
        CHECK(expectation_of(field) == what);
    }
}
