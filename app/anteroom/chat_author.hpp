// Somebody who publishes in a chat, under one name or another, and recognises their own messages.
#pragma once

#include "echo_filter.hpp"
#include <anteroom/client/error.hpp>
#include <anteroom/client/message.hpp>
#include <anteroom/client/publisher.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace anteroom {

/// One message at a time: the next when the last has completed.
class chat_author {
  public:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;

    chat_author(boost::asio::any_io_executor executor, std::string url);

    /// Publishes a text under a name. Retries for 30 seconds while the server cannot be reached; completes with why it
    /// was not published, or nothing.
    awaitable<std::optional<client::error>> say(std::string as, std::string room, std::string text);

    /// The same for a message which says that whoever was called `was` is now called `as`.
    awaitable<std::optional<client::error>> announce(std::string as, std::string room, std::string was);

    /// Why a name could not be taken, as publishing under it would fail; nothing is sent.
    static std::optional<client::error> check_name(std::string_view name, std::string const& room);

    /// Whether a message that a room delivers is one of these, also before say() has completed. If so, it is forgotten.
    bool is_own(client::message const& of);

  private:
    awaitable<std::optional<client::error>> publish(std::string as, std::string room, client::draft what);

    boost::asio::any_io_executor executor_;
    std::string url_;
    echo_filter echoes_;
    std::set<std::string> names_;  // that one has had
    std::optional<client::publisher> publisher_;
    std::string publisher_name_;
};

}  // namespace anteroom
