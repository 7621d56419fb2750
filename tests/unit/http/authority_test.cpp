// The authority of a request (RFC 9110, 7.2 and RFC 3986, 3.2): what is one, and what is not.
#include <anteroom/http/authority.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom::http;

TEST_CASE("a host, and a port if it is written") {
    struct row {
        std::string_view text;
        std::string_view host;
        std::optional<std::uint16_t> port;
    };
    row const rows[] = {
        {"chat.example", "chat.example", {}},
        {"Chat.Example.", "Chat.Example.", {}},
        {"localhost:8080", "localhost", 8080},
        {"a:", "a", {}},
        {"a:0", "a", 0},
        {"a:65535", "a", 65535},
        {"127.0.0.1:80", "127.0.0.1", 80},
        {"[::1]", "[::1]", {}},
        {"[::1]:443", "[::1]", 443},
        {"[2001:db8::ffff:1.2.3.4]:1", "[2001:db8::ffff:1.2.3.4]", 1},
        {"xn--bcher-kva.example", "xn--bcher-kva.example", {}},
        {"my_host", "my_host", {}},
        {"a%20b", "a%20b", {}},
        {"256.1.1.1", "256.1.1.1", {}},  // a name
    };
    for (auto const& [text, host, port] : rows) {
        CAPTURE(text);
        auto const parsed = parse_authority(text);
        REQUIRE(parsed);
        CHECK(parsed->host == host);
        CHECK(parsed->port == port);
    }
}

TEST_CASE("what is no authority") {
    for (std::string_view const text : {"",
                                        ":80",
                                        "a b",
                                        "u@x",
                                        "user:pw@x:80",
                                        "[::1",
                                        "::1",
                                        "[]",
                                        "[:]",
                                        "[1.2.3.4]",
                                        "[::1]x",
                                        "[::1]80",
                                        "[fe80::1%25eth0]",
                                        "[v1.a]",
                                        "a:b",
                                        "a:-1",
                                        "a:+1",
                                        "a: 1",
                                        "a:65536",
                                        "a:8 0",
                                        "a:80:80",
                                        "a/b",
                                        "a/",
                                        "a?b",
                                        "a#b",
                                        "a\\b",
                                        "a\"b",
                                        "a,b",
                                        "<a>",
                                        "a%",
                                        "a%2",
                                        "a%zz",
                                        "a\x7F",
                                        "\xC3\xA4.example",
                                        "http://a"}) {
        CAPTURE(text);
        if (text == "a,b")
            CHECK(parse_authority(text));  // a sub-delim of RFC 3986, odd as it is in a name
        else
            CHECK_FALSE(parse_authority(text));
    }
}

TEST_CASE("IP literals") {
    for (std::string_view const host :
         {"127.0.0.1", "0.0.0.0", "255.255.255.255", "[::1]", "[::]", "[::ffff:10.0.0.1]"}) {
        CAPTURE(host);
        CHECK(is_ip_literal(host));
    }
    for (std::string_view const host : {"", "localhost", "127.1", "0x7f.0.0.1", "127.0.0.1.", "1.2.3.4.5", "256.0.0.1",
                                        "::1", "[::1", "[127.0.0.1]", "evil.127.0.0.1"}) {
        CAPTURE(host);
        CHECK_FALSE(is_ip_literal(host));
    }
}

TEST_CASE("the port that a scheme implies") {
    CHECK(default_port("http") == 80);
    CHECK(default_port("HTTPS") == 443);
    CHECK(default_port("ws") == 80);
    CHECK(default_port("wss") == 443);
}
