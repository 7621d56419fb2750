// Cached heads: found only if every byte of the fields is the same, and with the parser's result.
#include <anteroom/http/head_cache.hpp>
#include <anteroom/http/request_parser.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>

using namespace anteroom::http;

namespace {

void remember(head_cache& in, std::string const& head) {
    request_parser parser(1000);
    boost::system::error_code ec;
    parser.parse_head(head, ec);
    REQUIRE_FALSE(ec);
    in.remember(parser);
}

std::string const fields = "Host: a\r\nAccept: text/plain\r\nConnection: keep-alive\r\n\r\n";
std::string const head = "GET /room/a/subscribe?after=k3f9x-1 HTTP/1.1\r\n" + fields;

}  // namespace

TEST_CASE("cached fields are found with another request line") {
    head_cache heads;
    CHECK_FALSE(heads.find(head));
    remember(heads, head);
    std::string const next = "GET /room/b/subscribe?after=k3f9x-2 HTTP/1.1\r\n" + fields;
    std::string const input = next + "GET / HTTP/1.1\r\n";
    auto const found = heads.find(input);
    REQUIRE(found);
    CHECK(found.size == next.size());
    CHECK(found.target == "/room/b/subscribe?after=k3f9x-2");
    CHECK(found.method == verb::get);
    CHECK(found.method_text == "GET");
    CHECK(found.fields->get(header::host) == "a");
    CHECK(found.fields->get(header::accept) == "text/plain");
    CHECK_FALSE(found.fields->get(header::origin));
    CHECK(found.fields->keep_alive);
    CHECK(found.fields->body_size.value_or(0) == 0);
    CHECK(found.fields->id != 0);
}

TEST_CASE("requests with the same header share it, and keep it after its eviction") {
    head_cache heads;
    remember(heads, head);
    auto const other = [](int i) { return "GET / HTTP/1.1\r\nHost: " + std::to_string(i) + "\r\n\r\n"; };
    auto const one = heads.find(head).fields;
    auto const two = heads.find("GET /room/b/subscribe HTTP/1.1\r\n" + fields).fields;
    REQUIRE(one);
    CHECK(one == two);
    // A line that is left to the parser adds no second entry for the same fields.
    remember(heads, "GET /\xc3\xa4 HTTP/1.1\r\n" + fields);
    CHECK(heads.find(head).fields == one);
    for (int i = 0; i < 7; ++i)
        remember(heads, other(i));
    auto const last = heads.find(other(6)).fields;
    REQUIRE(last);
    CHECK(heads.find(other(5)));  // swaps places with the entry of other(6), which is now last
    remember(heads, other(7));
    CHECK_FALSE(heads.find(other(6)));
    CHECK(last->get(header::host) == "6");
}

TEST_CASE("a target of printable bytes is found with the fields of another") {
    head_cache heads;
    remember(heads, head);
    for (std::size_t size = 1; size < 20; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string target(size, '/');
                target[at] = static_cast<char>(byte);
                bool const usual = byte > 0x20 && byte < 0x7F;
                INFO(byte << " at " << at << " of " << size);
                CHECK(static_cast<bool>(heads.find("GET " + target + " HTTP/1.1\r\n" + fields)) == usual);
            }
        }
    }
}

TEST_CASE("the method comes from the request line, the body's length from the fields") {
    head_cache heads;
    remember(heads, "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\n");
    auto const found = heads.find("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    REQUIRE(found);
    CHECK(found.method == verb::post);
    CHECK(found.fields->body_size == 5);
    CHECK_FALSE(found.fields->keep_alive);
}

TEST_CASE("a head that differs in one byte is left to the parser") {
    head_cache heads;
    remember(heads, head);
    for (std::size_t i = head.find("Host"); i < head.size(); ++i) {
        auto other = head;
        other[i] = other[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(heads.find(other));
    }
    for (std::size_t size = 0; size < head.size(); ++size)
        CHECK_FALSE(heads.find(std::string_view(head).substr(0, size)));
}

TEST_CASE("an unusual request line is left to the parser") {
    head_cache heads;
    remember(heads, head);
    for (auto const* line :
         {"HEAD / HTTP/1.1\r\n", "get / HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "GET  HTTP/1.1\r\n", "GET  / HTTP/1.1\r\n",
          "GET /\t HTTP/1.1\r\n", "GET /a b HTTP/1.1\r\n", "GET /\x7f HTTP/1.1\r\n", "GET /\xc3\xa4 HTTP/1.1\r\n",
          "GET / HTTP/1.1\n", "GET /\r HTTP/1.1\r\n", "GET / HTTP/1.1 \r\n", "\r\nGET / HTTP/1.1\r\n",
          "GET HTTP/1.1\r\n"}) {
        INFO(line);
        CHECK_FALSE(heads.find(line + fields));
    }
    CHECK_FALSE(heads.find("GET /" + std::string(max_request_line, 'a') + " HTTP/1.1\r\n" + fields));
    CHECK(heads.find("GET / HTTP/1.1\r\n" + fields));
}

TEST_CASE("a request that asks for something special is not cached") {
    for (auto const* special : {"Host: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
                                "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "Host: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                                "Host: a\r\nAccept: text/plain\r\nAccept: text/html\r\n\r\n"}) {
        head_cache heads;
        auto const all = "POST / HTTP/1.1\r\n" + std::string(special);
        remember(heads, all);
        CHECK_FALSE(heads.find(all));
    }
    head_cache heads;
    remember(heads, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    CHECK_FALSE(heads.find("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
}

TEST_CASE("entries in use stay, others are evicted") {
    head_cache heads;
    remember(heads, head);
    auto const other = [](int i) { return "GET / HTTP/1.1\r\nHost: " + std::to_string(i) + "\r\n\r\n"; };
    for (int i = 0; i < 100; ++i) {
        CHECK(heads.find(head));
        remember(heads, other(i));
        CHECK(heads.find(other(i)));
    }
    CHECK_FALSE(heads.find(other(0)));
    // A header that was found stays valid while it is in use.
    auto const kept = heads.find(head);
    for (int i = 0; i < 100; ++i)
        remember(heads, other(i));
    CHECK_FALSE(heads.find(other(0)));
    CHECK(kept.fields->get(header::host) == "a");
}
