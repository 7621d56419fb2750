#include <anteroom/websocket/inflate.hpp>

#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <array>

namespace anteroom::websocket {

inflated inflate(std::string_view packed, std::size_t most) {
    namespace zlib = boost::beast::zlib;
    // RFC 7692, 7.2.2: the four bytes that the sender has omitted.
    static constexpr std::array<char, 4> end = {'\0', '\0', '\xFF', '\xFF'};
    std::string input(packed);
    input.append(end.data(), end.size());

    inflated out;
    out.text.resize(std::min(most + 1, std::max<std::size_t>(4 * packed.size(), 256)));
    zlib::inflate_stream unpacker;
    zlib::z_params state;
    state.next_in = input.data();
    state.avail_in = input.size();
    std::size_t size = 0;
    for (;;) {
        state.next_out = out.text.data() + size;
        state.avail_out = out.text.size() - size;
        boost::system::error_code ec;
        unpacker.write(state, zlib::Flush::sync, ec);
        size = out.text.size() - state.avail_out;
        // Checked first: a message that is one byte too long may have ended in that byte.
        if (size > most) {
            out.too_big = true;
            break;
        }
        if (ec == zlib::error::end_of_stream)
            break;
        if (ec && ec != zlib::error::need_buffers) {
            out.broken = true;
            break;
        }
        if (state.avail_out > 0)
            break;
        out.text.resize(std::min(most + 1, out.text.size() * 2));
    }
    out.text.resize(size);
    return out;
}

}  // namespace anteroom::websocket
