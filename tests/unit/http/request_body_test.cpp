// Receiving bodies: in one piece or byte by byte, with a length or chunked, and never more than allowed.
#include <anteroom/http/request_parser.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace anteroom::http;

namespace {

constexpr std::string_view chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

struct outcome {
    std::string body;
    std::string rest;  // the rest of the input
    bool done = false;
    boost::system::error_code ec;
};

// Reads as a session does: a body arrives in pieces of `piece` bytes, and unconsumed bytes are passed again with more.
outcome receive(std::string_view input, std::size_t piece, std::uint64_t max_body = 1000) {
    outcome out;
    auto const extent = find_head(input);
    REQUIRE(extent.found == head_extent::state::complete);
    request_parser parser(max_body);
    parser.parse_head(input.substr(0, extent.size), out.ec);
    std::size_t begin = extent.size;
    std::size_t end = begin;
    while (!out.ec && !parser.is_done() && end < input.size()) {
        end = std::min(end + piece, input.size());
        // A temporary copy: bytes that were passed in must not be accessed later.
        std::string const part(input.substr(begin, end - begin));
        begin += parser.parse_body(part, out.ec);
        if (parser.is_done() && !out.ec) {
            out.body = parser.get().body;
            out.done = true;
        }
    }
    if (!out.ec && parser.is_done() && !out.done) {
        out.body = parser.get().body;
        out.done = true;
    }
    out.rest = input.substr(begin);
    return out;
}

}  // namespace

TEST_CASE("bodies are received whole, however they are split") {
    struct row {
        std::string_view name;
        std::string input;
        std::string_view body;
    };
    std::string const length = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    std::string const chunks(chunked_head);
    row const rows[] = {
        {"no length is no body", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
        {"no bytes", length + "0\r\n\r\n", ""},
        {"some", length + "5\r\n\r\nhello", "hello"},
        {"one", length + "1\r\n\r\nx", "x"},
        {"no chunks", chunks + "0\r\n\r\n", ""},
        {"one chunk", chunks + "5\r\nhello\r\n0\r\n\r\n", "hello"},
        {"chunks", chunks + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"},
        {"hexadecimal", chunks + "A\r\n0123456789\r\nb\r\nabcdefghijk\r\n0\r\n\r\n", "0123456789abcdefghijk"},
        {"leading zeros", chunks + "0005\r\nhello\r\n000\r\n\r\n", "hello"},
        {"extensions", chunks + "5;a=b;c=\"d;e\"\r\nhello\r\n0;last\r\n\r\n", "hello"},
        {"trailers", chunks + "5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other: 2\r\n\r\n", "hello"},
    };
    auto const piece = GENERATE(as<std::size_t>(), 1, 2, 3, 7, 1000);
    for (auto const& [name, input, body] : rows) {
        for (std::string_view const rest : {"", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"}) {
            CAPTURE(name, piece, rest);
            auto const got = receive(input + std::string(rest), piece);
            CHECK_FALSE(got.ec);
            CHECK(got.done);
            CHECK(got.body == body);
            // What follows the body belongs to the next request, and is not consumed.
            CHECK(got.rest == rest);
        }
    }
}

TEST_CASE("a truncated body is not done") {
    std::string const chunks(chunked_head);
    for (std::string const& input : {std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello"),
                                     chunks, chunks + "5", chunks + "5\r\nhel", chunks + "5\r\nhello\r\n",
                                     chunks + "5\r\nhello\r\n0\r\n", chunks + "5\r\nhello\r\n0\r\nX: 1\r\n"}) {
        CAPTURE(input);
        auto const got = receive(input, 1);
        CHECK_FALSE(got.ec);
        CHECK_FALSE(got.done);
    }
}

TEST_CASE("malformed chunks are rejected") {
    std::string const chunks(chunked_head);
    auto const piece = GENERATE(as<std::size_t>(), 1, 1000);
    for (std::string_view const body :
         {"x\r\nhello\r\n0\r\n\r\n", "\r\n\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
          "5hello\r\n0\r\n\r\n", "5\r\nhelloworld\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n\r\n",
          "11111111111111111\r\nhello\r\n0\r\n\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 5\r\nhello\r\n0\r\n\r\n"}) {
        CAPTURE(body, piece);
        auto const got = receive(chunks + std::string(body), piece);
        CHECK(got.ec);
        CHECK_FALSE(got.done);
    }
}

TEST_CASE("a chunked body has the same size limit") {
    std::string const chunks(chunked_head);
    auto const piece = GENERATE(as<std::size_t>(), 1, 7, 100'000);
    CAPTURE(piece);
    std::string const ten = "a\r\n0123456789\r\n";
    CHECK(receive(chunks + ten + ten + "0\r\n\r\n", piece, 20).done);
    CHECK(receive(chunks + ten + ten + "1\r\nx\r\n0\r\n\r\n", piece, 20).ec == boost::beast::http::error::body_limit);
    CHECK(receive(chunks + "15\r\n" + std::string(21, 'x') + "\r\n0\r\n\r\n", piece, 20).ec ==
          boost::beast::http::error::body_limit);
    CHECK(receive(chunks + "ffffffffffffffff\r\nx", piece, 20).ec);
}

TEST_CASE("a trailer is not mistaken for a field of the head, whatever its name") {
    auto const piece = GENERATE(as<std::size_t>(), 1, 1000);
    for (std::string_view const trailer :
         {"Content-Type: text/html", "Content-Type:", "Host: b", "Content-Length: 7", "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip", "Connection: close", "Connection: ,,\"", "Expect: wonders", "Upgrade: websocket",
          "Last-Event-ID: 0", "Idempotency-Key: k", "Accept: x", "Origin: null", "Prefer: wait=1"}) {
        CAPTURE(trailer, piece);
        std::string const head =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
        std::string const body = "5\r\nhello\r\n0\r\n" + std::string(trailer) + "\r\n\r\n";
        request_parser parser(1000);
        boost::system::error_code ec;
        parser.parse_head(head, ec);
        for (std::size_t at = 0; at < body.size() && !ec;)
            at += parser.parse_body(std::string_view(body).substr(at, piece), ec);
        REQUIRE_FALSE(ec);
        CHECK(parser.is_done());
        CHECK(parser.keep_alive());
        CHECK(parser.get().body == "hello");
        CHECK(parser.get().get(header::content_type) == "text/plain");
        CHECK(parser.get().get(header::host) == "a");
        for (auto const name : {header::connection, header::expect, header::upgrade, header::last_event_id,
                                header::idempotency_key, header::accept, header::origin, header::prefer})
            CHECK_FALSE(parser.get().get(name));
    }
}

TEST_CASE("a body that is no plain text may be as long as its encoding makes it") {
    std::string const json = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    auto const most = 6 * 20 + 4096;
    CHECK(
        receive(json + "Content-Length: " + std::to_string(most) + "\r\n\r\n" + std::string(most, ' '), 5000, 20).done);
    CHECK(receive(json + "Content-Length: " + std::to_string(most + 1) + "\r\n\r\n", 5000, 20).ec ==
          boost::beast::http::error::body_limit);
    CHECK(receive(json +
                      "Transfer-Encoding: chunked\r\n\r\n"
                      "1000\r\n" +
                      std::string(4096, ' ') + "\r\n0\r\n\r\n",
                  5000, 20)
              .done);
    CHECK(receive(json + "Transfer-Encoding: chunked\r\n\r\n"
                         "1079\r\n",
                  5000, 20)
              .ec == boost::beast::http::error::body_limit);
}

TEST_CASE("a large body is received whole in pieces of any size") {
    std::string body;
    for (int i = 0; i < 20'000; ++i)
        body += std::to_string(i);
    auto const piece = GENERATE(as<std::size_t>(), 1000, 4096, 1'000'000);
    auto const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    auto const got = receive(head + body + "rest", piece, 1'000'000);
    CHECK(got.done);
    CHECK(got.body == body);
}
