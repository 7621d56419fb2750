#include "response.hpp"

#include "harness_error.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace anteroom::integration {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::size_t number(std::string_view text, int base) {
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw harness_error{"not a number: " + std::string{text}};
    }
    return value;
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

response parse_head(std::string_view head) {
    auto end = head.find("\r\n");
    auto const line = head.substr(0, end);
    if (line.size() < 13 || !line.starts_with("HTTP/1.") || line[8] != ' ' || line[12] != ' ') {
        throw harness_error{"not a status line: " + std::string{line}};
    }
    response result;
    result.version = line.substr(0, 8);
    result.status = static_cast<int>(number(line.substr(9, 3), 10));
    result.reason = line.substr(13);
    while (end != std::string_view::npos) {
        head.remove_prefix(end + 2);
        end = head.find("\r\n");
        auto const field = head.substr(0, end);
        auto const colon = field.find(':');
        if (colon == 0 || colon == std::string_view::npos) {
            throw harness_error{"not a header: " + std::string{field}};
        }
        result.headers.emplace_back(field.substr(0, colon), trimmed(field.substr(colon + 1)));
    }
    return result;
}

struct body_end {
    std::string body;
    std::size_t at;
};

std::optional<body_end> chunked_body(std::string_view bytes) {
    body_end result{{}, 0};
    for (;;) {
        auto const line = bytes.find("\r\n", result.at);
        if (line == std::string_view::npos) {
            return std::nullopt;
        }
        auto const size = number(bytes.substr(result.at, line - result.at), 16);
        auto const next = line + 2 + size + 2;
        if (bytes.size() < next) {
            return std::nullopt;
        }
        result.body += bytes.substr(line + 2, size);
        result.at = next;
        if (size == 0) {
            return result;
        }
    }
}

std::optional<body_end> find_body(response const& head, std::string_view bytes, bool to_head, bool ended) {
    auto const never_has_length = head.status < 200 || head.status == 204;
    if (never_has_length && (head.has("Content-Length") || head.has("Transfer-Encoding"))) {
        throw harness_error{"a response of this status must not have a length: " + head.text()};
    }
    if (head.has("Content-Length") && head.has("Transfer-Encoding")) {
        throw harness_error{"both Content-Length and Transfer-Encoding: " + head.text()};
    }
    if (never_has_length || head.status == 304 || to_head) {
        return body_end{{}, 0};
    }
    if (same_name(head.header("Transfer-Encoding"), "chunked")) {
        return chunked_body(bytes);
    }
    if (head.has("Content-Length")) {
        auto const size = number(head.header("Content-Length"), 10);
        return bytes.size() < size ? std::nullopt : std::optional{body_end{std::string{bytes.substr(0, size)}, size}};
    }
    return ended ? std::optional{body_end{std::string{bytes}, bytes.size()}} : std::nullopt;
}

}  // namespace

bool response::has(std::string_view name) const {
    return std::ranges::any_of(headers, [&](auto const& header) { return same_name(header.first, name); });
}

std::string response::header(std::string_view name) const {
    std::string values;
    for (auto const& [key, value] : headers) {
        if (same_name(key, name)) {
            values += (values.empty() ? "" : ", ") + value;
        }
    }
    return values;
}

std::string response::media_type() const {
    auto const type = header("Content-Type");
    return std::string{trimmed(type.substr(0, type.find(';')))};
}

boost::json::object response::json() const {
    boost::system::error_code error;
    auto const value = boost::json::parse(body, error);
    if (error || !value.is_object() || !media_type().ends_with("json")) {
        throw harness_error{"not a JSON object: " + text()};
    }
    return value.get_object();
}

std::string response::text() const {
    auto all = version + " " + std::to_string(status) + " " + reason + "\n";
    for (auto const& [name, value] : headers) {
        all += name + ": " + value + "\n";
    }
    return all + "\n" + (body.size() > 2000 ? body.substr(0, 2000) + "…" : body);
}

std::optional<response> take_response(std::string& buffer, bool to_head, bool ended) {
    auto const head_size = buffer.find("\r\n\r\n");
    if (head_size == std::string::npos) {
        return std::nullopt;
    }
    auto result = parse_head(std::string_view{buffer}.substr(0, head_size));
    auto const rest = std::string_view{buffer}.substr(head_size + 4);
    auto found = find_body(result, rest, to_head, ended);
    if (!found) {
        return std::nullopt;
    }
    result.body = std::move(found->body);
    buffer.erase(0, head_size + 4 + found->at);
    return result;
}

}  // namespace anteroom::integration
