// `chat` at a terminal: a line is edited while others talk.
#include "chat_terminal.hpp"

#include <algorithm>
#include <utility>

using namespace anteroom::integration;

TEST_CASE("chat: a line is edited, sent, and called back") {
    server_process const server;
    ann at{server};
    at.type("helo");
    CHECK(at.has_line("kitchen> helo|"));
    at.type(left);
    at.type("l");
    CHECK(at.has_line("kitchen> hell|o"));
    at.type(enter);
    CHECK(texts(server, 1) == std::vector<std::string>{"hello"});
    CHECK(at.has_line("kitchen> |"));
    at.type(up);
    CHECK(at.has_line("kitchen> hello|"));
    at.type("\x01>> \x05!\r");  // to the beginning, to the end
    CHECK(texts(server, 2).back() == ">> hello!");
    CHECK(at.text().find("] ann: hello") == std::string::npos);
}

TEST_CASE("chat: what others say does not break the line that is typed") {
    server_process const server;
    ann at{server};
    at.type("I am typ");
    CHECK(at.has_line("kitchen> I am typ|"));
    publish(server, "hi ann");
    CHECK(at.shows("] somebody: hi ann\nkitchen> I am typ\n"));
    at.type(left);
    at.type(left);
    at.type(left);
    CHECK(at.has_line("kitchen> I am |typ"));
    publish(server, "two\nlines");
    CHECK(at.shows("] somebody: hi ann\n"));
    CHECK(at.shows("] somebody: two\n    lines\nkitchen> I am typ\n"));
    CHECK(at.has_line("kitchen> I am |typ"));
    at.type("still \x05ing\r");
    CHECK(texts(server, 3).back() == "I am still typing");
}

TEST_CASE("chat: a line of several rows, with wide characters, stays whole") {
    server_process const server;
    ann at{server, 75, 8};
    std::string line;
    for (int i = 0; i < 24; ++i)
        line += "ab\xE4\xB8\x96 ";  // a character of two columns, which falls on the margin once
    line += "\xC3\xA4\xE7\x95\x8C";
    at.type(line);
    CHECK(at.has_line("kitchen> " + line + "|"));
    publish(server, "one");
    CHECK(at.shows("] somebody: one\nkitchen> " + line + "\n"));
    for (int i = 0; i < 60; ++i)
        at.type(left);
    auto const cut = line.size() - 93;  // 60 characters before the end
    auto const middle = "kitchen> " + line.substr(0, cut) + "|" + line.substr(cut);
    CHECK(at.has_line(middle));
    publish(server, "two");
    CHECK(at.shows("] somebody: one\n"));
    CHECK(at.shows("] somebody: two\nkitchen> " + line + "\n"));
    CHECK(at.has_line(middle));
    at.type(enter);
    CHECK(texts(server, 3).back() == line);
    CHECK(at.has_line("kitchen> |"));
    CHECK(at.text().find("kitchen> " + line + "\nkitchen>\n") != std::string::npos);
}

TEST_CASE("chat: the line is drawn anew when the terminal changes its size") {
    server_process const server;
    ann at{server};
    publish(server, "before");
    CHECK(at.shows("before\n"));
    auto const line = std::string(60, 'x');
    at.type(line);
    CHECK(at.has_line("kitchen> " + line + "|"));
    at.forget();
    at.resize(40, 10);
    CHECK(at.writes("\x1B[J"));  // it has noticed
    at.type("y");
    CHECK(at.has_line("kitchen> " + line + "y|"));
    publish(server, "narrow");
    CHECK(at.shows("] somebody: before\n"));
    CHECK(at.shows("] somebody: narrow\nkitchen> " + line + "y\n"));
    at.forget();
    at.resize(100, 30);
    CHECK(at.writes("\x1B[J"));  // it has noticed
    at.type("z");
    CHECK(at.has_line("kitchen> " + line + "yz|"));
    publish(server, "wide");
    CHECK(at.shows("] somebody: narrow\n"));
    CHECK(at.shows("] somebody: wide\nkitchen> " + line + "yz\n"));
}

TEST_CASE("chat: keys without a meaning type nothing") {
    server_process const server;
    ann at{server};
    at.type("ab");
    for (auto const* key :
         {"[5~", "[6~", "[2~", "[3;5~", "[15~", "[24~", "[1;2A", "[1;2D",  "[1;3C",  "[1;3B",  "[1;6H", "OP", "OS",
          "[Z",  "[[A", "[a",  "Oa",    "[3^",  "[3$",  "[3@",   "\x1B[A", "\x1BOB", "[15;2~", "[1;5P", "OM"}) {
        INFO(key);
        at.type(std::string("\x1B") + key + "-");
    }
    CHECK(at.has_line("kitchen> ab" + std::string(25, '-') + "|"));
    // Those that have one still do.
    at.type("\x1B[H\x1B[3~\x1B[C\x1B[1;5D\x1B[4~!\x1BOHx\x1BOF?");
    CHECK(at.has_line("kitchen> xb" + std::string(25, '-') + "!?|"));
}

TEST_CASE("chat: a character after half of one is not lost") {
    server_process const server;
    ann at{server};
    at.type(
        "a\xE4"
        "b\xE4\xB8"
        "c\xE4\xC3\xA4"
        "d\r");
    CHECK(texts(server, 1) == std::vector<std::string>{"abc\xC3\xA4"
                                                       "d"});
}
