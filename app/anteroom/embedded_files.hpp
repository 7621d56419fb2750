// The page's files, built into the executable.
#pragma once

#include <anteroom/handlers/assets.hpp>

#include <span>

namespace anteroom {

/// All files that were built in; they are good for ever. Its source is made by cmake/embed.cmake.
std::span<embedded_file const> embedded_files() noexcept;

}  // namespace anteroom
