// `anteroom chat`: a conversation in a terminal, one message per line.
#include "command_line.hpp"
#include "descriptor_watcher.hpp"
#include "echo_filter.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/client/http_client.hpp>
#include <anteroom/client/json_reader.hpp>
#include <anteroom/client/publisher.hpp>
#include <anteroom/client/subscriber.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <deque>

namespace anteroom {

namespace {

namespace asio = boost::asio;

struct chat_options {
    std::string url;
    std::string room;
    std::string as;
};

std::string clock_time(std::int64_t unix_ms) {
    auto const seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    return fmt::format("{:%H:%M:%S}", local);
}

std::string name_of(std::string_view from) {
    return from.empty() ? std::string("somebody") : for_terminal(from);
}

class chat_session {
  public:
    chat_session(CLI::App const& app, chat_options const& what)
        : app_(app),
          what_(what),
          signals_(io_, SIGINT, SIGTERM),
          line_ready_(io_, asio::steady_timer::time_point::max()),
          input_(
              STDIN_FILENO, [this](std::string line) { add_line(std::move(line)); }, [this] { add_line({}, true); }) {}

    /// The exit code.
    int run() {
        signals_.async_wait([this](boost::system::error_code ec, int) {
            if (!ec)
                end(0);
        });
        auto const done = [this](std::exception_ptr const& thrown, int code) {
            if (thrown)
                std::rethrow_exception(thrown);
            end(code);
        };
        asio::co_spawn(io_, receive_messages(), done);
        asio::co_spawn(io_, send_lines(), done);
        io_.run();
        return code_;
    }

  private:
    asio::awaitable<int> receive_messages();
    asio::awaitable<int> send_lines();
    asio::awaitable<int> show_present();

    void add_line(std::string line, bool last = false);
    void end(int code) {
        code_ = code;
        io_.stop();
    }
    void show(std::string const& line) {
        if (write_out(STDOUT_FILENO, line + '\n') == write_result::closed)
            end(0);
    }
    void show_presence(client::message const& of);

    CLI::App const& app_;
    chat_options const& what_;
    int code_ = 0;
    asio::io_context io_{1};
    asio::signal_set signals_;
    std::deque<std::string> lines_;
    bool no_more_lines_ = false;
    echo_filter echoes_;
    asio::steady_timer line_ready_;  // never expires; cancelled when there is a line, or no more will come
    line_reader input_;
};

void chat_session::add_line(std::string line, bool last) {
    asio::post(io_, [this, line = std::move(line), last]() mutable {
        no_more_lines_ = no_more_lines_ || last;
        if (!line.empty())
            lines_.push_back(std::move(line));
        line_ready_.cancel();
    });
}

asio::awaitable<int> chat_session::receive_messages() {
    auto const executor = co_await asio::this_coro::executor;
    client::subscriber_options options;
    options.as = what_.as;
    bool disconnected = false;
    options.on_retry = [&](client::error const& why, std::chrono::milliseconds) {
        if (!disconnected)
            report(fmt::format("{}; trying again", why.text));
        disconnected = true;
    };
    options.on_connect = [&] {
        show(disconnected ? "* connected again"
                          : fmt::format("* you are {} in {}; Ctrl-D leaves", what_.as, what_.room));
        disconnected = false;
    };
    std::vector<std::string> rooms{what_.room};
    auto const presence_room = what_.room + ":presence";
    if (presence_room.size() <= 128)
        rooms.push_back(presence_room);
    client::subscriber messages(executor, what_.url, rooms, options);
    auto const started = co_await messages.start();
    if (!started)
        co_return report_failure(app_, started.error());
    co_await show_present();
    for (;;) {
        auto const got = co_await messages.next();
        if (!got)
            co_return report_failure(app_, got.error());
        for (auto const& each : got->gaps) {
            if (each.room != what_.room)
                continue;
            show(fmt::format("* {} messages were missed ({})", each.missed ? std::to_string(*each.missed) : "some",
                             each.reason));
        }
        for (auto const& each : got->messages) {
            if (each.room != what_.room) {
                show_presence(each);
                continue;
            }
            if (each.from == what_.as && echoes_.is_echo(each.id, each.data))
                continue;
            show(
                fmt::format("[{}] {}: {}", clock_time(each.time), name_of(each.from), for_terminal(each.data, "    ")));
        }
    }
}

asio::awaitable<int> chat_session::send_lines() {
    auto const executor = co_await asio::this_coro::executor;
    client::publisher_options options;
    options.as = what_.as;
    options.retry_timeout = std::chrono::seconds(30);
    client::publisher out(executor, what_.url, options);
    for (;;) {
        while (lines_.empty() && !no_more_lines_)
            co_await line_ready_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (lines_.empty())
            co_return code_;
        auto const line = std::move(lines_.front());
        lines_.pop_front();
        echoes_.sending(line);
        client::draft what(line);
        auto const done = co_await out.publish(what_.room, std::move(what));
        if (done) {
            echoes_.acknowledged(done->ids.front());
            continue;
        }
        echoes_.failed();
        if (done.error().code == client::errc::bad_argument)
            co_return report_failure(app_, done.error());
        report(fmt::format("not sent: {}", done.error().text));
        // The input has ended, so nobody can retry by hand.
        if (no_more_lines_)
            co_return 1;
    }
}

void chat_session::show_presence(client::message const& of) {
    std::string event;
    std::string name;
    client::json_reader reader(of.data);
    reader.enter('{');
    while (reader.next()) {
        if (reader.name() == "event")
            event = client::json_string(reader.value()).value_or("");
        if (reader.name() == "as")
            name = client::json_string(reader.value()).value_or("");
    }
    if (name != what_.as && (event == "join" || event == "leave"))
        show(fmt::format("* {} {}", for_terminal(name), event == "join" ? "is here" : "left"));
}

// Shows who is already present; shows nothing if that cannot be retrieved.
asio::awaitable<int> chat_session::show_present() {
    auto const to = client::parse_server_url(what_.url);
    auto const executor = co_await asio::this_coro::executor;
    client::http_client http(executor, *to);
    client::request request;
    request.target = fmt::format("/room/{}/presence", percent_encode(what_.room));
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    auto const got = co_await http.exchange(request, until);
    if (!got || got->status != 200)
        co_return 0;
    std::string names;
    client::json_reader reader(got->body);
    reader.enter('{');
    while (reader.next()) {
        if (reader.name() != "present")
            continue;
        client::json_reader present(reader.value());
        present.enter('[');
        while (present.next()) {
            client::json_reader one(present.value());
            one.enter('{');
            while (one.next()) {
                auto const name = one.name() == "as" ? client::json_string(one.value()).value_or("") : "";
                if (!name.empty() && name != what_.as)
                    names += (names.empty() ? "" : ", ") + for_terminal(name);
            }
        }
    }
    if (!names.empty())
        show("* here: " + names);
    co_return 0;
}

}  // namespace

int chat_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    chat_options what;
    CLI::App app(
        "Talks in a room: a line that you type is a message, and what the others say is printed as it comes.\n"
        "Ctrl-D or Ctrl-C leaves.",
        "anteroom chat");
    app.add_option("ROOM", what.room, "The room")->required()->type_name("");
    app.add_option("--as", what.as, "Your name")->type_name("NAME")->required();
    add_url(app, what.url);
    app.footer("Example: anteroom chat kitchen --as ann");
    if (auto const code = parse(app, how))
        return *code;
    if (what.as.empty())
        return usage_error(app, "--as: a name has at least one character");
    return chat_session(app, what).run();
}

}  // namespace anteroom
