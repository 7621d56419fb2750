// Completions for shells.
#pragma once

#include "command_reference.hpp"

#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// A file for the shell, which it finds by itself where it is installed, or reads with `source`.
std::string bash_completion(std::span<command_reference const> all);
std::string zsh_completion(std::span<command_reference const> all);
std::string fish_completion(std::span<command_reference const> all);

/// The function for `bash`, `zsh` or `fish`; null for another shell.
std::string (*find_completion(std::string_view shell) noexcept)(std::span<command_reference const>);

}  // namespace anteroom
