#include <anteroom/base/inflater.hpp>
#include <anteroom/websocket/inflate.hpp>

namespace anteroom::websocket {

inflated inflate(std::string_view packed, std::size_t most) {
    // RFC 7692, 7.2.2: the four bytes that the sender has omitted.
    static constexpr std::string_view end("\0\0\xFF\xFF", 4);
    inflated out;
    inflater unpacker;
    auto done = unpacker.write(packed, out.text, most);
    if (done == inflater::result::more)
        done = unpacker.write(end, out.text, most);
    out.too_big = done == inflater::result::too_big;
    out.broken = done == inflater::result::broken;
    return out;
}

}  // namespace anteroom::websocket
