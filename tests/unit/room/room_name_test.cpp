// Valid names of rooms.
#include <anteroom/room/room_name.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace anteroom;
using namespace std::string_view_literals;

TEST_CASE("a room's name is 1 to 128 bytes of UTF-8 without control characters and slashes") {
    struct row {
        std::string name;
        bool valid;
    };
    row const rows[] = {
        {"lobby", true},
        {std::string(lobby), true},
        {"a", true},
        {" ", true},
        {"..", true},
        {"a b:c@d,e%20f", true},
        {"\xC3\xA9t\xC3\xA9", true},
        {"\xF0\x9F\x98\x80", true},
        {"\xC2\xA0", true},  // U+00A0 is the first after C1
        {std::string(128, 'a'), true},
        {"", false},
        {std::string(129, 'a'), false},
        {std::string(126, 'a') + "\xE2\x82\xAC", false},  // 127 characters, 129 bytes
        {std::string(125, 'a') + "\xE2\x82\xAC", true},
        {"/", false},
        {"a/b", false},
        {"\xC3\xA9/", false},
        {"a\nb", false},
        {"\x1F", false},
        {"\x7F", false},
        {std::string("a\0b"sv), false},
        {"\xC2\x85", false},  // C1: next line
        {"\xC3\xA9\n", false},
        {"\xFF", false},
        {"\xC0\xAF", false},  // an overlong slash
        {"\xED\xA0\x80", false},
        {"caf\xC3", false},
    };
    for (auto const& [name, valid] : rows) {
        CAPTURE(name);
        CHECK(is_room_name(name) == valid);
    }
}
