#include "handlers/answers.hpp"

#include <catch2/catch_test_macros.hpp>

#include <charconv>

namespace anteroom::unit {

namespace {

std::size_t number(std::string_view text, int base = 10) {
    std::size_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out, base);
    return out;
}

}  // namespace

std::string answer::field(std::string_view name) const {
    auto const before = std::string("\r\n").append(name).append(": ");
    auto const at = head.find(before);
    if (at == head.npos)
        return {};
    auto const begin = at + before.size();
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

answer take_answer(std::string& from, bool to_head) {
    answer out;
    auto const end = from.find("\r\n\r\n");
    if (end == from.npos)
        return out;
    out.head = from.substr(0, end + 2);
    from.erase(0, end + 4);
    REQUIRE(out.head.starts_with("HTTP/1.1 "));
    out.status = static_cast<unsigned>(number(out.head.substr(9)));
    auto const length = out.field("Content-Length");
    auto const size = to_head || out.status == 204 || out.status == 304 ? 0
                      : length.empty()                                  ? from.size()
                                                                        : number(length);
    REQUIRE(from.size() >= size);
    out.body = from.substr(0, size);
    from.erase(0, size);
    return out;
}

std::string dechunked(std::string_view text) {
    std::string out;
    for (auto end = text.find("\r\n"); end != text.npos; end = text.find("\r\n")) {
        auto const size = number(text.substr(0, end), 16);
        if (text.size() < end + 2 + size + 2)
            break;
        out += size == 0 ? "<end>" : text.substr(end + 2, size);
        REQUIRE(text.substr(end + 2 + size, 2) == "\r\n");
        text.remove_prefix(end + 2 + size + 2);
    }
    return out;
}

std::vector<std::string> texts_in(std::string_view text) {
    constexpr std::string_view member = R"("data":)";
    std::vector<std::string> out;
    for (auto at = text.find(member); at != text.npos; at = text.find(member, at + 1)) {
        auto value = text.substr(at + member.size());
        bool const string = value.starts_with('"');
        value.remove_prefix(string ? 1 : 0);
        out.emplace_back(value.substr(0, value.find_first_of(string ? "\"" : "}")));
    }
    return out;
}

std::vector<std::string> frames(std::string_view text) {
    std::vector<std::string> out;
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text.at(at)); };
    while (!text.empty()) {
        unsigned const first = byte(0);
        std::size_t size = byte(1);
        std::size_t head = 2;
        if (size >= 126) {
            std::size_t const more = size == 126 ? 2 : 8;
            size = 0;
            for (std::size_t i = 0; i < more; ++i)
                size = size << 8U | byte(head + i);
            head += more;
        }
        REQUIRE(text.size() >= head + size);
        auto const payload = std::string(text.substr(head, size));
        text.remove_prefix(head + size);
        switch (first) {
            case 0x81:
                out.push_back("text " + payload);
                break;
            case 0xC1:
                out.push_back("deflated " + payload);
                break;
            case 0x88: {
                auto const code = [&] {
                    return std::to_string(static_cast<unsigned char>(payload[0]) * 256U +
                                          static_cast<unsigned char>(payload[1]));
                };
                out.push_back(payload.empty()       ? "close"
                              : payload.size() == 2 ? "close " + code()
                                                    : "close " + code() + " " + payload.substr(2));
                break;
            }
            case 0x89:
                out.push_back(payload.empty() ? "ping" : "ping " + payload);
                break;
            case 0x8A:
                out.push_back(payload.empty() ? "pong" : "pong " + payload);
                break;
            default:
                FAIL("a frame that begins with " << first);
        }
    }
    return out;
}

std::string request(std::string_view line, std::string_view fields, std::string_view body) {
    std::string out(line);
    out.append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
    if (!body.empty())
        out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    return out.append("\r\n").append(body);
}

}  // namespace anteroom::unit
