// `chat` at a terminal: how it ends and stops, and what it says of messages that were not sent.
#include "chat_terminal.hpp"

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

using namespace anteroom::integration;

namespace {

/// The flags of its standard input, which are those of everybody who has that terminal open.
int input_flags(pid_t process) {
    std::ifstream file{"/proc/" + std::to_string(process) + "/fdinfo/0"};
    std::string word;
    while (file >> word && word != "flags:") {
    }
    int flags = -1;
    file >> std::oct >> flags;
    REQUIRE(file);
    return flags;
}

}  // namespace

TEST_CASE("chat: Ctrl-C and Ctrl-D leave the terminal as it was") {
    server_process const server;
    for (auto const* key : {control_c, control_d, ""}) {
        ann at{server};
        CHECK_FALSE(at.is_cooked());
        // The shell would have to read from it afterwards.
        CHECK((input_flags(at.pid()) & O_NONBLOCK) == 0);
        if (key == control_c) {
            at.type("unfinished");
            CHECK(at.has_line("kitchen> unfinished|"));
        }
        if (*key != '\0')
            at.type(key);
        else
            at.signal(SIGTERM);
        CHECK(at.wait_exit() == exited(0));
        CHECK(at.is_cooked());
        CHECK(at.cursor_line() == "|");
        CHECK(at.text().find("kitchen>") == std::string::npos);
        await_subscribers(server.at(), "kitchen", 0);
    }
}

TEST_CASE("chat: after /quit Ctrl-C ends the wait for a server that does not answer") {
    server_process const server;
    ann at{server};
    server.signal(SIGSTOP);
    CHECK(eventually([&] { return is_stopped(server.pid()); }));
    at.type("unsent\r");
    CHECK(at.shows("kitchen> unsent\nkitchen>"));
    at.type("/quit\r");
    CHECK(at.shows("/quit\n* waiting to send 1 message; Ctrl-C gives it up\n"));
    CHECK(at.has_line("|"));
    CHECK(eventually([&] { return at.is_cooked(); }));
    at.type(control_c);
    CHECK(at.shows("\n^C\n* 1 message was not sent, or not acknowledged\n"));
    server.signal(SIGCONT);
    CHECK(at.wait_exit() == exited(1));
}

TEST_CASE("chat: Ctrl-Z stops it, and what was typed is there when it continues") {
    server_process const server;
    ann at{server};
    at.type("half");
    CHECK(at.has_line("kitchen> half|"));
    at.type(control_z);
    CHECK(eventually([&] { return is_stopped(at.pid()); }));
    CHECK(at.is_cooked());
    CHECK(at.has_line("|"));
    at.signal(SIGCONT);
    CHECK(at.has_line("kitchen> half|"));
    at.type(" done\r");
    CHECK(texts(server, 1) == std::vector<std::string>{"half done"});
}

TEST_CASE("chat: an error of the first connection is one line, and the terminal as it was") {
    server_process const server;
    terminal_process at{{.executable = executable_path(),
                         .arguments = {"chat", "a/b", "--as", "ann", "--url", url_of(server)},
                         .environment = {},
                         .descriptors = std::nullopt}};
    CHECK(at.wait_exit() == exited(2));
    CHECK(at.is_cooked());
    CHECK(at.text().starts_with("anteroom: a room's name"));
}

TEST_CASE("chat: Ctrl-C says how many messages are given up") {
    server_process const server;
    ann at{server};
    server.signal(SIGSTOP);
    CHECK(eventually([&] { return is_stopped(server.pid()); }));
    at.type("one\r/name anna\rtwo\r");
    CHECK(at.shows("kitchen> two\nkitchen>"));
    at.type(control_c);
    CHECK(at.shows("\n* 2 messages were not sent, or not acknowledged\n"));
    CHECK(at.wait_exit() == exited(1));
    CHECK(at.is_cooked());
    server.signal(SIGCONT);
}

TEST_CASE("chat: a complaint says which message was not sent") {
    server_process const server{{"--max-body", "100"}};
    ann at{server};
    at.type("soup " + std::string(200, 'x') + "\r");
    CHECK(at.shows("* not sent: \"soup " + std::string(34, 'x') + "…\": "));
    at.type("/quit\r");
    CHECK(at.wait_exit() == exited(0));
}
