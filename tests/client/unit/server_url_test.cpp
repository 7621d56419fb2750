// A server's URL as people write it.
#include "../print.hpp"
#include <anteroom/client/server_url.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::client;

TEST_CASE("server URLs") {
    struct row {
        std::string_view text;
        std::string host;
        int port;
        std::string authority;
        std::string prefix;
    };
    row const rows[] = {
        {"http://127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1:8080", ""},
        {"http://127.0.0.1:8080/", "127.0.0.1", 8080, "127.0.0.1:8080", ""},
        {"http://example.org", "example.org", 80, "example.org", ""},
        {"http://example.org:80/", "example.org", 80, "example.org", ""},
        {"http://[::1]:8080/", "::1", 8080, "[::1]:8080", ""},
        {"http://example.org/rooms/here/", "example.org", 80, "example.org", "/rooms/here"},
    };
    for (auto const& each : rows) {
        INFO(each.text);
        auto const url = parse_server_url(each.text);
        REQUIRE(url);
        CHECK(url->host == each.host);
        CHECK(url->port == each.port);
        CHECK(url->authority == each.authority);
        CHECK(url->prefix == each.prefix);
        CHECK_FALSE(url->is_unix());
    }
}

TEST_CASE("Unix sockets as servers") {
    for (auto const* text : {"unix:/run/anteroom", "unix:///run/anteroom"}) {
        auto const url = parse_server_url(text);
        REQUIRE(url);
        CHECK(url->unix_path == "/run/anteroom");
        CHECK(url->authority == "localhost");
    }
    CHECK(parse_server_url("unix:socket")->unix_path == "socket");
    CHECK(parse_server_url("unix:" + std::string(107, 'x')));
    CHECK_FALSE(parse_server_url("unix:" + std::string(108, 'x')));
    CHECK_FALSE(parse_server_url("unix:"));
}

TEST_CASE("the error for an invalid URL says what to write instead") {
    for (auto const* text :
         {"", "127.0.0.1:8080", "localhost", "ftp://example.org", "http://", "http://:80", "http://example.org:0",
          "http://example.org:99999", "http://a b/", "http://ann@example.org/", "http://example.org/?a=b",
          "http://example.org/#a", "http://example.org\r\nA: b"}) {
        INFO(text);
        auto const url = parse_server_url(text);
        REQUIRE_FALSE(url);
        CHECK(url.error().code == errc::bad_argument);
        CHECK(url.error().text.find("http://host:port") != std::string::npos);
    }
    auto const tls = parse_server_url("https://example.org");
    REQUIRE_FALSE(tls);
    CHECK(tls.error().text.find("proxy") != std::string::npos);
}
