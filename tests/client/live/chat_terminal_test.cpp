// `chat` at a terminal: a line is edited while others talk.
#include "room_client.hpp"
#include "server_process.hpp"
#include "terminal_process.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <utility>

using namespace anteroom::integration;

namespace {

constexpr auto* enter = "\r";
constexpr auto* left = "\x1B[D";
constexpr auto* up = "\x1B[A";
constexpr auto* control_c = "\x03";
constexpr auto* control_d = "\x04";
constexpr auto* control_z = "\x1A";

/// Ann, in the kitchen, once the room is shown.
class ann : public terminal_process {
  public:
    explicit ann(server_process const& server, std::size_t columns = 80, std::size_t rows = 24)
        : terminal_process{{.executable = executable_path(),
                            .arguments = {"chat", "kitchen", "--as", "ann", "--url", url_of(server)},
                            .environment = {},
                            .descriptors = std::nullopt},
                           columns,
                           rows} {
        REQUIRE(shows("* you are ann in kitchen; /help lists the commands, Ctrl-D leaves\n"));
        await_subscribers(server.at(), "kitchen", 1);
        REQUIRE(has_line("kitchen> |"));
    }
};

/// The texts of the kitchen, once there are that many.
std::vector<std::string> texts(server_process const& server, std::size_t count, std::string const& room = "kitchen") {
    std::vector<std::string> out;
    room_client client{server.at(), room};
    CHECK(eventually([&] {
        out = client.poll("after=0&wait=0").texts();
        return out.size() >= count;
    }));
    return out;
}

void publish(server_process const& server, std::string const& text) {
    room_client(server.at(), "kitchen").publish(text);
}

void publish_json(server_process const& server, std::string const& data) {
    room_client kitchen{server.at(), "kitchen"};
    REQUIRE(kitchen.http().exchange(post(kitchen.target("/publish"), data, json_type)).status == 201);
}

/// Whether all threads of a process are stopped.
bool is_stopped(pid_t process) {
    auto const tasks = std::filesystem::directory_iterator{"/proc/" + std::to_string(process) + "/task"};
    return std::all_of(begin(tasks), end(tasks), [](auto const& task) {
        std::ifstream file{task.path() / "stat"};
        std::string text;
        std::getline(file, text);
        return text.at(text.rfind(')') + 2) == 'T';
    });
}

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
