// The commands, as a user or a script runs them.
#include "child_process.hpp"
#include "room_client.hpp"
#include "server_process.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <csignal>
#include <optional>

using namespace anteroom::integration;

namespace {

using list = std::vector<std::string>;

launch command(std::string const& url, list arguments, bool fed = false) {
    return {.executable = executable_path(),
            .arguments = std::move(arguments),
            .environment = {{"ANTEROOM_URL", url}},
            .descriptors = std::nullopt,
            .fed = fed};
}

finished_run call(std::string const& url, list arguments, std::string_view input = {}) {
    child_process child{command(url, std::move(arguments), true)};
    if (!input.empty())
        child.write(input);
    child.end_input();
    return finish(child);
}

bool has_output(captured_stream const& stream, std::string_view what) {
    return stream.wait_until([&](std::string const& text) { return text.find(what) != std::string::npos; },
                             default_timeout);
}

bool is_one_line(std::string const& text) {
    return !text.empty() && text.find('\n') == text.size() - 1;
}

}  // namespace

TEST_CASE("publish: a text, standard input, or its lines") {
    server_process const server;
    auto const url = url_of(server);
    auto const text = call(url, {"publish", "kitchen", "hi there", "--as", "ann"});
    CHECK(text.status == exited(0));
    CHECK(is_one_line(text.out));
    CHECK(text.err.empty());
    CHECK(call(url, {"publish", "kitchen"}, "two\nlines\n").status == exited(0));
    CHECK(call(url, {"publish", "kitchen", "-", "--json"}, "{\"a\": 1}\n").status == exited(0));
    auto const lines = call(url, {"publish", "kitchen", "--lines"}, "1\r\n\n2\n3");
    CHECK(lines.status == exited(0));
    CHECK(lines_of(lines.out).size() == 3);
    CHECK(call(url, {"publish", "kitchen", "again", "--key", "k"}).out ==
          call(url, {"publish", "kitchen", "again", "--key", "k"}).out);
    CHECK(call(url, {"publish", "kitchen", "--lines", "--key", "l"}, "x\nx\n").out ==
          call(url, {"publish", "kitchen", "--lines", "--key", "l"}, "x\nx\n").out);

    auto const got = room_client(server.at(), "kitchen").poll("after=0").messages;
    REQUIRE(got.size() == 9);
    CHECK(got[0].from == "ann");
    CHECK(got[1].data == "two\nlines");
    CHECK(got[2].data.is_object());
    CHECK(got[3].data == "1");
    CHECK(got[6].data == "again");
}

TEST_CASE("publish --lines publishes each line as it arrives") {
    server_process const server;
    child_process child{command(url_of(server), {"publish", "kitchen", "--lines"}, true)};
    for (auto const* line : {"a", "b"}) {
        child.write(std::string{line} + "\n");
        CHECK(eventually([&] {
            auto const texts = room_client(server.at(), "kitchen").poll("after=0&wait=0").texts();
            return !texts.empty() && texts.back() == line;
        }));
    }
    child.end_input();
    CHECK(finish(child).status == exited(0));
}

TEST_CASE("subscribe prints messages in every form and over every transport") {
    server_process const server;
    auto const url = url_of(server);
    call(url, {"publish", "kitchen", "one", "--as", "ann"});
    call(url, {"publish", "kitchen", R"({"n":1.50})", "--json"});
    for (auto const* transport : {"poll", "stream", "sse", "websocket"}) {
        INFO(transport);
        auto const raw = call(url, {"subscribe", "kitchen", "--after", "0", "--count", "2", "--transport", transport});
        CHECK(raw.status == exited(0));
        CHECK(raw.out == "one\n{\"n\":1.50}\n");
        CHECK(raw.err.empty());
        auto const json = call(
            url, {"subscribe", "kitchen", "--after", "0", "--count", "1", "--form", "json", "--transport", transport});
        CHECK(json.out.starts_with("{\"id\":\""));
        CHECK(json.out.find(R"("from":"ann","data":"one"})") != std::string::npos);
    }
    auto const both = call(url, {"subscribe", "hall", "kitchen", "--after", "0", "--count", "1", "--form", "json"});
    CHECK(both.out.starts_with("{\"room\":\"kitchen\",\"id\":"));
}

TEST_CASE("subscribe prints new messages, and Ctrl-C ends it with the cursor to resume from") {
    server_process const server;
    auto const url = url_of(server);
    auto const* const transport = GENERATE("poll", "stream", "sse", "websocket");
    auto const stop = GENERATE(SIGINT, SIGTERM);
    child_process child{command(url, {"subscribe", "kitchen", "--transport", transport})};
    await_subscribers(server.at(), "kitchen", 1);
    room_client client{server.at(), "kitchen"};
    client.publish("a");
    CHECK(has_output(child.out(), "a\n"));
    auto const last = client.publish("b");
    CHECK(has_output(child.out(), "b\n"));
    child.signal(stop);
    auto const done = finish(child);
    CHECK(done.status == exited(0));
    CHECK(done.out == "a\nb\n");
    CHECK(done.err == "anteroom: resume with --after " + last + "\n");
}

TEST_CASE("subscribe reports gaps on stderr, and resumes after a restart") {
    auto const* const transport = GENERATE("poll", "stream", "sse", "websocket");
    temporary_folder const folder;
    list const flags{"--listen", "unix:" + folder.path("socket")};
    std::optional<server_process> server;
    server.emplace(flags);
    child_process child{command(url_of(*server), {"subscribe", "kitchen", "--transport", transport})};
    await_subscribers(server->at(), "kitchen", 1);
    room_client(server->at(), "kitchen").publish("before");
    CHECK(has_output(child.out(), "before\n"));
    // The first signal drains, the second ends the server at once.
    server->signal(SIGTERM);
    server->signal(SIGTERM);
    server->wait_exit();
    CHECK(has_output(child.err(), "trying again in"));
    server.emplace(flags);
    room_client(server->at(), "kitchen").publish("after");
    CHECK(has_output(child.out(), "after\n"));
    CHECK(has_output(child.err(), "connected again\n"));
    CHECK(has_output(child.err(), "gap in kitchen: messages missed (restarted)\n"));
    child.signal(SIGINT);
    CHECK(finish(child).status == exited(0));
}

TEST_CASE("subscribe ends quietly when its output has no reader any more") {
    server_process const server;
    auto const script = GENERATE(
        // It detects that when it writes, and when there is nothing to write.
        R"({ "$0" subscribe kitchen --after 0; echo "code $?" >&2; } | head -n 1)",
        R"({ "$0" subscribe hall; echo "code $?" >&2; } | true)");
    room_client client{server.at(), "kitchen"};
    for (int i = 0; i < 1000; ++i)
        client.publish(std::string(100, 'x'));
    child_process shell{{.executable = "/bin/sh",
                         .arguments = {"-c", script, executable_path()},
                         .environment = {{"ANTEROOM_URL", url_of(server)}},
                         .descriptors = std::nullopt}};
    auto const done = finish(shell);
    CHECK(done.status == exited(0));
    CHECK(done.err == "code 0\n");
}

TEST_CASE("chat: messages of others, joins and leaves, and what the user types") {
    server_process const server{{"--presence-lease", "200ms"}};
    auto const url = url_of(server);
    child_process ann{command(url, {"chat", "kitchen", "--as", "ann"}, true)};
    CHECK(has_output(ann.out(), "you are ann"));
    await_subscribers(server.at(), "kitchen", 1);
    {
        child_process bob{command(url, {"chat", "kitchen", "--as", "bob"}, true)};
        CHECK(has_output(ann.out(), "* bob is here\n"));
        CHECK(has_output(bob.out(), "* here: ann\n"));
        bob.write("hello\n");
        CHECK(has_output(ann.out(), "] bob: hello\n"));
        ann.write("hi\n");
        CHECK(has_output(bob.out(), "] ann: hi\n"));
        room_client(server.at(), "kitchen").publish("\x1B[2Jwiped?");
        CHECK(has_output(bob.out(), "] somebody: \xEF\xBF\xBD[2Jwiped?\n"));
        bob.end_input();
        auto const done = finish(bob);
        CHECK(done.status == exited(0));
        CHECK(done.out.find("bob: hello") == std::string::npos);
    }
    CHECK(has_output(ann.out(), "* bob left\n"));
    ann.signal(SIGINT);
    CHECK(finish(ann).status == exited(0));
}

TEST_CASE("rooms: a table, or JSON") {
    server_process const server;
    auto const url = url_of(server);
    for (auto const* room : {"hall", "kitchen", "kitten"})
        call(url, {"publish", room, "hi"});
    auto const table = call(url, {"rooms"});
    CHECK(table.status == exited(0));
    auto const rows = lines_of(table.out);
    REQUIRE(rows.size() == 4);
    CHECK(rows[1].ends_with("  hall"));
    auto const json = lines_of(call(url, {"rooms", "--prefix", "kit", "--json"}).out);
    REQUIRE(json.size() == 2);
    CHECK(json[0].starts_with(R"({"room":"kitchen","messages":1,)"));
}

TEST_CASE("without a command it serves, as with serve") {
    CHECK(run_server({.flags = {"serve", "--version"}}).status == exited(0));
    server_process const server{{"serve", "--listen", "127.0.0.1:0"}};
    CHECK(call(url_of(server), {"publish", "kitchen", "hi"}).status == exited(0));
}

TEST_CASE("every command has a help text with an example") {
    auto const of_server = call("", {"--help"});
    CHECK(call("", {"help"}).out == of_server.out);
    CHECK(call("", {"help", "serve"}).out == of_server.out);
    for (auto const* name : {"publish", "subscribe", "chat", "rooms", "health", "bench", "help"}) {
        auto const help = call("", {name, "--help"});
        CHECK(call("", {"help", name}).out == help.out);
        CHECK(call("", {name, "--version"}).out == call("", {"--version"}).out);
        CHECK(of_server.out.find(std::string("\n  ") + name + " ") != std::string::npos);
        INFO(help.out);
        CHECK(help.status == exited(0));
        CHECK(help.out.find(std::string{"Usage: anteroom "} + name) != std::string::npos);
        CHECK(help.out.find("Example") != std::string::npos);
        CHECK(help.err.empty());
    }
    CHECK(of_server.status == exited(0));
}

TEST_CASE("an error is one line on stderr, and the exit code tells usage errors from failures") {
    server_process const server;
    auto const url = url_of(server);
    list const usage_errors[] = {{"publish"},
                                 {"publish", "a/b", "x"},
                                 {"publish", "kitchen", ""},
                                 {"publish", "kitchen", "x", "--as", "a\nb"},
                                 {"publish", "kitchen", "x", "--lines"},
                                 {"publish", "kitchen", "x", "--retry", "soon"},
                                 {"publish", "kitchen", "x", "--nonsense"},
                                 {"publish", "kitchen", "x", "--url", "https://example.org"},
                                 {"subscribe"},
                                 {"subscribe", "kitchen", "kitchen"},
                                 {"subscribe", "a", "b", "--after", "e-1"},
                                 {"subscribe", "kitchen", "--form", "xml"},
                                 {"subscribe", "kitchen", "--transport", "pigeon"},
                                 {"subscribe", "kitchen", "--count", "0"},
                                 {"chat", "kitchen"},
                                 {"chat", "a/b", "--as", "ann"},
                                 {"rooms", "--url", "example.org"},
                                 {"help", "gossip"},
                                 {"gossip"}};
    for (auto const& arguments : usage_errors) {
        std::string line;
        for (auto const& each : arguments)
            line += each + " ";
        INFO(line);
        auto const done = call(url, arguments);
        CHECK(done.status == exited(2));
        CHECK(done.out.empty());
        CHECK(is_one_line(done.err));
        CHECK(done.err.starts_with("anteroom: "));
        CHECK(done.err.find("--help)") != std::string::npos);
    }
    list const failures[] = {{"publish", "kitchen:presence", "x"},
                             {"publish", "kitchen", "{", "--json"},
                             {"publish", "kitchen", "x", "--retry", "0", "--url", "unix:/nonexistent"},
                             {"subscribe", "kitchen", "--after", "no-cursor"},
                             {"rooms", "--url", "unix:/nonexistent"}};
    for (auto const& arguments : failures) {
        INFO(arguments[0] << arguments[2]);
        auto const done = call(url, arguments);
        CHECK(done.status == exited(1));
        CHECK(done.out.empty());
        CHECK(is_one_line(done.err));
    }
}

TEST_CASE("subscribe retries while there is no server yet, and reports it") {
    temporary_folder const folder;
    auto const url = "unix:" + folder.path("socket");
    child_process child{command(url, {"subscribe", "kitchen", "--after", "0"})};
    CHECK(has_output(child.err(), "No such file or directory; trying again in"));
    server_process const server{{"--listen", url}};
    room_client(server.at(), "kitchen").publish("hi");
    CHECK(has_output(child.out(), "hi\n"));
    child.signal(SIGINT);
    CHECK(finish(child).status == exited(0));
}

TEST_CASE("output that cannot be written is an error, and no silent end") {
    server_process const server;
    auto const url = url_of(server);
    auto const id = room_client(server.at(), "kitchen").publish("hi");
    auto const full = [&](std::string const& arguments, std::string_view input = {}) {
        child_process shell{{.executable = "/bin/sh",
                             .arguments = {"-c", R"("$0" )" + arguments + " >/dev/full", executable_path()},
                             .environment = {{"ANTEROOM_URL", url}},
                             .descriptors = std::nullopt,
                             .fed = true}};
        if (!input.empty())
            shell.write(input);
        return finish(shell);
    };
    auto const* const why = "anteroom: standard output: No space left on device\n";
    for (auto const* arguments : {"publish kitchen ho", "rooms", "rooms --json", "health", "help --man",
                                  "help --man chat", "help --completion bash", "help", "help chat", "--help",
                                  "--version", "chat --help", "chat --version", "chat kitchen --as ann"}) {
        INFO(arguments);
        auto const done = full(arguments);
        CHECK(done.status == exited(1));
        CHECK(done.err == why);
    }
    auto const follower = full("subscribe kitchen --after " + id);
    CHECK(follower.status == exited(1));
    CHECK(follower.err == std::string(why) + "anteroom: resume with --after " + id + "\n");
    CHECK(full("publish kitchen --lines", "a\nb\n").err == why);
    CHECK(room_client(server.at(), "kitchen").poll("after=0").texts() == list{"hi", "ho", "a"});
}

TEST_CASE("help has no fault with a reader that goes") {
    child_process shell{{.executable = "/bin/bash",  // which can wait for a process that it writes to
                         .arguments = {"-c", R"(exec 3> >(true); wait $!; "$0" chat --help >&3; echo "code $?" >&2)",
                                       executable_path()},
                         .environment = {},
                         .descriptors = std::nullopt}};
    CHECK(finish(shell).err == "code 0\n");
}

TEST_CASE("chat from a pipe says which message was not sent, and how many more") {
    server_process const server{{"--max-body", "100"}};
    auto const done = call(url_of(server), {"chat", "kitchen", "--as", "ann"}, std::string(200, 'x') + "\ny\nz\n");
    CHECK(done.status == exited(1));
    INFO(done.err);
    CHECK(done.err.starts_with("anteroom: not sent: \"" + std::string(39, 'x') + "…\": "));
}
