// Composite cursors: what is written is read back, and texts that are not cursors are rejected.
#include "room/print.hpp"
#include <anteroom/room/composite_cursor.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace anteroom;

namespace {

std::string written(std::string_view room, cursor at) {
    std::string out;
    append_room_cursor(out, room, at);
    return out;
}

}  // namespace

TEST_CASE("the names of a composite cursor keep their size while its cursors change") {
    composite_cursor all;
    CHECK(all.size_of_names() == 0);
    all.add("a b", {});
    CHECK(all.size_of_names() == 6);
    all.add("c", {1, 1});
    CHECK(all.size_of_names() == 9);
    all.set(0, {36, 1000});
    CHECK(all.text() == "a%20b@10-1000,c@1-1");
    CHECK(all.size_of_names() == 9);
}

TEST_CASE("an entry is written with the room's name percent-encoded") {
    struct row {
        std::string_view room;
        cursor at;
        std::string_view text;
    };
    static constexpr row rows[] = {
        {"kitchen", {36, 42}, "kitchen@10-42"},
        {"a", {}, "a@0"},
        {"a", {1, 0}, "a@1-0"},
        {"A-z_0.9~", {1, 1}, "A-z_0.9~@1-1"},
        {"a,b", {1, 1}, "a%2Cb@1-1"},
        {"a@b", {1, 1}, "a%40b@1-1"},
        {"100%", {1, 1}, "100%25@1-1"},
        {"caf\xC3\xA9 1", {1, 1}, "caf%C3%A9%201@1-1"},
        {"a:presence", {1, 1}, "a%3Apresence@1-1"},
        {"a+b", {1, 1}, "a%2Bb@1-1"},
    };
    for (auto const& [room, at, text] : rows) {
        CAPTURE(room);
        CHECK(written(room, at) == text);
        auto read = cursor_set::parse(text);
        REQUIRE(read);
        CHECK_FALSE(read->plain());
        CHECK(read->find(room) == at);
        CHECK_FALSE(read->find("another"));
        CHECK_FALSE(read->find(""));
    }
    std::string longer = "x";
    append_room_cursor(longer, "a", {1, 1});
    CHECK(longer == "xa@1-1");
}

TEST_CASE("a plain cursor is accepted too") {
    CHECK(cursor_set::parse("0")->plain() == cursor{});
    CHECK(cursor_set::parse("10-42")->plain() == cursor{36, 42});
    CHECK_FALSE(cursor_set::parse("10-42")->find("a"));
}

TEST_CASE("rooms are found in any order, repeatedly") {
    auto read = cursor_set::parse("a@1-1,b@1-2,a%20b@1-3,c@0");
    REQUIRE(read);
    for (int i = 0; i < 3; ++i) {
        CHECK(read->find("a") == cursor{1, 1});
        CHECK(read->find("b") == cursor{1, 2});
        CHECK(read->find("a b") == cursor{1, 3});
        CHECK(read->find("c") == cursor{});
    }
    for (int i = 0; i < 3; ++i) {
        CHECK(read->find("c") == cursor{});
        CHECK(read->find("a b") == cursor{1, 3});
        CHECK_FALSE(read->find("a%20b"));
        CHECK(read->find("b") == cursor{1, 2});
        CHECK(read->find("a") == cursor{1, 1});
        CHECK(read->find("a") == cursor{1, 1});
    }
}

TEST_CASE("spellings that the server does not write but accepts") {
    // Not percent-encoded, if that is unambiguous.
    CHECK(cursor_set::parse("caf\xC3\xA9@1-1")->find("caf\xC3\xA9") == cursor{1, 1});
    CHECK(cursor_set::parse("a b@1-1")->find("a b") == cursor{1, 1});
    CHECK(cursor_set::parse("a%3apresence@1-1")->find("a:presence") == cursor{1, 1});
    CHECK(cursor_set::parse("%61@1-1")->find("a") == cursor{1, 1});
    CHECK(cursor_set::parse("a+b@1-1")->find("a+b") == cursor{1, 1});
    CHECK(cursor_set::parse("a@b@1-1")->find("a@b") == cursor{1, 1});
}

TEST_CASE("invalid composite cursors are rejected") {
    for (std::string_view const text : {"",
                                        ",",
                                        "@",
                                        "a",
                                        "a@",
                                        "@0",
                                        "@1-1",
                                        "a@1",
                                        "a@1-",
                                        "a@-1",
                                        "a@00",
                                        "a@0-1",
                                        "a@1-01",
                                        "a@A-1",
                                        "a@1-1,",
                                        ",a@1-1",
                                        "a@1-1,,b@0",
                                        "a@1-1,b",
                                        "a@1-1, b",
                                        "a@ 0",
                                        "a@0 ",
                                        "a%@0",
                                        "a%2@0",
                                        "a%2x@0",
                                        "a%zz@1-1",
                                        "1-1,a@1-1",
                                        "a@1-1,0",
                                        "1-1,2-2",
                                        "a@1-18446744073709551616",
                                        "00",
                                        "0,0",
                                        "a@1-1,b@",
                                        "a@1-1,@0",
                                        "a@+1-1",
                                        "a@1--1"}) {
        CAPTURE(text);
        CHECK_FALSE(cursor_set::parse(text));
    }
}

TEST_CASE("a hundred long names are read back") {
    std::string text;
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < 100; ++i) {
        names.push_back(std::string(120, i % 2 == 0 ? 'x' : ',') + std::to_string(i));
        text += i > 0 ? "," : "";
        append_room_cursor(text, names.back(), {i + 1, i});
    }
    auto read = cursor_set::parse(text);
    REQUIRE(read);
    for (std::uint64_t i = 0; i < 100; ++i)
        REQUIRE(read->find(names[static_cast<std::size_t>(i)]) == cursor{i + 1, i});
}
