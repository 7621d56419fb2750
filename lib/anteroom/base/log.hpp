// The server's log: lines on stderr for the operator, as text or as JSON.
#pragma once

#include <fmt/format.h>

#include <string_view>

namespace anteroom::log {

enum class level { debug, info, warning, error };
enum class format { text, json };

/// Sets the minimum level that is written and the format of a line. Call once, before other threads log.
void configure(level least, format form);

/// Whether a line of that level would be written. Any thread.
bool enabled(level at) noexcept;

/// Writes a line. Any thread.
void write(level at, std::string_view text);

/// Writes a line of the access log, which has no level: it is enabled by a flag of its own. Any thread.
void access(std::string_view text, std::string_view json_fields);

template <class... Args>
void debug(fmt::format_string<Args...> pattern, Args&&... args) {
    if (enabled(level::debug))
        write(level::debug, fmt::format(pattern, std::forward<Args>(args)...));
}

template <class... Args>
void info(fmt::format_string<Args...> pattern, Args&&... args) {
    if (enabled(level::info))
        write(level::info, fmt::format(pattern, std::forward<Args>(args)...));
}

template <class... Args>
void warning(fmt::format_string<Args...> pattern, Args&&... args) {
    if (enabled(level::warning))
        write(level::warning, fmt::format(pattern, std::forward<Args>(args)...));
}

template <class... Args>
void error(fmt::format_string<Args...> pattern, Args&&... args) {
    if (enabled(level::error))
        write(level::error, fmt::format(pattern, std::forward<Args>(args)...));
}

}  // namespace anteroom::log
