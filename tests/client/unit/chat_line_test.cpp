// What is typed into a chat.
#include <anteroom/chat_line.hpp>

#include <catch2/catch_test_macros.hpp>

using anteroom::chat_line;
using anteroom::complete_chat_line;
using anteroom::parse_chat_line;
using kind = anteroom::chat_line::kind;

namespace {

using list = std::vector<std::string>;

void check(std::string_view typed, kind what, std::string_view text = "") {
    INFO(typed);
    auto const got = parse_chat_line(typed);
    CHECK(got.what == what);
    if (what != kind::invalid)
        CHECK(got.text == text);
    else
        CHECK(got.text.find(text) != std::string::npos);
}

}  // namespace

TEST_CASE("a line is a message unless it begins with a slash") {
    check("hello", kind::message, "hello");
    check("  indented  ", kind::message, "  indented  ");
    check("and/or", kind::message, "and/or");
    check("", kind::nothing);
    check(" \t ", kind::nothing);
}

TEST_CASE("commands, with an argument if they take one") {
    check("/help", kind::help);
    check("/who", kind::who);
    check(" /WHO ", kind::who);
    check("/join hall of fame ", kind::join, "hall of fame");
    check("/join\thall", kind::join, "hall");
    check("/name ann", kind::name, "ann");
    check("/quit", kind::quit);
}

TEST_CASE("what looks like a command and is none is not sent") {
    check("/etc/passwd is a file", kind::invalid, "no command /etc/passwd;");
    check("/", kind::invalid, "no command /;");
    check("  /quitt", kind::invalid, "no command /quitt;");
    check("/joinhall", kind::invalid, "no command /joinhall;");
    check("/quit now", kind::invalid, "/quit stands alone");
    check("/who is it?", kind::invalid, "/who stands alone");
    check("/join", kind::invalid, "write /join ROOM");
    check("/name  ", kind::invalid, "write /name NAME");
}

TEST_CASE("two slashes send one") {
    check("//etc/passwd", kind::message, "/etc/passwd");
    check(" //quit", kind::message, "/quit");
    check("///", kind::message, "//");
}

TEST_CASE("help has every command") {
    std::string all;
    for (auto const& line : anteroom::chat_help())
        all += line + "\n";
    for (auto const* word : {"/help", "/who", "/join ROOM", "/name NAME", "/quit", "//text"})
        CHECK(all.find(word) != std::string::npos);
}

TEST_CASE("the Tab key completes commands and names") {
    list const names{"ann", "anton", "bob"};
    CHECK(complete_chat_line("/j", names) == list{"/join "});
    CHECK(complete_chat_line("/", names).size() == 5);
    CHECK(complete_chat_line("/q", names) == list{"/quit"});
    CHECK(complete_chat_line("an", names) == list{"ann ", "anton "});
    CHECK(complete_chat_line("hi @b", names) == list{"hi @bob "});
    CHECK(complete_chat_line("hi ", names).empty());
    CHECK(complete_chat_line("", names).empty());
    CHECK(complete_chat_line("/name b", names) == list{"/name bob "});
}
