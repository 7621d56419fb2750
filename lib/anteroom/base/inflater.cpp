#include <anteroom/base/inflater.hpp>

#include <algorithm>

namespace anteroom {

inflater::result inflater::write(std::string_view packed, std::string& out, std::size_t most) {
    namespace zlib = boost::beast::zlib;
    zlib::z_params state;
    state.next_in = packed.data();
    state.avail_in = packed.size();
    // One byte of space more than may be used shows whether there is more text.
    auto const enlarge = [&, most](std::size_t size) { out.resize(std::min(most, size - 1) + 1); };
    std::size_t size = out.size();
    enlarge(size + std::max<std::size_t>(4 * packed.size(), 256));
    auto done = result::more;
    for (;;) {
        state.next_out = out.data() + size;
        state.avail_out = out.size() - size;
        boost::system::error_code ec;
        stream_.write(state, zlib::Flush::sync, ec);
        size = out.size() - state.avail_out;
        // Checked first: a text that is one byte too long may have ended in that byte.
        if (size > most)
            done = result::too_big;
        else if (ec == zlib::error::end_of_stream)
            done = result::ended;
        else if (ec && ec != zlib::error::need_buffers)
            done = result::broken;
        if (done != result::more || state.avail_out > 0)
            break;
        enlarge(2 * out.size());
    }
    out.resize(size);
    used_ = packed.size() - state.avail_in;
    return done;
}

}  // namespace anteroom
