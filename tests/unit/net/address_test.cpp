// Parsing of listening addresses.
#include <anteroom/net/address.hpp>

#include <boost/asio/ip/address.hpp>
#include <catch2/catch_test_macros.hpp>

#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

using namespace anteroom::net;

namespace {

// The address that the system takes, as text: `127.0.0.1 80`.
std::string ip_and_port(address const& of) {
    auto const* const data = of.endpoint.data();
    if (data->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, data, sizeof in);
        return boost::asio::ip::address_v4(ntohl(in.sin_addr.s_addr)).to_string() + " " +
               std::to_string(ntohs(in.sin_port));
    }
    sockaddr_in6 in{};
    std::memcpy(&in, data, sizeof in);
    boost::asio::ip::address_v6::bytes_type bytes{};
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return boost::asio::ip::address_v6(bytes).to_string() + " " + std::to_string(ntohs(in.sin6_port));
}

}  // namespace

TEST_CASE("TCP addresses") {
    struct row {
        std::string_view text;
        std::string_view means;
    };
    static constexpr row rows[] = {
        {"127.0.0.1:8080", "127.0.0.1 8080"}, {"0.0.0.0:0", "0.0.0.0 0"}, {"localhost:80", "127.0.0.1 80"},
        {"[::1]:8080", "::1 8080"},           {"[::]:65535", ":: 65535"}, {"[2001:db8::1]:1", "2001:db8::1 1"},
    };
    for (auto const& [text, means] : rows) {
        CAPTURE(text);
        auto const parsed = parse_address(text);
        REQUIRE(parsed);
        CHECK_FALSE(parsed->is_unix());
        CHECK(parsed->text == text);
        CHECK(ip_and_port(*parsed) == means);
    }
}

TEST_CASE("Unix addresses") {
    auto const parsed = parse_address("unix:run/anteroom.sock");
    REQUIRE(parsed);
    CHECK(parsed->is_unix());
    CHECK(parsed->unix_path == "run/anteroom.sock");
    CHECK(parsed->endpoint.data()->sa_family == AF_UNIX);
    CHECK(parse_address("unix:" + std::string(107, 'x')));
    CHECK_FALSE(parse_address("unix:" + std::string(108, 'x')));
    CHECK_FALSE(parse_address("unix:"));
}

TEST_CASE("invalid addresses are rejected") {
    for (std::string_view const text : {"",
                                        ":",
                                        "8080",
                                        ":8080",
                                        "127.0.0.1",
                                        "127.0.0.1:",
                                        "127.0.0.1:x",
                                        "127.0.0.1:-1",
                                        "127.0.0.1:65536",
                                        "127.0.0.1:99999999999",
                                        "256.0.0.1:80",
                                        "1.2.3:80",
                                        "::1:80",
                                        "[::1]",
                                        "[::1]:",
                                        "[::1:80",
                                        "[]:80",
                                        "[127.0.0.1]:80",
                                        "example.org:80",
                                        "user@127.0.0.1:80",
                                        "http://127.0.0.1:80",
                                        "127.0.0.1:80/",
                                        "*:80",
                                        " 127.0.0.1:80",
                                        "127.0.0.1:80 ",
                                        "UNIX:x"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_address(text));
    }
}
