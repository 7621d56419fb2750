// Frames as a client writes them, valid and invalid ones.
#pragma once

#include <anteroom/websocket/reader.hpp>
#include <anteroom/websocket/writer.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace anteroom::unit {

namespace op {
inline constexpr unsigned continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10;
inline constexpr unsigned final = 0x80, rsv1 = 0x40, rsv2 = 0x20, rsv3 = 0x10;
}  // namespace op

/// How a frame's length is encoded: in the shortest form, or in a longer one.
enum class length_form { shortest, two_bytes, eight_bytes };

/// A masked frame whose first byte is `first`.
inline std::string frame(unsigned first, std::string_view payload, length_form form = length_form::shortest,
                         std::string_view mask = "\x37\xFA\x21\x3D") {
    std::string out(1, static_cast<char>(first));
    auto const size = payload.size();
    int bytes = 0;
    if (form == length_form::eight_bytes || size > 0xFFFF)
        bytes = 8;
    else if (form == length_form::two_bytes || size > 125)
        bytes = 2;
    out += static_cast<char>(0x80U | (bytes == 8 ? 127U : bytes == 2 ? 126U : static_cast<unsigned>(size)));
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out += static_cast<char>((size >> static_cast<unsigned>(shift)) & 0xFFU);
    out += mask;
    for (std::size_t i = 0; i < size; ++i)
        out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
}

/// A whole frame: FIN is set.
inline std::string whole(unsigned opcode, std::string_view payload) {
    return frame(op::final | opcode, payload);
}

inline std::string close_frame(unsigned code, std::string_view reason = {}) {
    std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
    return whole(op::close, payload.append(reason));
}

/// The events that a reader reports: `text hi`, `ping x`, `closed 1000 bye`, `error 1002`.
inline std::vector<std::string> told(websocket::reader& reader, std::string_view input) {
    using event = websocket::reader::event;
    auto const code = [&] { return reader.code() ? std::to_string(static_cast<unsigned>(*reader.code())) : "none"; };
    std::vector<std::string> out;
    for (;;) {
        switch (reader.read(input)) {
            case event::need_more:
                return out;
            case event::text:
                out.push_back("text " + std::string(reader.payload()));
                break;
            case event::ping:
                out.push_back("ping " + std::string(reader.payload()));
                break;
            case event::pong:
                out.push_back("pong " + std::string(reader.payload()));
                break;
            case event::closed:
                out.push_back("closed " + code() + " " + std::string(reader.payload()));
                return out;
            case event::error:
                out.push_back("error " + code());
                return out;
        }
    }
}

/// The same if every byte arrives alone.
inline std::vector<std::string> told_byte_by_byte(websocket::reader& reader, std::string_view input) {
    std::vector<std::string> out;
    for (char const& each : input) {
        for (auto& event : told(reader, {&each, 1}))
            out.push_back(std::move(event));
        if (!out.empty() && (out.back().starts_with("error") || out.back().starts_with("closed")))
            break;
    }
    return out;
}

}  // namespace anteroom::unit
