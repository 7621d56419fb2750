// Where a server on this machine can be reached, by the settings with which it was started.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace anteroom {

/// The URL at which a server that listens on `address` can be reached from this machine: of an unspecified address
/// (0.0.0.0, [::]) that is the loopback address. Nullopt if it is no address, or its port is 0 and so not known.
std::optional<std::string> url_of_listener(std::string_view address);

/// The addresses of the settings `listen` in a configuration file. Throws as read_config_file() does.
std::vector<std::string> addresses_in_file(std::string const& path);

}  // namespace anteroom
