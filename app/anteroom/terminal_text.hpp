// Makes untrusted text safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace anteroom {

/// Replaces every control character except newline and tab by U+FFFD, so that a message cannot move the cursor, change
/// the title or imitate another message. A newline is followed by `indent`.
std::string for_terminal(std::string_view utf8, std::string_view indent = "");

}  // namespace anteroom
