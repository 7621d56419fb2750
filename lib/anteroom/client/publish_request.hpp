// The request that publishes, and what it is answered.
#pragma once

#include <anteroom/client/http_client.hpp>
#include <anteroom/client/publisher.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::client {

/// The request for a draft, with its key; an error where the server would refuse it for its form.
result<request> publish_request(std::span<std::string const> rooms, draft const& what, std::string_view as,
                                std::string_view key);

/// Reads the answer to it.
std::optional<receipt> read_receipt(std::string_view body);

}  // namespace anteroom::client
