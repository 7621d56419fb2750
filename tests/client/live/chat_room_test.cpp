// `chat` at a terminal: rooms, names and what others say.
#include "chat_terminal.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

using namespace anteroom::integration;

TEST_CASE("chat: the last twenty messages are shown first, each once") {
    server_process const server;
    for (int i = 1; i <= 25; ++i)
        publish(server, "message " + std::to_string(i) + ".");
    ann at{server};
    publish(server, "message 26.");
    CHECK(at.shows("message 26.\n"));
    auto const text = at.text();
    CHECK(text.find("message 5.") == std::string::npos);
    CHECK(text.find("] somebody: message 6.\n") < text.find("] somebody: message 25.\n* you are ann"));
    for (auto const* each : {"message 6.", "message 25.", "message 26."})
        CHECK(text.find(each) == text.rfind(each));
}

TEST_CASE("chat: commands, and what is none") {
    server_process const server;
    ann at{server};
    at.type("/help\r");
    for (auto const* word : {"/help", "/who", "/join ROOM", "/name NAME", "/quit", "//text"}) {
        INFO(word);
        CHECK(at.shows(std::string("\n  ") + word));
    }
    room_client bob{server.at(), "kitchen"};
    at.type("/who\r");
    CHECK(at.shows("* here: ann (you)\n"));
    at.type("/nonsense now\r");
    CHECK(at.shows("* there is no command /nonsense; /help lists them, and / before it sends the line\n"));
    at.type(" /quitt\r");
    CHECK(at.shows("* there is no command /quitt;"));
    at.type("/join\r");
    CHECK(at.shows("* write /join ROOM\n"));
    at.type("//nonsense\r");
    CHECK(texts(server, 1) == std::vector<std::string>{"/nonsense"});
    at.type("/j\t");
    CHECK(at.has_line("kitchen> /join |"));
    room_client(server.at(), "hall").publish("the hall's");
    at.type("hall\r");
    CHECK(at.shows("] somebody: the hall's\n* you are ann in hall; "));
    CHECK(at.has_line("hall> |"));
    at.type("here\r");
    CHECK(texts(server, 2, "hall").back() == "here");
    at.type("/join a/b\r");
    CHECK(at.shows("* a room's name is 1 to 128 bytes"));
    CHECK(at.has_line("hall> |"));
    at.type("/quit\r");
    CHECK(at.wait_exit() == exited(0));
    CHECK(at.is_cooked());
    CHECK(at.cursor_line() == "|");
    CHECK(texts(server, 1) == std::vector<std::string>{"/nonsense"});
}

TEST_CASE("chat: a new name is one line for the others") {
    server_process const server{{"--presence-lease", "200ms"}};
    ann at{server};
    terminal_process bob{{.executable = executable_path(),
                          .arguments = {"chat", "kitchen", "--as", "bob", "--url", url_of(server)},
                          .environment = {},
                          .descriptors = std::nullopt}};
    CHECK(bob.shows("* here: ann\n"));
    CHECK(at.shows("* bob is here\n"));
    at.type("/name anna\r");
    CHECK(at.shows("* you are anna now\n"));
    CHECK(bob.shows("* ann is now anna\n"));
    await_subscribers(server.at(), "kitchen", 2);
    at.type("it is me\r");
    CHECK(bob.shows("] anna: it is me\n"));
    // What comes after the lease of the old name.
    CHECK(eventually(
        [&] { return room_client(server.at(), "kitchen:presence").poll("after=0&wait=0").messages.size() >= 4; }));
    bob.type("/who\r");
    CHECK(bob.shows("* here: bob (you), anna\n"));
    publish(server, "end");
    CHECK(bob.shows("] somebody: end\n"));
    CHECK(at.shows("] somebody: end\n"));
    for (terminal_process const* const who : {static_cast<terminal_process const*>(&at), &std::as_const(bob)}) {
        auto const text = who->text();
        INFO(text);
        CHECK(text.find("* anna is here") == std::string::npos);
        CHECK(text.find("* ann left") == std::string::npos);
        // Ann's own line is not shown to her a second time.
        CHECK((text.find("] anna: it is me") == std::string::npos) == (who == &at));
    }
    at.type("/name " + std::string(65, 'x') + "\r");
    CHECK(at.shows("* you are still anna: "));
}

TEST_CASE("chat: what pages send is shown so that it can be read") {
    server_process const server;
    room_client kitchen{server.at(), "kitchen"};
    auto const id = kitchen.publish("is the soup\nstill hot?");
    ann at{server};
    publish_json(server, R"({"type":"typing"})");
    publish_json(server, R"({"type":"reply","to":")" + id +
                             R"(","text":"yes","quote":{"from":"bob","text":"is the soup still hot?"}})");
    CHECK(at.shows("] somebody: > bob: is the soup still hot?\n    yes\nkitchen>"));
    publish_json(server, R"({"type":"reaction","to":")" + id + R"(","emoji":"👍"})");
    CHECK(at.shows("* somebody reacted with 👍 to somebody: is the soup still hot?\n"));
    publish_json(server, R"({"type":"reaction","to":"x-1","emoji":"👍","remove":true})");
    CHECK(at.shows("* somebody took back 👍 from an earlier message\n"));
    publish_json(server, R"({"degrees":21.5})");
    CHECK(at.shows("] somebody: {\"degrees\":21.5}\n"));
    publish(server, "\x1B[2Jwiped?\xE2\x80\xAE");
    CHECK(at.shows("] somebody: \xEF\xBF\xBD[2Jwiped?‹U+202E›\n"));
    CHECK(at.text().find("typing") == std::string::npos);
}

TEST_CASE("chat: what one sent while in another room is there on return") {
    server_process const server;
    ann at{server};
    server.signal(SIGSTOP);
    CHECK(eventually([&] { return is_stopped(server.pid()); }));
    at.type("to the kitchen\r/join hall\r");
    CHECK(at.has_line("hall> |"));
    server.signal(SIGCONT);
    CHECK(at.shows("* you are ann in hall;"));
    CHECK(texts(server, 1) == std::vector<std::string>{"to the kitchen"});
    at.type("/join kitchen\r");
    CHECK(at.shows("] ann: to the kitchen\n* you are ann in kitchen;"));
}

TEST_CASE("chat: who is in a room that one has left is not said in the next") {
    server_process const server;
    ann at{server};
    server.signal(SIGSTOP);
    CHECK(eventually([&] { return is_stopped(server.pid()); }));
    at.type("/who\r/join hall\r");
    CHECK(at.has_line("hall> |"));
    server.signal(SIGCONT);
    CHECK(at.shows("* you are ann in hall;"));
    at.type("done\r");
    CHECK(texts(server, 1, "hall") == std::vector<std::string>{"done"});
    CHECK(at.text().find("* here:") == std::string::npos);
    CHECK(at.text().find("does not say") == std::string::npos);
}

TEST_CASE("chat: a name that is none is not announced") {
    server_process const server;
    ann at{server};
    at.type("/name " + std::string(65, 'x') + "\r");
    CHECK(at.shows("* you are still ann: a name is 1 to 64 characters"));
    CHECK(at.text().find("x now\n") == std::string::npos);
    // Only the server knows that there is nothing to see in it.
    at.type("/name \xE2\x80\x8B\r");
    CHECK(at.shows("* you are still ann: the server answered 400"));
}
