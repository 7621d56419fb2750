#include "request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace anteroom::integration {

std::string request::bytes() const {
    auto const has = [&](std::string_view name) {
        return std::ranges::any_of(headers, [&](auto const& header) { return header.first == name; });
    };
    auto all = fmt::format("{} {} {}\r\n", method, target, version);
    if (!has("Host")) {
        all += "Host: localhost\r\n";
    }
    for (auto const& [name, value] : headers) {
        all += fmt::format("{}: {}\r\n", name, value);
    }
    if (body && !has("Content-Length") && !has("Transfer-Encoding")) {
        all += fmt::format("Content-Length: {}\r\n", body->size());
    }
    return all + "\r\n" + body.value_or("");
}

request get(std::string target, header_list headers) {
    return {.target = std::move(target), .headers = std::move(headers)};
}

request post(std::string target, std::string body, std::string type, header_list headers) {
    headers.emplace_back("Content-Type", std::move(type));
    return {.method = "POST", .target = std::move(target), .headers = std::move(headers), .body = std::move(body)};
}

std::string chunked(std::string_view body, std::size_t size) {
    std::string all;
    while (!body.empty()) {
        auto const chunk = body.substr(0, size);
        all += fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk);
        body.remove_prefix(chunk.size());
    }
    return all + "0\r\n\r\n";
}

}  // namespace anteroom::integration
