#include <anteroom/bench/frame_reader.hpp>

#include <cstdint>
#include <stdexcept>

namespace anteroom::bench {
namespace {

constexpr unsigned final_bit = 0x80;
constexpr unsigned reserved_bits = 0x70;
constexpr unsigned mask_bit = 0x80;
constexpr std::string_view mask = "\x37\xfa\x21\x3d";

unsigned octet(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

void frame_reader::take(unsigned head, std::string_view payload, sink const& to) {
    auto const final = (head & final_bit) != 0;
    switch (head & 0x0f) {
        case 0x0:
            if (!fragmented_) {
                throw std::runtime_error("a WebSocket frame continues nothing");
            }
            part_.append(payload);
            if (final) {
                fragmented_ = false;
                to(frame_kind::message, part_);
                part_.clear();
            }
            return;
        case 0x1:
        case 0x2:
            if (fragmented_) {
                throw std::runtime_error("a WebSocket message begins within another");
            }
            if (final) {
                to(frame_kind::message, payload);
            } else {
                fragmented_ = true;
                part_.assign(payload);
            }
            return;
        case 0x8:
            return to(frame_kind::close, payload);
        case 0x9:
            return to(frame_kind::ping, payload);
        case 0xa:
            return;
        default:
            throw std::runtime_error("a WebSocket frame has a reserved opcode");
    }
}

std::size_t frame_reader::read(std::string_view bytes, sink const& to) {
    for (std::size_t at = 0;;) {
        auto const here = bytes.size() - at;
        if (here < 2) {
            return at;
        }
        auto const head = octet(bytes, at);
        auto const length = octet(bytes, at + 1);
        if ((head & reserved_bits) != 0 || (length & mask_bit) != 0) {
            throw std::runtime_error("a WebSocket frame is masked or has reserved bits");
        }
        std::uint64_t size = length;
        std::size_t const more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (here < 2 + more) {
            return at;
        }
        for (std::size_t index = 0; more != 0 && index < more; ++index) {
            size = (index == 0 ? 0 : size << 8) | octet(bytes, at + 2 + index);
        }
        if (size > (1U << 30) || ((head & 0x08) != 0 && size > 125)) {
            throw std::runtime_error("a WebSocket frame is too long");
        }
        if (here < 2 + more + size) {
            return at;
        }
        at += 2 + more;
        take(head, bytes.substr(at, size), to);
        at += size;
    }
}

void write_pong(std::string& out, std::string_view payload) {
    out += '\x8a';
    out += static_cast<char>(mask_bit | payload.size());
    out.append(mask);
    for (std::size_t index = 0; index < payload.size(); ++index) {
        out += static_cast<char>(payload[index] ^ mask[index % mask.size()]);
    }
}

}  // namespace anteroom::bench
