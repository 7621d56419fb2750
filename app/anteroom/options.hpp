// The server's settings, from flags, environment variables and a configuration file.
#pragma once

#include "commands.hpp"
#include <anteroom/base/log.hpp>
#include <anteroom/handlers/api.hpp>
#include <anteroom/http/worker.hpp>
#include <anteroom/net/address.hpp>
#include <anteroom/room/hub.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anteroom {

/// Where the server listens unless it is configured, or sockets were passed to it.
inline constexpr std::string_view default_address = "127.0.0.1:8080";

struct settings {
    std::vector<net::address> listen;  // empty if not configured
    std::size_t threads = 1;
    hub_options hub;
    api_options api;
    http::options http;
    milliseconds drain_timeout = std::chrono::seconds(10);
    std::optional<std::string> web;
    log::level log_level = log::level::info;
    log::format log_format = log::format::text;
};

/// Parses the command line: settings, or an exit code if nothing is left to do (--help, --version, or the command is
/// only to describe itself) or if it is invalid (one line on stderr, code 2).
std::variant<settings, int> read_options(invocation const& how);

}  // namespace anteroom
