#include "chat_session.hpp"

#include "command_line.hpp"
#include "room_requests.hpp"
#include "terminal_text.hpp"
#include "vocabulary.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace anteroom {

namespace {

namespace asio = boost::asio;

constexpr std::size_t shown_at_first = 20;  // messages of a room that one comes to

constexpr std::size_t quoted = 40;  // characters of a message in a complaint about it

std::string number_of_messages(std::size_t count) {
    return fmt::format("{} message{}", count, count == 1 ? "" : "s");
}

void rethrow(std::exception_ptr const& thrown) {
    if (thrown)
        std::rethrow_exception(thrown);
}

}  // namespace

chat_session::chat_session(CLI::App const& app, chat_options what)
    : app_(app),
      what_(std::move(what)),
      at_{what_.room, what_.as, {}},
      shown_(what_.as),
      signals_(io_, SIGINT, SIGTERM),
      line_ready_(io_, asio::steady_timer::time_point::max()),
      still_waiting_(io_),
      author_(io_.get_executor(), what_.url),
      console_(io_,
               {.line = [this](std::string const& line) { on_line(line); },
                .end = [this] { end_input(); },
                .gone = [this](std::string const& why) { on_output_gone(why); },
                .complete = [this](std::string_view before) { return complete_chat_line(before, shown_.typable()); }}) {
    if (!console_.has_editor())
        return;
    for (int const number : {SIGQUIT, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH})
        signals_.add(number);
}

int chat_session::run() {
    watch_signals();
    start_receiving();
    asio::co_spawn(io_, send(), [this](std::exception_ptr const& thrown, failure why) {
        rethrow(thrown);
        end(code_, std::move(why));
    });
    console_.prompt(at_.room);
    console_.read_lines();
    io_.run();
    report_unsent();
    return error_ ? report_failure(app_, *error_) : code_;
}

void chat_session::watch_signals() {
    signals_.async_wait([this](boost::system::error_code ec, int number) {
        if (ec)
            return;
        watch_signals();
        if (!console_.handle_signal(number))
            end(0);
    });
}

void chat_session::end(int code, failure why) {
    code_ = code;
    error_ = std::move(why);
    io_.stop();
}

void chat_session::on_output_gone(std::string const& why) {
    if (!why.empty())
        report(why);
    end(why.empty() ? 0 : 1);
}

// Input

void chat_session::on_line(std::string const& line) {
    auto typed = console_.has_person() ? parse_chat_line(line) : chat_line{chat_line::kind::message, line};
    switch (typed.what) {
        case chat_line::kind::nothing:
            break;
        case chat_line::kind::invalid:
            console_.complain(typed.text);
            break;
        case chat_line::kind::quit:
            end_input();
            break;
        case chat_line::kind::join:
            join(std::move(typed.text));
            break;
        case chat_line::kind::who:
            asio::co_spawn(io_, show_who(), rethrow);
            break;
        case chat_line::kind::name:
            queue({.room = {}, .text = std::move(typed.text), .is_rename = true});
            break;
        case chat_line::kind::message:
            if (!typed.text.empty())
                queue({.room = at_.room, .text = std::move(typed.text)});
            break;
        case chat_line::kind::help:
            for (auto const& each : chat_help())
                console_.print("  " + each);
    }
}

void chat_session::end_input() {
    no_more_lines_ = true;
    console_.stop_reading();
    line_ready_.cancel();
    // Most often the last message is acknowledged before anybody could read that it is waited for.
    still_waiting_.expires_after(std::chrono::milliseconds(300));
    still_waiting_.async_wait([this](boost::system::error_code ec) {
        if (auto const count = unsent_messages(); !ec && count > 0)
            console_.complain(fmt::format("waiting to send {}; Ctrl-C gives {} up", number_of_messages(count),
                                          count == 1 ? "it" : "them"));
    });
}

// The room

void chat_session::start_receiving() {
    auto handler = [this](std::exception_ptr const& thrown, failure why) { on_received(thrown, std::move(why)); };
    asio::co_spawn(io_, receive(), asio::bind_cancellation_slot(leave_.slot(), std::move(handler)));
}

void chat_session::on_received(std::exception_ptr const& thrown, failure why) {
    // Asio ends what was cancelled in its own ways, before it began with an exception.
    if (std::exchange(is_moving_, false))
        return start_receiving();
    rethrow(thrown);
    end(1, std::move(why));
}

void chat_session::go(place to) {
    auto from = std::exchange(at_, std::move(to));
    if (!before_)
        before_ = std::move(from);
    is_moving_ = true;
    leave_.emit(asio::cancellation_type::terminal);
}

void chat_session::join(std::string room) {
    if (room == at_.room)
        return console_.complain(fmt::format("you are in {} already", room));
    shown_ = conversation(at_.name);
    shown_ids_.clear();
    go({.room = std::move(room), .name = at_.name, .after = {}});
    console_.prompt(at_.room);
}

asio::awaitable<chat_session::failure> chat_session::receive() {
    for (;;) {
        auto why = co_await follow();
        bool const is_refused = why && (why->code == client::errc::bad_argument || why->code == client::errc::refused);
        if (!before_ || !is_refused || is_moving_)
            co_return why;
        auto const back = *std::exchange(before_, std::nullopt);
        bool const is_rename = back.name != at_.name;
        return_to(back);
        console_.complain(is_rename ? fmt::format("you are still {}: {}", at_.name, why->text) : why->text);
    }
}

void chat_session::return_to(place const& from) {
    at_ = from;
    shown_.rename(at_.name, std::chrono::system_clock::now());
    console_.prompt(at_.room);
}

// Ends with an error only.
asio::awaitable<chat_session::failure> chat_session::follow() {
    auto const executor = co_await asio::this_coro::executor;
    client::subscriber_options options;
    options.as = at_.name;
    options.after = at_.after;
    bool disconnected = false;
    options.on_retry = [&](client::error const& why, std::chrono::milliseconds) {
        if (!disconnected)
            console_.complain(why.text + "; trying again");
        disconnected = true;
    };
    options.on_connect = [&] {
        before_.reset();
        if (disconnected)
            console_.note("connected again");
        disconnected = false;
    };
    std::vector<std::string> rooms{at_.room};
    auto const presence_room = at_.room + ":presence";
    if (presence_room.size() <= 128)
        rooms.push_back(presence_room);
    client::subscriber messages(executor, what_.url, rooms, options);
    auto const started = co_await messages.start();
    if (!started)
        co_return started.error();
    bool const is_new = std::exchange(at_.after, messages.cursor()).empty();
    if (is_new)
        co_await show_newest();
    bool const is_known = co_await update_present();
    if (is_new && is_known && !shown_.others().empty())
        console_.note("here: " + shown_.who_else());
    for (;;) {
        auto const got = co_await messages.next();
        if (!got)
            co_return got.error();
        show_batch(*got);
        at_.after = got->cursor;
    }
}

asio::awaitable<void> chat_session::show_newest() {
    if (console_.has_editor()) {
        auto const newest = co_await newest_messages(what_.server, at_.room, shown_at_first);
        for (auto const& each : newest) {
            shown_ids_.insert(each.id);
            // Also what one has sent oneself, while in another room for example; the room delivers it no more.
            static_cast<void>(author_.is_own(each));
            console_.print(shown_.show_old(each, std::chrono::system_clock::now()));
        }
    }
    console_.note(fmt::format("you are {} in {}; {}Ctrl-D leaves", for_terminal(at_.name), for_terminal(at_.room),
                              console_.has_person() ? "/help lists the commands, " : ""));
}

asio::awaitable<bool> chat_session::update_present() {
    auto const room = at_.room;
    auto const list = co_await presence_list(what_.server, room);
    if (!list || room != at_.room)
        co_return false;
    co_return shown_.reset_present(*list);
}

asio::awaitable<void> chat_session::show_who() {
    auto const room = at_.room;
    bool const is_known = co_await update_present();
    if (room != at_.room)
        co_return;  // one has gone to another room in between
    if (is_known)
        console_.note("here: " + shown_.who());
    else
        console_.complain("the server does not say who is here");
}

void chat_session::show_batch(client::batch const& got) {
    for (auto const& each : got.gaps) {
        if (each.room == at_.room)
            console_.note(fmt::format("{} messages were missed ({})",
                                      each.missed ? std::to_string(*each.missed) : "some", for_terminal(each.reason)));
    }
    for (auto const& each : got.messages) {
        if (each.room != at_.room)
            console_.print(shown_.show_presence(each, std::chrono::system_clock::now()));
        else if (shown_ids_.erase(each.id) > 0)
            continue;
        else if (author_.is_own(each))
            shown_.remember(each);
        else
            console_.print(shown_.show(each, std::chrono::system_clock::now()));
    }
}

// Sending

void chat_session::queue(outgoing what) {
    unsent_.push_back(std::move(what));
    line_ready_.cancel();
}

std::size_t chat_session::unsent_messages() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(unsent_, [](outgoing const& each) { return !each.is_rename; }));
}

void chat_session::report_unsent() {
    auto const count = unsent_messages();
    if (count == 0)
        return;
    code_ = 1;
    console_.complain(fmt::format("{}{} {} not sent{}", number_of_messages(count), has_lost_ ? " more" : "",
                                  count == 1 ? "was" : "were", is_sending_ ? ", or not acknowledged" : ""));
}

asio::awaitable<chat_session::failure> chat_session::send() {
    for (;;) {
        while (unsent_.empty() && !no_more_lines_)
            co_await line_ready_.async_wait(asio::as_tuple(asio::deferred));
        if (unsent_.empty())
            co_return std::nullopt;
        // It stays in the queue until the server has it: unsent_messages() counts it.
        auto const what = unsent_.front();
        if (what.is_rename) {
            co_await rename(what.text);
            unsent_.pop_front();
            continue;
        }
        is_sending_ = true;
        auto const why = co_await author_.say(at_.name, what.room, what.text);
        is_sending_ = false;
        unsent_.pop_front();
        if (!why)
            continue;
        console_.complain(fmt::format("not sent: \"{}\": {}", one_line(what.text, quoted), why->text));
        has_lost_ = true;
        if (!console_.has_person())
            code_ = 1;
        // The input has ended, so nobody can retry by hand.
        if (no_more_lines_) {
            code_ = 1;
            co_return std::nullopt;
        }
    }
}

// Others are sent the change before the new name joins, so that they need not take it for somebody else.
asio::awaitable<void> chat_session::rename(std::string name) {
    if (name == at_.name) {
        console_.complain(fmt::format("you are {} already", name));
        co_return;
    }
    // Also where nobody is notified: the server would refuse it only after it has been announced here.
    auto const wrong = author_.check_name(name, at_.room);
    if (wrong) {
        console_.complain(fmt::format("you are still {}: {}", at_.name, wrong->text));
        co_return;
    }
    if (!shown_.others().empty()) {
        auto const why = co_await author_.announce(name, at_.room, at_.name);
        if (why) {
            console_.complain(fmt::format("you are still {}: {}", at_.name, why->text));
            co_return;
        }
    }
    shown_.rename(name, std::chrono::system_clock::now());
    console_.note(fmt::format("you are {} now", for_terminal(name)));
    go({.room = at_.room, .name = std::move(name), .after = at_.after});
}

}  // namespace anteroom
