// A line that is edited on a terminal, while other lines are printed above it.
#pragma once

#include "output.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// Edits lines on standard input and output, with a history of its own, as libedit does: emacs keys unless ~/.editrc
/// binds others. Everything happens on the thread that calls read_line(): `wait` may call the other functions.
class line_editor {
  public:
    struct callbacks {
        /// Waits until standard input can be read; false ends the line, as does end of input. Must not throw.
        std::function<bool()> wait;
        /// What the text before the cursor can be continued to, whole, for the Tab key.
        std::function<std::vector<std::string>(std::string_view before)> complete;
    };

    /// Whether standard input and output are a terminal on which a line can be edited.
    static bool is_possible();

    /// Sets the locale's encoding, to UTF-8 where the environment does not say.
    explicit line_editor(callbacks how);
    line_editor(line_editor const&) = delete;
    line_editor& operator=(line_editor const&) = delete;
    ~line_editor();  ///< leaves the terminal as it was

    /// Shown before the line. Takes effect when the line is drawn next.
    void prompt(std::string text);

    /// Returns a line when it is complete; nullopt at the end of input, with the cursor at the start of a row.
    std::optional<std::string> read_line();

    /// Prints whole lines above the one that is edited.
    write_result print(std::string_view lines);

    /// The size of the terminal has changed.
    void resize();

    /// Stops the process with the terminal as it was, until it is continued; call resume() on SIGCONT.
    void suspend();
    void resume();

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace anteroom
