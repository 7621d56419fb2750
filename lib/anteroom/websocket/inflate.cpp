#include <anteroom/websocket/inflate.hpp>

namespace anteroom::websocket {

message_inflater::result message_inflater::write(std::string_view packed, std::string& out, std::size_t most) {
    if (!ended_ && !packed.empty()) {
        auto const done = unpacker_.write(packed, out, most);
        if (done == inflater::result::too_big)
            return result::too_big;
        if (done == inflater::result::broken)
            return result::broken;
        packed.remove_prefix(unpacker_.used());
        ended_ = done == inflater::result::ended;
    }
    // Behind a final block there may be the beginning of an empty one (RFC 7692, 7.2.3.4).
    if (!ended_ || packed.empty())
        return result::good;
    if (packed != std::string_view("\0", 1) || followed_)
        return result::broken;
    followed_ = true;
    return result::good;
}

message_inflater::result message_inflater::end(std::string& out, std::size_t most) {
    // RFC 7692, 7.2.2: the four bytes that the sender has omitted.
    static constexpr std::string_view omitted("\0\0\xFF\xFF", 4);
    return ended_ ? result::good : write(omitted, out, most);
}

inflated inflate(std::string_view packed, std::size_t most) {
    inflated out;
    message_inflater unpacker;
    auto done = unpacker.write(packed, out.text, most);
    if (done == message_inflater::result::good)
        done = unpacker.end(out.text, most);
    out.too_big = done == message_inflater::result::too_big;
    out.broken = done == message_inflater::result::broken;
    return out;
}

}  // namespace anteroom::websocket
