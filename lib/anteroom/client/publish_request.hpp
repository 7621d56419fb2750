// The publish request, and its response.
#pragma once

#include <anteroom/client/http_client.hpp>
#include <anteroom/client/publisher.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace anteroom::client {

/// The request for a draft, with its key; an error if the server would refuse it as invalid.
result<request> publish_request(std::span<std::string const> rooms, draft const& what, std::string_view as,
                                std::string_view key);

/// Parses the body of the response; nullopt if it is not a receipt.
std::optional<receipt> parse_receipt(std::string_view body);

}  // namespace anteroom::client
