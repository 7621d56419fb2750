// HTTP answers, however they are cut, and what they mean.
#include <anteroom/client/response.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;
using namespace std::chrono_literals;

namespace {

answer make(int status, std::string body = {}, std::string retry = {}) {
    answer out;
    out.status = status;
    out.body = std::move(body);
    if (!retry.empty())
        out.fields.emplace_back("retry-after", std::move(retry));
    return out;
}

void check_cuts(std::string const& bytes, std::string const& body, bool keep_alive) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        answer_parser in;
        auto unread = bytes.substr(0, cut);
        REQUIRE(in.feed(unread));
        unread += bytes.substr(cut);
        REQUIRE(in.feed(unread));
        REQUIRE(in.complete());
        CHECK(in.got().status == 200);
        CHECK(in.got().body == body);
        CHECK(in.got().field("LAST-event-id") == "e-1");
        CHECK(in.keep_alive() == keep_alive);
        CHECK(unread.empty());
    }
}

}  // namespace

TEST_CASE("an answer with a length, in chunks, and without a body") {
    check_cuts("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nContent-Length: 5\r\n\r\nhello", "hello", true);
    check_cuts("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", "hello",
               false);
    check_cuts(
        "HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
        "hello", true);
    check_cuts("HTTP/1.1 200 OK\r\nLast-Event-ID: e-1\r\nContent-Length: 0\r\n\r\n", "", true);
}

TEST_CASE("an answer that ends with the connection") {
    answer_parser in;
    std::string bytes = "HTTP/1.0 200 OK\r\n\r\nhel";
    REQUIRE(in.feed(bytes));
    CHECK(in.has_head());
    CHECK_FALSE(in.complete());
    bytes += "lo";
    REQUIRE(in.feed(bytes));
    CHECK(in.feed_end());
    CHECK(in.got().body == "hello");
    CHECK_FALSE(in.keep_alive());
}

TEST_CASE("an answer that is cut is not taken for a whole one") {
    for (auto const* text : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
        INFO(text);
        answer_parser in;
        std::string bytes = text;
        REQUIRE(in.feed(bytes));
        CHECK_FALSE(in.feed_end());
        CHECK_FALSE(in.complete());
    }
    answer_parser in;
    std::string bytes = "SSH-2.0-OpenSSH\r\n\r\n";
    CHECK_FALSE(in.feed(bytes));
}

TEST_CASE("what an answer means") {
    using action = verdict::action;
    for (int const status : {200, 201, 204})
        CHECK(judge(make(status)).what == action::take);
    for (int const status : {408, 425, 429, 500, 502, 503, 504})
        CHECK(judge(make(status)).what == action::again);
    for (int const status : {301, 400, 401, 403, 404, 405, 406, 413, 415, 501})
        CHECK(judge(make(status)).what == action::give_up);
    auto const refused = judge(make(413, R"({"status":413,"title":"x","detail":"a message has 64K at most"})"));
    CHECK(refused.why.code == errc::refused);
    CHECK(refused.why.status == 413);
    CHECK(refused.why.text == "the server answered 413: a message has 64K at most");
    CHECK(judge(make(404, "<html>")).why.text == "the server answered 404: Not Found");
    CHECK(judge(make(503, "", "7")).after == 7s);
    CHECK(judge(make(503, "", "99999999999")).after == 1h);
    CHECK(judge(make(503, "", "Wed, 21 Oct 2026 07:28:00 GMT")).after == 0s);
}
