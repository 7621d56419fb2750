// `anteroom rooms`: the rooms in use.
#include "command_line.hpp"
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
    bool on_terminal = false;
};

struct page {
    std::string text;  // to be printed
    std::string last;  // the last room of the page
    bool more = false;
};

void print_room(std::string_view facts, rooms_options const& what, page& into) {
    std::string numbers[3];
    client::json_reader reader(facts);
    reader.enter('{');
    while (reader.next()) {
        if (reader.name() == "room")
            into.last = client::json_string(reader.value()).value_or("");
        if (reader.name() == "messages")
            numbers[0] = reader.value();
        if (reader.name() == "bytes")
            numbers[1] = reader.value();
        if (reader.name() == "subscribers")
            numbers[2] = reader.value();
    }
    if (what.json)
        into.text.append(what.on_terminal ? json_for_terminal(facts) : std::string(facts)).append("\n");
    else
        fmt::format_to(std::back_inserter(into.text), "{:>9} {:>11} {:>11}  {}\n", numbers[0], numbers[1], numbers[2],
                       for_terminal(into.last));
}

bool read_page(std::string_view body, rooms_options const& what, page& into) {
    bool is_list = false;
    client::json_reader reader(body);
    if (!reader.enter('{'))
        return false;
    while (reader.next()) {
        if (reader.name() == "more")
            into.more = reader.value() == "true";
        if (reader.name() != "rooms")
            continue;
        client::json_reader rooms(reader.value());
        is_list = rooms.enter('[');
        while (rooms.next())
            print_room(rooms.value(), what, into);
    }
    return reader.complete() && is_list;
}

// Prints all pages of the list; completes with the exit code. Ends early, without an error, where nobody reads standard
// output any more.
asio::awaitable<client::result<int>> list(client::server_url to, rooms_options what) {
    client::http_client http(co_await asio::this_coro::executor, to);
    page at;
    if (!what.json)
        at.text = " messages       bytes subscribers  room\n";
    do {
        client::request request;
        request.target = fmt::format("/rooms?limit=1000&prefix={}", percent_encode(what.prefix));
        if (!at.last.empty())
            request.target += "&after=" + percent_encode(at.last);
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        auto const got = co_await http.exchange(request, until);
        if (!got)
            co_return got.error();
        auto const outcome = client::evaluate(*got);
        if (outcome.what != client::outcome::action::accept)
            co_return outcome.why;
        if (!read_page(got->body, what, at))
            co_return client::error{client::errc::refused, "this is no anteroom server"};
        auto const written = write_out(STDOUT_FILENO, at.text);
        if (written == write_result::failed) {
            report(output_error());
            co_return 1;
        }
        if (written != write_result::all)
            break;
        at.text.clear();
    } while (at.more);
    co_return 0;
}

}  // namespace

int rooms_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    rooms_options what;
    CLI::App app(
        "Lists the rooms in use, ordered by name: the messages that each keeps, their bytes, and its subscribers.",
        "anteroom rooms");
    app.add_option("--prefix", what.prefix, "Only rooms whose name starts with this")->type_name("TEXT");
    app.add_flag("--json", what.json, "Print each room as a line of JSON");
    add_url(app, what.url);
    app.footer("Example: anteroom rooms --prefix team- --json");
    if (auto const code = parse(app, how))
        return *code;
    auto const to = client::parse_server_url(what.url);
    if (!to)
        return report_failure(app, to.error());
    what.on_terminal = ::isatty(STDOUT_FILENO) != 0;
    asio::io_context io(1);
    auto const listed = run(io, list(*to, what));
    return listed ? *listed : report_failure(app, listed.error());
}

}  // namespace anteroom
