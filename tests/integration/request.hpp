// An HTTP request to be written to a socket, valid or invalid on purpose.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace anteroom::integration {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
    std::string method = "GET";
    std::string target = "/";
    header_list headers = {};
    std::optional<std::string> body = std::nullopt;
    std::string version = "HTTP/1.1";

    /// The bytes: adds Host unless there is one, and Content-Length if there is a body without Transfer-Encoding.
    [[nodiscard]] std::string bytes() const;
};

request get(std::string target, header_list headers = {});

/// A POST of this body; `type` is its Content-Type.
request post(std::string target, std::string body, std::string type = "text/plain", header_list headers = {});

/// The body in chunks of at most `size` bytes, with the last chunk.
std::string chunked(std::string_view body, std::size_t size);

}  // namespace anteroom::integration
