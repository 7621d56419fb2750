// `anteroom subscribe`: prints messages as they arrive, until it is stopped.
#include "command_line.hpp"
#include "descriptor_watcher.hpp"
#include "output.hpp"
#include "terminal_text.hpp"
#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>
#include <anteroom/client/subscriber.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <csignal>

namespace anteroom {

namespace {

namespace asio = boost::asio;

enum class form { raw, json };

struct subscribe_options {
    std::string url;
    std::vector<std::string> rooms;
    client::subscriber_options options;
    form as = form::raw;
    std::uint64_t count = 0;  // 0: unlimited
};

std::string json_line(client::message const& of, bool with_room) {
    std::string out = "{";
    if (with_room) {
        out += R"("room":)";
        client::append_json_string(out, of.room);
        out += ',';
    }
    out += R"("id":)";
    client::append_json_string(out, of.id);
    out += fmt::format(R"(,"time":{})", of.time);
    if (!of.from.empty()) {
        out += R"(,"from":)";
        client::append_json_string(out, of.from);
    }
    out += R"(,"data":)";
    if (of.kind == client::content::json)
        out += of.data;
    else
        client::append_json_string(out, of.data);
    out += "}\n";
    return out;
}

void report_gap(client::gap const& of) {
    auto const count = of.missed ? fmt::format("{} message{}", *of.missed, *of.missed == 1 ? "" : "s") : "messages";
    report(fmt::format("gap in {}: {} missed ({})", of.room, count, of.reason));
}

class subscribe_session {
  public:
    subscribe_session(CLI::App const& app, subscribe_options const& what)
        : app_(app),
          what_(what),
          signals_(io_, SIGINT, SIGTERM),
          reader_gone_(STDOUT_FILENO, [this] { on_output_closed(); }) {}

    /// The exit code.
    int run() {
        signals_.async_wait([this](boost::system::error_code ec, int number) {
            if (ec)
                return;
            // The terminal has shown ^C, and leaves the cursor behind it.
            if (number == SIGINT && ::isatty(STDERR_FILENO) != 0)
                write_out(STDERR_FILENO, "\n");
            stop();
        });
        int code = 1;
        asio::co_spawn(io_, receive(),
                       asio::bind_cancellation_slot(stop_.slot(), [&](std::exception_ptr const& thrown, int got) {
                           code = got;
                           io_.stop();
                           if (thrown)
                               std::rethrow_exception(thrown);
                       }));
        io_.run();
        return code;
    }

  private:
    asio::awaitable<int> receive();
    write_result print(client::batch const& got);
    std::string line_of(client::message const& of) const;
    void stop() {
        stopping_ = true;
        // Asio ends a coroutine that is cancelled before it began with an exception.
        if (begun_)
            stop_.emit(asio::cancellation_type::terminal);
    }
    void on_output_closed() {
        asio::post(io_, [this] {
            output_closed_ = true;
            stop();
        });
    }
    int report_stop(std::string const& cursor) const {
        if (!output_closed_ && !cursor.empty())
            report(fmt::format("resume with --after {}", cursor));
        return 0;
    }

    CLI::App const& app_;
    subscribe_options const& what_;
    asio::io_context io_{1};
    asio::signal_set signals_;
    asio::cancellation_signal stop_;
    bool begun_ = false;
    bool stopping_ = false;
    bool output_closed_ = false;
    bool const on_terminal_ = ::isatty(STDOUT_FILENO) != 0;
    std::uint64_t printed_ = 0;
    std::optional<client::subscription_cursor> position_;  // after the last message that was printed
    hangup_watcher reader_gone_;
};

std::string subscribe_session::line_of(client::message const& of) const {
    if (what_.as == form::raw)
        return (on_terminal_ ? for_terminal(of.data) : of.data) + '\n';
    auto line = json_line(of, what_.rooms.size() > 1);
    return on_terminal_ ? json_for_terminal(line) : line;
}

write_result subscribe_session::print(client::batch const& got) {
    for (auto const& each : got.gaps)
        report_gap(each);
    for (auto const& each : got.messages) {
        if (auto const outcome = write_out(STDOUT_FILENO, line_of(each)); outcome != write_result::all)
            return outcome;
        position_->advance(each.room, each.id);
        if (++printed_ == what_.count)
            return write_result::all;
    }
    position_->update(got.cursor);
    return write_result::all;
}

asio::awaitable<int> subscribe_session::receive() {
    begun_ = true;
    if (stopping_)
        co_return 0;
    auto const executor = co_await asio::this_coro::executor;
    auto options = what_.options;
    bool disconnected = false;
    options.on_retry = [&disconnected](client::error const& why, std::chrono::milliseconds wait) {
        disconnected = true;
        report(fmt::format("{}; trying again in {}", why.text, format_seconds(wait)));
    };
    options.on_connect = [&disconnected] {
        if (disconnected)
            report("connected again");
        disconnected = false;
    };
    client::subscriber messages(executor, what_.url, what_.rooms, options);
    auto const started = co_await messages.start();
    if (!started && started.error().code != client::errc::cancelled)
        co_return report_failure(app_, started.error());
    position_ = *client::subscription_cursor::for_rooms(what_.rooms);
    position_->update(messages.cursor());
    while (started) {
        auto const got = co_await messages.next();
        if (!got && got.error().code == client::errc::cancelled)
            break;
        if (!got)
            co_return report_failure(app_, got.error());
        auto const outcome = print(*got);
        if (outcome == write_result::closed || (what_.count != 0 && printed_ == what_.count))
            co_return 0;
        if (outcome == write_result::failed) {
            report(output_error());
            report_stop(position_->text());
            co_return 1;
        }
        if (outcome == write_result::interrupted)
            break;
    }
    co_return report_stop(position_->text());
}

}  // namespace

int subscribe_command(invocation how) {
    std::signal(SIGPIPE, SIG_IGN);
    subscribe_options what;
    CLI::App app(
        "Prints the messages of one or several rooms as they arrive, until Ctrl-C, which prints where to resume. "
        "Resumes\n"
        "after restarts of the server. Gaps and errors are reported on stderr.",
        "anteroom subscribe");
    app.add_option("ROOM", what.rooms, "The rooms, up to 100")->required()->type_name("");
    app.add_option("--after", what.options.after,
                   "Start after this cursor; 0 is the oldest message that is kept. Without it: from now on")
        ->type_name("CURSOR");
    add_choice<form>(app, "--form", what.as, {{"raw", form::raw}, {"json", form::json}},
                     "One line per message: its data, or the whole message as JSON");
    add_choice<client::transport>(app, "--transport", what.options.over,
                                  {{"poll", client::transport::poll},
                                   {"stream", client::transport::stream},
                                   {"sse", client::transport::sse},
                                   {"websocket", client::transport::websocket}},
                                  "How messages are transported; all deliver the same");
    app.add_option("--as", what.options.as, "The name to be present under")->type_name("NAME");
    std::string count;
    app.add_option("--count", count, "End after this many messages")->type_name("N");
    add_url(app, what.url);
    app.footer("Example: anteroom subscribe kitchen hall --form json --after 0");
    if (auto const code = parse(app, how))
        return *code;
    if (auto const number = parse_decimal(count); number && *number > 0)
        what.count = *number;
    else if (!count.empty())
        return usage_error(app, fmt::format("--count: '{}' is not a number from 1", count));
    return subscribe_session(app, what).run();
}

}  // namespace anteroom
