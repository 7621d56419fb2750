// Text of strangers, made safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace anteroom {

/// With every control character but the newline and the tab replaced by U+FFFD, so that a message cannot move the
/// cursor, change the title or pretend to be another. A newline is followed by `indent`.
std::string for_terminal(std::string_view utf8, std::string_view indent = "");

}  // namespace anteroom
