// HTTP responses, however they are split, and what they mean for the client.
#include <anteroom/client/response.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;
using namespace std::chrono_literals;

namespace {

response make(int status, std::string body = {}, std::string retry = {}) {
    response out;
    out.status = status;
    out.body = std::move(body);
    if (!retry.empty())
        out.fields.emplace_back("retry-after", std::move(retry));
    return out;
}

void check_splits(std::string const& bytes, std::string const& body, bool keep_alive) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        response_parser parser;
        auto unread = bytes.substr(0, cut);
        REQUIRE(parser.feed(unread));
        unread += bytes.substr(cut);
        REQUIRE(parser.feed(unread));
        REQUIRE(parser.complete());
        CHECK(parser.received().status == 200);
        CHECK(parser.received().body == body);
        CHECK(parser.received().field("LAST-event-id") == "e-1");
        CHECK(parser.keep_alive() == keep_alive);
        CHECK(unread.empty());
    }
}

}  // namespace

TEST_CASE("a response with a length, in chunks, and without a body") {
    check_splits("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nContent-Length: 5\r\n\r\nhello", "hello", true);
    check_splits("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                 "hello", false);
    check_splits(
        "HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        "hello", true);
    check_splits("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nContent-Length: 0\r\n\r\n", "", true);
}

TEST_CASE("interim responses are passed over") {
    std::string const last = "HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nContent-Length: 5\r\n\r\nhello";
    check_splits("HTTP/1.1 100 Continue\r\n\r\n" + last, "hello", true);
    check_splits(
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nContent-Length: 3\r\n"
        "Last-Event-ID: e-9\r\n\r\n" +
            last,
        "hello", true);
    response_parser parser;
    std::string only = "HTTP/1.1 103 Early Hints\r\n\r\n";
    REQUIRE(parser.feed(only));
    CHECK_FALSE(parser.has_head());
    CHECK_FALSE(parser.complete());
    CHECK_FALSE(parser.feed_end());
}

TEST_CASE("a response that ends with the connection") {
    response_parser parser;
    std::string bytes = "HTTP/1.0 200 OK\r\n\r\nhel";
    REQUIRE(parser.feed(bytes));
    CHECK(parser.has_head());
    CHECK_FALSE(parser.complete());
    bytes += "lo";
    REQUIRE(parser.feed(bytes));
    CHECK(parser.feed_end());
    CHECK(parser.received().body == "hello");
    CHECK_FALSE(parser.keep_alive());
}

TEST_CASE("a truncated response is not complete") {
    for (auto const* text : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
        INFO(text);
        response_parser parser;
        std::string bytes = text;
        REQUIRE(parser.feed(bytes));
        CHECK_FALSE(parser.feed_end());
        CHECK_FALSE(parser.complete());
    }
    response_parser parser;
    std::string bytes = "SSH-2.0-OpenSSH\r\n\r\n";
    CHECK_FALSE(parser.feed(bytes));
}

TEST_CASE("a response is accepted, retried or fatal") {
    using action = outcome::action;
    for (int const status : {200, 201, 204})
        CHECK(evaluate(make(status)).what == action::accept);
    for (int const status : {408, 425, 429, 500, 502, 503, 504})
        CHECK(evaluate(make(status)).what == action::retry);
    for (int const status : {301, 400, 401, 403, 404, 405, 406, 413, 415, 501})
        CHECK(evaluate(make(status)).what == action::give_up);
    auto const refused = evaluate(make(413, R"({"status":413,"title":"x","detail":"a message has 64K at most"})"));
    CHECK(refused.why.code == errc::refused);
    CHECK(refused.why.status == 413);
    CHECK(refused.why.text == "the server answered 413: a message has 64K at most");
    CHECK(evaluate(make(404, "<html>")).why.text == "the server answered 404: Not Found");
    CHECK(evaluate(make(503, "", "7")).retry_after == 7s);
    CHECK(evaluate(make(503, "", "99999999999")).retry_after == 1h);
    CHECK(evaluate(make(503, "", "Wed, 21 Oct 2026 07:28:00 GMT")).retry_after == 0s);
}
