// Makes untrusted text safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace anteroom {

/// Shows what a terminal would obey instead of show, so that a message cannot move the cursor, change the title,
/// reorder what is around it or imitate another message: control characters (except newline and tab) and bytes that are
/// not UTF-8 become U+FFFD, direction marks `‹U+202E›`. A newline, also one after a carriage return, is followed by
/// `indent`.
std::string for_terminal(std::string_view text, std::string_view indent = "");

/// The same for JSON, which stays the same JSON: with escapes such as `\u202e`.
std::string json_for_terminal(std::string_view json);

}  // namespace anteroom
