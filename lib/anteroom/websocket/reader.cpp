#include <anteroom/base/text.hpp>
#include <anteroom/websocket/reader.hpp>

#include <algorithm>
#include <utility>

namespace anteroom::websocket {

namespace {

constexpr unsigned final_bit = 0x80;
constexpr unsigned rsv1_bit = 0x40;
constexpr unsigned rsv_bits = 0x70;
constexpr unsigned mask_bit = 0x80;

enum : std::uint8_t { continuation = 0, text = 1, close = 8, ping = 9, pong = 10 };

// RFC 6455, 7.4: the codes that are allowed in a close frame.
bool is_valid_code(unsigned code) noexcept {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace

reader::event reader::read(std::string_view& input) {
    for (;;) {
        if (!in_payload_) {
            if (!read_head(input))
                return event::need_more;
            if (auto const wrong = check_head())
                return fail(*wrong);
            in_payload_ = true;
            mask_at_ = 0;
        }
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
        auto const wrong = take(input.substr(0, count));
        input.remove_prefix(count);
        left_ -= count;
        if (wrong)
            return fail(*wrong);
        if (left_ > 0)
            return event::need_more;
        in_payload_ = false;
        head_size_ = 0;
        if (auto const what = end_frame(); what != event::need_more)
            return what;
    }
}

// Takes a piece of the frame's payload; returns why it cannot be part of a valid message.
std::optional<close_code> reader::take(std::string_view some) {
    auto& into = is_control() ? control_ : unpacker_ ? packed_ : message_;
    auto const before = into.size();
    auto const* const mask = &head_[head_length() - 4];
    for (char const c : some)
        into += static_cast<char>(static_cast<unsigned char>(c) ^ mask[mask_at_++ & 3U]);
    mask_at_ &= 3U;
    if (is_control())
        return std::nullopt;
    received_ += some.size();
    if (unpacker_)
        return take_packed();
    return text_.write(std::string_view(into).substr(before)) ? std::nullopt
                                                              : std::optional(close_code::invalid_payload);
}

std::optional<close_code> reader::take_packed() {
    auto const before = message_.size();
    auto const done = unpacker_->write(std::exchange(packed_, {}), message_, max_message_);
    // First what comes first, so that it does not matter in which pieces it comes.
    if (!text_.write(std::string_view(message_).substr(before)))
        return close_code::invalid_payload;
    switch (done) {
        case message_inflater::result::too_big:
            return close_code::message_too_big;
        case message_inflater::result::broken:
            return close_code::invalid_payload;
        default:
            return std::nullopt;
    }
}

std::size_t reader::head_length() const noexcept {
    auto const length = head_[1] & ~mask_bit;
    return 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4;
}

// A frame header arrives in one piece nearly always, but it need not.
bool reader::read_head(std::string_view& input) {
    while (head_size_ < 2 || head_size_ < head_length()) {
        if (input.empty())
            return false;
        head_[head_size_++] = static_cast<unsigned char>(input.front());
        input.remove_prefix(1);
        // Input that is no client frame has no mask; the rest of its header might never arrive.
        if (head_size_ == 2 && (head_[1] & mask_bit) == 0)
            return true;
    }
    return true;
}

std::optional<close_code> reader::check_head() {
    auto const bits = head_[0];
    final_ = (bits & final_bit) != 0;
    opcode_ = bits & 0x0FU;
    if ((head_[1] & mask_bit) == 0)
        return close_code::protocol_error;
    bool const rsv1 = (bits & rsv_bits) == rsv1_bit;
    bool const may_be_compressed = deflate_ && (opcode_ == text || opcode_ == text + 1);
    if ((bits & rsv_bits) != 0 && (!rsv1 || !may_be_compressed))
        return close_code::protocol_error;

    std::size_t const extended = head_length() - 6;
    left_ = extended == 0 ? head_[1] & ~mask_bit : 0;
    for (std::size_t i = 0; i < extended; ++i)
        left_ = left_ << 8U | head_[2 + i];
    // The shortest encoding of the length must be used (RFC 6455, 5.2).
    if ((extended == 2 && left_ < 126) || (extended == 8 && (left_ <= 0xFFFF || (left_ >> 63U) != 0)))
        return close_code::protocol_error;

    if (is_control()) {
        control_.clear();
        bool const known = opcode_ == close || opcode_ == ping || opcode_ == pong;
        return known && final_ && left_ <= 125 ? std::nullopt : std::optional(close_code::protocol_error);
    }
    if (opcode_ > text + 1 || (opcode_ == continuation) != fragmented_)
        return close_code::protocol_error;
    if (opcode_ == text + 1)
        return close_code::unsupported_data;
    if (left_ > max_message_ - std::min(max_message_, received_))
        return close_code::message_too_big;
    if (opcode_ == text && rsv1)
        unpacker_ = std::make_unique<message_inflater>();
    fragmented_ = true;
    return std::nullopt;
}

reader::event reader::end_frame() {
    switch (opcode_) {
        case close:
            return end_close();
        case ping:
        case pong:
            payload_ = std::move(control_);
            control_ = {};
            return opcode_ == ping ? event::ping : event::pong;
        default:
            return final_ ? end_message() : event::need_more;
    }
}

reader::event reader::end_message() {
    fragmented_ = false;
    received_ = 0;
    auto const before = message_.size();
    auto const unpacker = std::exchange(unpacker_, nullptr);
    auto const done = unpacker ? unpacker->end(message_, max_message_) : message_inflater::result::good;
    payload_ = std::exchange(message_, {});
    bool const valid = text_.write(std::string_view(payload_).substr(before));
    bool const whole = valid && text_.is_whole();
    text_.reset();
    if (valid && done == message_inflater::result::too_big)
        return fail(close_code::message_too_big);
    return whole && done == message_inflater::result::good ? event::text : fail(close_code::invalid_payload);
}

reader::event reader::end_close() {
    code_.reset();
    payload_.clear();
    if (control_.empty())
        return event::closed;
    if (control_.size() == 1)
        return fail(close_code::protocol_error);
    unsigned const number = static_cast<unsigned char>(control_[0]) << 8U | static_cast<unsigned char>(control_[1]);
    if (!is_valid_code(number))
        return fail(close_code::protocol_error);
    payload_ = control_.substr(2);
    if (!is_utf8(payload_))
        return fail(close_code::invalid_payload);
    code_ = static_cast<close_code>(number);
    return event::closed;
}

reader::event reader::fail(close_code why) noexcept {
    code_ = why;
    return event::error;
}

}  // namespace anteroom::websocket
