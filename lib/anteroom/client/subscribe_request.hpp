// What a subscription is to, and the requests that ask for it.
#pragma once

#include <anteroom/client/http_client.hpp>
#include <anteroom/client/subscription_cursor.hpp>
#include <anteroom/client/subscriber.hpp>

#include <string>
#include <string_view>

namespace anteroom::client {

/// The path and query of a subscribe call. `wait` is left out where it is negative, as streams have no use for it.
std::string subscribe_target(subscriber_options const& with, places const& from, std::chrono::milliseconds wait);

/// A GET of it, for one of the forms that an Accept header chooses.
request subscribe_request(subscriber_options const& with, places const& from, std::chrono::milliseconds wait,
                          std::string_view accept);

}  // namespace anteroom::client
