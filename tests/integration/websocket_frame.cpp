#include "websocket_frame.hpp"

#include "harness_error.hpp"

#include <array>

namespace anteroom::integration {
namespace {

constexpr std::string_view mask = "\x37\xfa\x21\x3d";

char byte(std::size_t value) {
    return static_cast<char>(static_cast<unsigned char>(value & 0xFFU));
}

std::size_t number(std::string_view bytes) {
    std::size_t value = 0;
    for (char const each : bytes) {
        value = value << 8U | static_cast<unsigned char>(each);
    }
    return value;
}

}  // namespace

std::string websocket_frame::bytes() const {
    std::string all;
    all += byte((final ? 0x80U : 0U) | reserved << 4U | static_cast<unsigned>(kind));
    auto const size = payload.size();
    auto const extended = size < 126 ? 0U : size <= 0xFFFF ? 2U : 8U;
    all += byte((masked ? 0x80U : 0U) | (extended == 0 ? size : extended == 2 ? 126U : 127U));
    for (auto i = extended; i > 0; --i) {
        all += byte(size >> (8U * (i - 1)));
    }
    if (!masked) {
        return all + payload;
    }
    all += mask;
    for (std::size_t i = 0; i < size; ++i) {
        all += static_cast<char>(payload[i] ^ mask[i % 4]);
    }
    return all;
}

std::optional<int> websocket_frame::close_code() const {
    return payload.size() < 2 ? std::nullopt : std::optional{static_cast<int>(number(payload.substr(0, 2)))};
}

websocket_frame text_frame(std::string payload) {
    return {.kind = opcode::text, .payload = std::move(payload)};
}

websocket_frame close_frame(int code, std::string_view reason) {
    auto const number = static_cast<unsigned>(code);
    return {.kind = opcode::close, .payload = std::string{byte(number >> 8U), byte(number)} + std::string{reason}};
}

std::optional<websocket_frame> take_frame(std::string& buffer) {
    if (buffer.size() < 2) {
        return std::nullopt;
    }
    auto const first = static_cast<unsigned char>(buffer[0]);
    auto const second = static_cast<unsigned char>(buffer[1]);
    if ((second & 0x80U) != 0) {
        throw harness_error{"a server must not mask its frames"};
    }
    auto const extended = second == 126 ? 2U : second == 127 ? 8U : 0U;
    if (buffer.size() < 2 + extended) {
        return std::nullopt;
    }
    auto const size = extended == 0 ? second : number(std::string_view{buffer}.substr(2, extended));
    if (buffer.size() < 2 + extended + size) {
        return std::nullopt;
    }
    websocket_frame frame{.kind = static_cast<opcode>(first & 0x0FU),
                          .payload = buffer.substr(2 + extended, size),
                          .final = (first & 0x80U) != 0,
                          .reserved = first >> 4U & 7U,
                          .masked = false};
    auto const shortest = extended == 0 || (extended == 2 ? size >= 126 : size > 0xFFFF);
    if (!shortest || (frame.kind >= opcode::close && (size > 125 || !frame.final))) {
        throw harness_error{"a frame breaks RFC 6455"};
    }
    buffer.erase(0, 2 + extended + size);
    return frame;
}

}  // namespace anteroom::integration
