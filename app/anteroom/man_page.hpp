// A command's man page.
#pragma once

#include "command_reference.hpp"

#include <span>
#include <string>
#include <string_view>

namespace anteroom {

/// The page of section 1, in the macros of man(7). The server's page lists all commands.
std::string man_page(command_reference const& of, std::span<command_reference const> all, std::string_view version,
                     std::string_view date);

}  // namespace anteroom
