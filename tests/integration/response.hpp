// An HTTP/1.1 response as received, and the strict parser that extracts it from a buffer.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::integration {

struct response {
    std::string version;
    int status = 0;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    [[nodiscard]] bool has(std::string_view name) const;

    /// The value of a header; several of one name are joined by ", "; empty when there is none.
    [[nodiscard]] std::string header(std::string_view name) const;

    /// The Content-Type without its parameters.
    [[nodiscard]] std::string media_type() const;

    /// The body parsed as a JSON object; throws harness_error if it is not one or is not application/json.
    [[nodiscard]] boost::json::object json() const;

    /// The whole response, for failure messages.
    [[nodiscard]] std::string text() const;
};

/// Takes one complete response from the front of `buffer`; nothing while it is incomplete. `to_head`: it answers a
/// HEAD. `ended`: nothing more will come. Throws harness_error if it is not a response or violates RFC 9112.
std::optional<response> take_response(std::string& buffer, bool to_head, bool ended);

}  // namespace anteroom::integration
