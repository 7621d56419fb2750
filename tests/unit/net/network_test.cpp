// Ranges of IP addresses.
#include <anteroom/net/network.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::net::network;
using boost::asio::ip::make_address;

TEST_CASE("which addresses a network contains") {
    struct row {
        char const* range;
        char const* address;
        bool within;
    };
    row const rows[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"10.0.0.0/8", "::ffff:10.0.0.1", true},
        {"::1", "::1", true},
        {"fd00::/8", "fdff::1", true},
        {"fd00::/8", "fe80::1", false},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"::/0", "10.0.0.1", false},
        {"::ffff:10.0.0.0/104", "10.255.255.255", true},  // as an operator of a dual-stack listener may write it
        {"::ffff:10.0.0.0/104", "::ffff:11.0.0.0", false},
        {"::ffff:10.0.0.1", "10.0.0.1", true},
        {"::ffff:0:0/95", "10.0.0.1", false},
    };
    for (auto const& [range, address, within] : rows) {
        CAPTURE(range, address);
        auto const parsed = network::parse(range);
        REQUIRE(parsed);
        CHECK(parsed->contains(make_address(address)) == within);
    }
}

TEST_CASE("what is no network") {
    for (char const* const text : {"", "localhost", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8 ",
                                   "::/129", "::1/x", "/8", "fe80::1%1", "10.0.0.0/8/8"}) {
        CAPTURE(text);
        CHECK_FALSE(network::parse(text));
    }
}
