// What terminals send for keys, as libedit binds it: what they mean here, and which of them mean nothing.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace anteroom {

struct key_binding {
    char const* keys;    ///< as libedit writes them: `\\e` is Escape
    char const* action;  ///< editrc(5), or the completion of line_editor
};

/// What terminals send for keys that libedit does not ask terminfo about.
inline constexpr std::array<key_binding, 14> key_bindings = {{
    {"\\e[H", "ed-move-to-beg"},
    {"\\eOH", "ed-move-to-beg"},
    {"\\e[1~", "ed-move-to-beg"},
    {"\\e[7~", "ed-move-to-beg"},
    {"\\e[F", "ed-move-to-end"},
    {"\\eOF", "ed-move-to-end"},
    {"\\e[4~", "ed-move-to-end"},
    {"\\e[8~", "ed-move-to-end"},
    {"\\e[3~", "ed-delete-next-char"},
    {"\\e[1;5C", "em-next-word"},
    {"\\e[1;5D", "ed-prev-word"},
    {"^w", "ed-delete-prev-word"},
    {"^r", "em-inc-search-prev"},
    {"^i", "anteroom-complete"},
}};

/// What xterm, rxvt and the Linux console send for keys that have no meaning here, with and without Shift, Alt and
/// Control. Of a sequence that it does not know libedit types the end: `~` for Page Up. These are to be bound to
/// nothing, before the bindings above and those of ~/.editrc.
std::vector<std::string> keys_without_meaning();

}  // namespace anteroom
