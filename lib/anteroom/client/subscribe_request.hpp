// The requests of a subscription.
#pragma once

#include <anteroom/client/http_client.hpp>
#include <anteroom/client/subscriber.hpp>
#include <anteroom/client/subscription_cursor.hpp>

#include <string>
#include <string_view>

namespace anteroom::client {

/// The path and query of a subscribe call. A negative `wait` is left out, as streams have no use for it.
std::string subscribe_target(subscriber_options const& options, subscription_cursor const& from,
                             std::chrono::milliseconds wait);

/// A GET of that target; `accept` selects the form of the response.
request subscribe_request(subscriber_options const& options, subscription_cursor const& from,
                          std::chrono::milliseconds wait, std::string_view accept);

}  // namespace anteroom::client
