// Where somebody chats: a terminal with a line that is edited, or just lines in and lines out.
#pragma once

#include "descriptor_watcher.hpp"
#include "line_editor.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Standard input and output. While nothing is typed, an editor runs the event loop; without one, lines are read on a
/// thread of their own, and the callbacks are posted to the event loop.
class chat_console {
  public:
    struct callbacks {
        std::function<void(std::string const&)> line;
        std::function<void()> end;  ///< no more lines will come
        /// Nothing more can be printed: nobody reads it, or a signal arrived while nobody did, or for this reason.
        std::function<void(std::string const& why)> gone;
        /// What the text before the cursor can be continued to.
        std::function<std::vector<std::string>(std::string_view)> complete;
    };

    chat_console(boost::asio::io_context& io, callbacks how);

    /// Whether lines are typed by a person, and not read from a pipe or a file.
    bool has_person() const noexcept { return has_person_; }
    bool has_editor() const noexcept { return editor_.has_value(); }

    /// With an editor it returns after stop_reading(), at the end of input, or when the event loop was stopped, and
    /// throws what a handler has thrown; otherwise it returns at once.
    void read_lines();
    void stop_reading() noexcept { is_reading_ = false; }

    /// Stops, continues or resizes the editor; false if the signal is not about the terminal. After SIGINT the cursor
    /// is at the start of a line.
    bool handle_signal(int number);

    /// What stands before the line: untrusted text and `> `.
    void prompt(std::string_view text);
    /// A line or several, safe for a terminal; nothing if it is empty.
    void print(std::string const& lines);
    /// A line that is no message.
    void note(std::string const& line) { print("* " + line); }
    /// Something went wrong, untrusted text: in its place on a terminal, otherwise on standard error.
    void complain(std::string const& text);

  private:
    bool wait_for_key();

    boost::asio::io_context& io_;
    callbacks calls_;
    bool const has_person_;
    bool is_reading_ = true;
    bool is_key_ready_ = false;
    bool is_gone_ = false;
    std::exception_ptr thrown_;
    boost::asio::posix::stream_descriptor keys_;  // ready when a key was typed
    std::optional<line_editor> editor_;
    std::optional<line_reader> reader_;
};

}  // namespace anteroom
