// What a chat asks about a room beside its messages.
#pragma once

#include <anteroom/client/message.hpp>
#include <anteroom/client/server_url.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace anteroom {

/// The newest messages of a room, the oldest first; none if they cannot be retrieved within five seconds.
boost::asio::awaitable<std::vector<client::message>> newest_messages(client::server_url from, std::string room,
                                                                     std::size_t most);

/// The answer of `/room/{room}/presence`; nullopt if it cannot be retrieved within five seconds.
boost::asio::awaitable<std::optional<std::string>> presence_list(client::server_url from, std::string room);

}  // namespace anteroom
