// The body of a bench message: its room, its number and when it was due, in fixed places, and padding.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::bench {

struct message_body {
    static constexpr std::size_t least_bytes = 8 + 1 + 12 + 1 + 16;

    std::uint64_t room = 0;
    std::uint64_t number = 0;
    std::uint64_t due = 0;

    void write(std::string& out, std::size_t size) const {
        out.assign(size, '.');
        write_hex(out, 0, 8, room);
        write_hex(out, 9, 12, number);
        write_hex(out, 22, 16, due);
    }

    /// False if `text` is not such a body of `size` bytes.
    bool read(std::string_view text, std::size_t size) {
        return text.size() == size && size >= least_bytes && read_hex(text.substr(0, 8), room) &&
               read_hex(text.substr(9, 12), number) && read_hex(text.substr(22, 16), due);
    }

  private:
    static void write_hex(std::string& out, std::size_t at, std::size_t digits, std::uint64_t value) {
        for (auto digit = digits; digit-- > 0; value >>= 4) {
            out[at + digit] = "0123456789abcdef"[value & 15];
        }
    }

    static bool read_hex(std::string_view text, std::uint64_t& value) {
        value = 0;
        for (auto const c : text) {
            auto const digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                return false;
            }
            value = value << 4 | static_cast<unsigned>(digit);
        }
        return true;
    }
};

}  // namespace anteroom::bench
