#include <anteroom/websocket/writer.hpp>

#include <boost/beast/zlib/deflate_stream.hpp>

namespace anteroom::websocket {

void append_frame_head(std::string& out, opcode kind, std::size_t size, bool compressed) {
    static constexpr unsigned fin = 0x80;
    static constexpr unsigned rsv1 = 0x40;
    out += static_cast<char>(fin | (compressed ? rsv1 : 0U) | static_cast<unsigned>(kind));
    auto const append_size = [&](int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            out += static_cast<char>((size >> static_cast<unsigned>(shift)) & 0xFFU);
    };
    if (size < 126) {
        append_size(1);
    } else if (size <= 0xFFFF) {
        out += static_cast<char>(126);
        append_size(2);
    } else {
        out += static_cast<char>(127);
        append_size(8);
    }
}

std::string deflate(std::string_view text) {
    namespace zlib = boost::beast::zlib;
    zlib::deflate_stream compressor;
    compressor.reset(6, 15, 8, zlib::Strategy::normal);
    std::string out(text.size() + 64, '\0');
    zlib::z_params state;
    state.next_in = text.data();
    state.avail_in = text.size();
    state.next_out = out.data();
    state.avail_out = out.size();
    boost::system::error_code ec;
    compressor.write(state, zlib::Flush::sync, ec);
    out.resize(state.total_out);
    static constexpr std::string_view end("\0\0\xFF\xFF", 4);
    if (ec || state.avail_in > 0 || state.avail_out == 0 || !out.ends_with(end) || out.size() >= text.size())
        return {};
    out.resize(out.size() - end.size());
    return out;
}

}  // namespace anteroom::websocket
