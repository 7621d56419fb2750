// `anteroom rooms`: the rooms in use.
#include "command_line.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/json_reader.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iterator>

namespace anteroom {

namespace {

namespace asio = boost::asio;

struct rooms_options {
    std::string url;
    std::string prefix;
    bool json = false;
};

struct page {
    std::string text;  // as it is printed
    std::string last;  // room
    bool more = false;
};

void print_room(std::string_view facts, bool as_json, page& into) {
    std::string numbers[3];
    client::json_walk walk(facts);
    walk.enter('{');
    while (walk.next()) {
        if (walk.name() == "room")
            into.last = client::json_string(walk.value()).value_or("");
        if (walk.name() == "messages")
            numbers[0] = walk.value();
        if (walk.name() == "bytes")
            numbers[1] = walk.value();
        if (walk.name() == "subscribers")
            numbers[2] = walk.value();
    }
    if (as_json)
        into.text.append(facts).append("\n");
    else
        fmt::format_to(std::back_inserter(into.text), "{:>9} {:>11} {:>11}  {}\n", numbers[0], numbers[1], numbers[2],
                       for_terminal(into.last));
}

bool read_page(std::string_view body, bool as_json, page& into) {
    bool is_list = false;
    client::json_walk walk(body);
    if (!walk.enter('{'))
        return false;
    while (walk.next()) {
        if (walk.name() == "more")
            into.more = walk.value() == "true";
        if (walk.name() != "rooms")
            continue;
        client::json_walk rooms(walk.value());
        is_list = rooms.enter('[');
        while (rooms.next())
            print_room(rooms.value(), as_json, into);
    }
    return walk.complete() && is_list;
}

asio::awaitable<int> list(CLI::App const& app, rooms_options const& what) {
    auto const to = client::parse_server_url(what.url);
    if (!to)
        co_return failed(app, to.error());
    auto const executor = co_await asio::this_coro::executor;
    client::caller calls(executor, *to);
    page at;
    if (!what.json)
        at.text = " messages       bytes subscribers  room\n";
    do {
        client::request ask;
        ask.target = fmt::format("/rooms?limit=1000&prefix={}", percent_encode(what.prefix));
        if (!at.last.empty())
            ask.target += "&after=" + percent_encode(at.last);
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        auto const got = co_await calls.call(ask, until);
        if (!got)
            co_return failed(app, got.error());
        auto const verdict = client::judge(*got);
        if (verdict.what != client::verdict::action::take)
            co_return failed(app, verdict.why);
        if (!read_page(got->body, what.json, at))
            co_return failed(app, {client::errc::refused, "what answers is no anteroom"});
        if (write_out(STDOUT_FILENO, at.text) != written::all)
            co_return 0;
        at.text.clear();
    } while (at.more);
    co_return 0;
}

}  // namespace

int rooms_command(int argc, char const* const* argv) {
    std::signal(SIGPIPE, SIG_IGN);
    rooms_options what;
    CLI::App app(
        "Lists the rooms in use, in name order: the messages that each keeps, their bytes, and who waits in it.",
        "anteroom rooms");
    app.add_option("--prefix", what.prefix, "Only rooms whose name begins like this")->type_name("TEXT");
    app.add_flag("--json", what.json, "Print the facts of a room as a line of JSON");
    add_url(app, what.url);
    app.footer("Example: anteroom rooms --prefix team- --json");
    if (auto const code = parse(app, argc, argv))
        return *code;
    asio::io_context io(1);
    return run(io, list(app, what));
}

}  // namespace anteroom
