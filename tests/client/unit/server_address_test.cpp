// Where a server can be reached, by where it listens.
#include <anteroom/server_address.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace anteroom {

TEST_CASE("the URL of a server by the address that it listens on") {
    CHECK(url_of_listener("127.0.0.1:8080") == "http://127.0.0.1:8080");
    CHECK(url_of_listener("localhost:80") == "http://127.0.0.1:80");
    CHECK(url_of_listener("192.0.2.7:8080") == "http://192.0.2.7:8080");
    CHECK(url_of_listener("0.0.0.0:8080") == "http://127.0.0.1:8080");
    CHECK(url_of_listener("[::]:8080") == "http://[::1]:8080");
    CHECK(url_of_listener("[2001:db8::7]:8080") == "http://[2001:db8::7]:8080");
    CHECK(url_of_listener("unix:/run/anteroom/socket") == "unix:/run/anteroom/socket");
}

TEST_CASE("an address by which no server is found has no URL") {
    for (auto const* const none : {"127.0.0.1:0", "[::1]:0", "8080", "chat.example:80", ""})
        CHECK_FALSE(url_of_listener(none));
}

}  // namespace anteroom
