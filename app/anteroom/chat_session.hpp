// A conversation at a terminal or in a pipe: one room at a time.
#pragma once

#include "chat_author.hpp"
#include "chat_console.hpp"
#include "chat_line.hpp"
#include "conversation.hpp"
#include <anteroom/client/error.hpp>
#include <anteroom/client/server_url.hpp>
#include <anteroom/client/subscriber.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <exception>
#include <optional>
#include <set>
#include <string>

namespace anteroom {

struct chat_options {
    std::string url;
    client::server_url server;  ///< the same
    std::string room;
    std::string as;
};

/// What a person types may be a command; from a pipe each line is a message. Everything happens on the thread of run().
class chat_session {
  public:
    chat_session(CLI::App const& app, chat_options what);

    /// Talks until the input ends, /quit or a signal; returns the exit code.
    int run();

  private:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;
    /// Why something ended; empty if it was to end.
    using failure = std::optional<client::error>;

    struct outgoing {
        std::string room;
        std::string text;
        bool is_rename = false;  // text is the new name
    };
    struct place {
        std::string room;
        std::string name;
        std::string after;  // the cursor to continue from; empty: the room is yet to be shown
    };

    void watch_signals();
    void on_line(std::string const& line);
    void end_input();
    void end(int code, failure why = {});
    void on_output_gone(std::string const& why);

    void start_receiving();
    void on_received(std::exception_ptr const& thrown, failure why);
    awaitable<failure> receive();
    awaitable<failure> follow();
    awaitable<void> show_newest();
    awaitable<bool> update_present();
    awaitable<void> show_who();
    void show_batch(client::batch const& got);
    void join(std::string room);
    void go(place to);
    void return_to(place const& from);

    void queue(outgoing what);
    std::size_t unsent_messages() const;
    void report_unsent();
    awaitable<failure> send();
    awaitable<void> rename(std::string name);

    CLI::App const& app_;
    chat_options const what_;
    int code_ = 0;
    failure error_;

    place at_;
    std::optional<place> before_;  // where one was, until the server has answered in the new place
    bool is_moving_ = false;
    boost::asio::cancellation_signal leave_;
    conversation shown_;
    std::set<std::string> shown_ids_;  // of messages that were shown before the subscription delivers them

    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_;
    std::deque<outgoing> unsent_;
    bool is_sending_ = false;  // the first of them
    bool has_lost_ = false;    // a message could not be sent
    bool no_more_lines_ = false;
    boost::asio::steady_timer line_ready_;     // never expires; cancelled when there is a line, or no more will come
    boost::asio::steady_timer still_waiting_;  // since no more lines come
    chat_author author_;
    chat_console console_;
};

}  // namespace anteroom
