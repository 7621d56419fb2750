// The keyed hash against other implementations, and that a key decides what collides.
#include <anteroom/base/keyed_hash.hpp>

#include <catch2/catch_test_macros.hpp>

#include <set>
#include <string>
#include <vector>

using namespace anteroom;

TEST_CASE("SipHash-2-4 gives the authors' example") {
    std::string bytes;
    for (char c = 0; c < 15; ++c)
        bytes += c;
    CHECK(sip_hash({0x0706050403020100U, 0x0F0E0D0C0B0A0908U}, bytes, 2, 4) == 0xA129CA6149BE45E5U);
}

TEST_CASE("SipHash-1-3 gives what CPython's hash() gives with the key 0") {
    struct row {
        std::string_view text;
        std::uint64_t hash;
    };
    row const rows[] = {
        {"a", 0x407448D2B89B1813U},
        {"abc", 0xC03BC3A0042630F2U},
        {"kitchen", 0x56865FF17D670224U},
        {"12345678", 0x3489982430560A87U},
        {"a longer name of a room, 40 bytes or so..", 0x53552057300875D3U},
    };
    for (auto const& [text, hash] : rows) {
        CAPTURE(text);
        CHECK(sip_hash({}, text, 1, 3) == hash);
    }
}

TEST_CASE("what has the same low bits under one key has different ones under another") {
    // As somebody would look for names that share a bucket.
    std::vector<std::string> together;
    for (int i = 0; together.size() < 100; ++i) {
        if ((sip_hash({1, 2}, std::to_string(i), 1, 3) & 0xFFU) == 0)
            together.push_back(std::to_string(i));
    }
    std::set<std::uint64_t> buckets;
    for (auto const& each : together)
        buckets.insert(sip_hash({1, 3}, each, 1, 3) & 0xFFU);
    CHECK(buckets.size() > 50);
}

TEST_CASE("the hash of a process is the same for the same text") {
    CHECK(keyed_hash{}("kitchen") == keyed_hash{}(std::string("kitchen")));
    CHECK(keyed_hash{}("kitchen") != keyed_hash{}("garden"));
}
