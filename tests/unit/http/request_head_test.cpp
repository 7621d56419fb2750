// Parsing of request heads, and the heads that are rejected: each is a known attack on a server.
#include <anteroom/http/request_error.hpp>
#include <anteroom/http/request_parser.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom::http;

namespace {

// The result of parsing a head: an error, or none.
boost::system::error_code verdict(std::string_view head, std::uint64_t max_body = 1000) {
    request_parser parser(max_body);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    return ec;
}

std::string with(std::string_view fields, std::string_view method = "POST") {
    return std::string(method) + " / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("a head is parsed into its parts") {
    std::string const head =
        "GET /room/a/subscribe?after=0 HTTP/1.1\r\nHost: example.org:8080\r\naccept: text/plain\r\n"
        "X-Other: 1\r\nPREFER:wait=5\r\nLast-Event-ID:  k3f9x-42\t\r\nIf-None-Match:\r\n\r\n";
    request_parser parser(1000);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    REQUIRE_FALSE(ec);
    CHECK(parser.is_done());
    CHECK(parser.keep_alive());
    CHECK_FALSE(parser.is_chunked());
    auto const& asked = parser.get();
    CHECK(asked.method == verb::get);
    CHECK(asked.method_text == "GET");
    CHECK(asked.target == "/room/a/subscribe?after=0");
    CHECK(asked.version == 11);
    CHECK(asked.get(header::host) == "example.org:8080");
    CHECK(asked.get(header::accept) == "text/plain");
    CHECK(asked.get(header::prefer) == "wait=5");
    CHECK(asked.get(header::last_event_id) == "k3f9x-42");
    CHECK(asked.get(header::if_none_match) == "");
    CHECK_FALSE(asked.get(header::content_type));
    CHECK(asked.body.empty());
}

TEST_CASE("unknown methods are kept as written") {
    std::string const head = "FETCH / HTTP/1.1\r\nHost: a\r\n\r\n";
    request_parser parser(1000);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    REQUIRE_FALSE(ec);
    CHECK(parser.get().method == verb::unknown);
    CHECK(parser.get().method_text == "FETCH");
}

TEST_CASE("whether the connection is kept alive") {
    struct row {
        std::string_view head;
        bool keep_alive;
    };
    static constexpr row rows[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
    };
    for (auto const& [head, keep_alive] : rows) {
        CAPTURE(head);
        request_parser parser(1000);
        boost::system::error_code ec;
        parser.parse_head(head, ec);
        REQUIRE_FALSE(ec);
        CHECK(parser.keep_alive() == keep_alive);
    }
}

TEST_CASE("HTTP/1.1 requires exactly one Host") {
    CHECK(verdict("GET / HTTP/1.1\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.1\r\nAccept: a\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"));
    CHECK_FALSE(verdict("GET / HTTP/1.0\r\n\r\n"));
    CHECK_FALSE(verdict("GET / HTTP/1.1\r\nHost:\r\n\r\n"));
}

TEST_CASE("requests that are not HTTP/1 are rejected") {
    for (std::string_view const head : {"\r\n\r\n",
                                        "GET\r\n\r\n",
                                        "GET /\r\n\r\n",
                                        "GET / HTTP/1.1\nHost: a\n\n",
                                        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                                        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                                        "GET / http/1.1\r\nHost: a\r\n\r\n",
                                        "GET / HTTP/1\r\nHost: a\r\n\r\n",
                                        "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                                        "GET / HTTP/0.9\r\nHost: a\r\n\r\n",
                                        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                                        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                                        "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: a\r\nSpace : b\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
                                        "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n",
                                        "GET / HTTP/1.1\r\n Host: a\r\n\r\n"}) {
        CAPTURE(head);
        CHECK(verdict(head));
    }
}

TEST_CASE("a folded field is rejected if it is read, and does not become part of another") {
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/plain,\r\n application/json\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n"));
    CHECK(verdict("GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n"));
    CHECK(verdict("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\n"));
    // A field that is not read may be folded.
    std::string const head = "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n Prefer: wait=5\r\n\r\n";
    request_parser parser(1000);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    if (!ec)
        CHECK_FALSE(parser.get().get(header::prefer));
}

TEST_CASE("the length of a body must be unambiguous") {
    struct row {
        std::string_view fields;
        bool refused;
    };
    static constexpr row rows[] = {
        {"Content-Length: 5\r\n", false},
        {"Content-Length: 5\r\nContent-Length: 5\r\n", false},
        {"Transfer-Encoding: chunked\r\n", false},
        {"Transfer-Encoding: Chunked\r\n", false},
        {"Content-Length: 5\r\nContent-Length: 6\r\n", true},
        {"Content-Length: 5, 6\r\n", true},
        {"Content-Length: +5\r\n", true},
        {"Content-Length: -5\r\n", true},
        {"Content-Length: 0x5\r\n", true},
        {"Content-Length: 5 5\r\n", true},
        {"Content-Length:\r\n", true},
        {"Content-Length: 18446744073709551616\r\n", true},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", true},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", true},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", true},
        // RFC 9112, 6.3: a request whose length cannot be determined must be rejected, or its body becomes the next
        // request.
        {"Transfer-Encoding: gzip\r\n", true},
        {"Transfer-Encoding: identity\r\n", true},
        {"Transfer-Encoding: xchunked\r\n", true},
        {"Transfer-Encoding: chunked, gzip\r\n", true},
        {"Transfer-Encoding: chunked, chunked\r\n", true},
        {"Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", true},
        {"Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", true},
        {"Transfer-Encoding:\r\n", true},
        // No coding except chunked is supported.
        {"Transfer-Encoding: gzip, chunked\r\n", true},
    };
    for (auto const& [fields, refused] : rows) {
        CAPTURE(fields);
        auto const said = verdict(with(fields));
        CHECK(said.failed() == refused);
    }
}

TEST_CASE("a transfer coding that is not understood is distinguished from a body whose end is not known") {
    struct row {
        std::string_view fields;
        bool unknown;
    };
    static constexpr row rows[] = {
        {"Transfer-Encoding: gzip, chunked\r\n", true},
        {"Transfer-Encoding: x , Chunked\r\n", true},
        {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", true},
        {"Transfer-Encoding: gzip;q=1, chunked\r\n", true},
        {"Transfer-Encoding: gzip\r\n", false},
        {"Transfer-Encoding: chunked, gzip\r\n", false},
        {"Transfer-Encoding: chunked, gzip, chunked\r\n", false},
        {"Transfer-Encoding: chunked, chunked\r\n", false},
        {"Transfer-Encoding: chunked;a=b\r\n", false},
        {"Transfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n", false},
        {"Transfer-Encoding: gzip\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", false},
        {"Transfer-Encoding:\r\n chunked\r\n", false},
    };
    for (auto const& [fields, unknown] : rows) {
        CAPTURE(fields);
        auto const said = verdict(with(fields));
        CHECK(said.failed());
        CHECK((said == request_error::unknown_transfer_coding) == unknown);
    }
    CHECK(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: gzip, chunked\r\n\r\n") !=
          request_error::unknown_transfer_coding);
}

TEST_CASE("a field that may come once is refused if it comes twice, and lists are joined") {
    for (std::string_view const name : {"Host", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Sec-WebSocket-Key",
                                        "Sec-WebSocket-Version", "Access-Control-Request-Method"}) {
        CAPTURE(name);
        auto const line = std::string(name) + ": a\r\n";
        if (name != "Host")
            CHECK_FALSE(verdict(with(line)));
        CHECK(verdict(with(line + line)) == request_error::repeated_field);
        CHECK(verdict(with(line + std::string(name) + ":\r\n")) == request_error::repeated_field);
    }
    for (std::string_view const name :
         {"Accept", "Connection", "Content-Encoding", "Expect", "Forwarded", "If-None-Match", "Prefer",
          "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Upgrade", "X-Forwarded-Host", "X-Forwarded-Proto",
          "Origin", "Sec-Fetch-Site"}) {
        CAPTURE(name);
        auto const line = std::string(name) + ": ";
        std::string const head = with(line + "a\r\nX: y\r\n" + line + "b\r\n" + line + "c\r\n" + line + "d\r\n");
        request_parser parser(1000);
        boost::system::error_code ec;
        parser.parse_head(head, ec);
        REQUIRE_FALSE(ec);
        CHECK(parser.get().get(*find_header(name)) == "a, b, c, d");
    }
}

TEST_CASE("two lists in several lines are not mixed") {
    std::string const head =
        with("Accept: text/plain;q=0.1\r\nPrefer: x\r\naccept: b\r\nPrefer: y\r\nAccept: c\r\nPrefer: z\r\n");
    request_parser parser(1000);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    REQUIRE_FALSE(ec);
    CHECK(parser.get().get(header::accept) == "text/plain;q=0.1, b, c");
    CHECK(parser.get().get(header::prefer) == "x, y, z");
}

TEST_CASE("HTTP/1.0 has no transfer codings") {
    CHECK(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));
    CHECK_FALSE(verdict("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n"));
}

TEST_CASE("a body whose declared length is too large is rejected with its head") {
    CHECK_FALSE(verdict(with("Content-Length: 1000\r\n"), 1000));
    CHECK(verdict(with("Content-Length: 1001\r\n"), 1000) == boost::beast::http::error::body_limit);
    CHECK(verdict(with("Content-Length: 18446744073709551615\r\n"), 1000) == boost::beast::http::error::body_limit);
}
