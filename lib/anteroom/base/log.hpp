// The server's log: lines on stderr for the operator, as text or as JSON.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace anteroom::log {

enum class level { debug, info, warning, error };
enum class format { text, json };

/// Sets the minimum level that is written and the format of a line. Call once, before other threads log.
void configure(level least, format form);

/// From now on lines are queued and written by a thread of their own (see log_queue.hpp), so that no caller waits for
/// whoever reads stderr; before, and after finish(), they are written in place. Not together with other calls.
void start_queue();
/// Writes what can be written within that time. Any thread.
void flush(std::chrono::milliseconds most) noexcept;
/// The same, and ends the thread, unless it is stuck in a write. Not together with other calls.
void finish(std::chrono::milliseconds most) noexcept;

/// The number of lines that were dropped since nobody read them or there was no memory for them. Any thread.
std::uint64_t dropped() noexcept;

/// Whether a line of that level would be written. Any thread.
bool enabled(level at) noexcept;

/// Writes a line. Any thread. No function of the log throws: without memory the line is counted as dropped.
void write(level at, std::string_view text) noexcept;

/// Writes a line of the access log, which has no level: it is enabled by a flag of its own. Any thread.
void access(std::string_view text, std::string_view json_fields) noexcept;

/// Counts a line that could not be made as dropped. Any thread.
void drop() noexcept;

template <class... Args>
void print(level at, fmt::format_string<Args...> pattern, Args&&... args) noexcept {
    if (!enabled(at))
        return;
    try {
        write(at, fmt::format(pattern, std::forward<Args>(args)...));
    } catch (...) {
        drop();
    }
}

template <class... Args>
void debug(fmt::format_string<Args...> pattern, Args&&... args) noexcept {
    print(level::debug, pattern, std::forward<Args>(args)...);
}

template <class... Args>
void info(fmt::format_string<Args...> pattern, Args&&... args) noexcept {
    print(level::info, pattern, std::forward<Args>(args)...);
}

template <class... Args>
void warning(fmt::format_string<Args...> pattern, Args&&... args) noexcept {
    print(level::warning, pattern, std::forward<Args>(args)...);
}

template <class... Args>
void error(fmt::format_string<Args...> pattern, Args&&... args) noexcept {
    print(level::error, pattern, std::forward<Args>(args)...);
}

}  // namespace anteroom::log
