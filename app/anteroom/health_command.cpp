// `anteroom health`: whether a server is ready, as an exit code.
#include "command_line.hpp"
#include "server_address.hpp"
#include "units.hpp"
#include <anteroom/client/http_client.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom {

namespace {

namespace asio = boost::asio;

constexpr std::string_view default_url = "http://127.0.0.1:8080";

// Of a server that answers with another status than 200.
client::error not_ready(std::string const& url, client::response const& answer) {
    auto why = client::evaluate(answer).why.text;
    if (why.empty())
        why = fmt::format("the server answered {}", answer.status);
    return {client::errc::refused, fmt::format("{} is not ready: {}", url, why), answer.status};
}

asio::awaitable<client::result<void>> check(std::string url, client::server_url to,
                                            std::chrono::steady_clock::time_point until) {
    client::http_client http(co_await asio::this_coro::executor, to);
    client::request request;
    request.target = "/readyz";
    auto const got = co_await http.exchange(request, until);
    if (!got)
        co_return got.error();
    if (got->status != 200)
        co_return not_ready(url, *got);
    co_return client::result<void>();
}

// As the server itself takes its settings: flags or the environment, then the file. The error says what to give.
client::result<std::string> find_server(std::vector<std::string> addresses, std::string const& file) {
    if (addresses.empty() && !file.empty())
        addresses = addresses_in_file(file);
    if (addresses.empty())
        return std::string(default_url);
    for (auto const& each : addresses) {
        if (auto url = url_of_listener(each))
            return std::move(*url);
    }
    return client::error{
        client::errc::bad_argument,
        fmt::format("a server that listens on '{}' cannot be found; give its --url", fmt::join(addresses, ","))};
}

int check_now(CLI::App const& app, std::string const& url, std::chrono::milliseconds wait) {
    auto const to = client::parse_server_url(url);
    if (!to)
        return report_failure(app, to.error());
    asio::io_context io(1);
    auto const until = std::chrono::steady_clock::now() + wait;
    auto const checked = run(io, check(url, *to, until));
    if (!checked)
        return report_failure(app, checked.error());
    return print_out(url + " is ready\n");
}

}  // namespace

int health_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    std::string url;
    std::vector<std::string> addresses;
    std::string file;
    std::string timeout;
    CLI::App app(
        "Checks that a server is ready: it answers GET /readyz with 200. Then the exit code is 0; otherwise it is 1, "
        "and\n"
        "the reason is on stderr. It makes one attempt. Without --url it asks where the server on this machine "
        "listens,\n"
        "by the same flags, environment and file with which the server is started.",
        "anteroom health");
    app.add_option("--timeout", timeout, "How long to wait for the answer")->type_name("TIME")->default_str("3s");
    app.add_option("--url", url, "The server: http://host:port, or unix:PATH")
        ->envname("ANTEROOM_URL")
        ->type_name("URL");
    app.add_option("--listen", addresses, "The address that the server listens on; of several, the first is asked")
        ->envname("ANTEROOM_LISTEN")
        ->type_name("ADDR")
        ->delimiter(',')
        ->take_all()
        ->default_str("127.0.0.1:8080");
    app.add_option("--config", file, "The server's file of settings, for its line listen = ADDR")
        ->envname("ANTEROOM_CONFIG")
        ->type_name("FILE");
    app.footer(
        "Examples: anteroom health\n"
        "          anteroom health --url http://127.0.0.1:8080 --timeout 500ms");
    if (auto const code = parse(app, how))
        return *code;
    auto const wait = parse_duration(timeout.empty() ? "3s" : timeout);
    if (!wait || wait->count() == 0)
        return usage_error(app, fmt::format("--timeout: '{}' is not a time; write 500ms or 3s", timeout));
    if (!url.empty())
        return check_now(app, url, *wait);
    try {
        auto const found = find_server(std::move(addresses), file);
        return found ? check_now(app, *found, *wait) : report_failure(app, found.error());
    } catch (CLI::Error const& error) {
        return usage_error(app, error.what());
    }
}

}  // namespace anteroom
