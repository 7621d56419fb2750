#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>

#include <boost/beast/zlib/deflate_stream.hpp>

#include <string>

namespace anteroom::encode {

namespace {

// Shorter texts hardly compress.
constexpr std::size_t min_size = 64;

// Compresses text up to a byte boundary, without the empty block that ends it there (RFC 7692, 7.2.1); empty if the
// result would not be shorter.
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

encoding make_deflated(message const& of) {
    auto const text = frames(of).json();
    auto const compressed = text.size() < min_size ? std::string() : deflate(text);
    encoding made;
    append_frame_head(made.bytes, opcode::text, compressed.empty() ? text.size() : compressed.size(),
                      !compressed.empty());
    made.bytes += compressed.empty() ? text : compressed;
    return made;
}

}  // namespace

std::string_view deflated_frame(message const& of) {
    return of.wire(wire_form::deflated, make_deflated).bytes;
}

}  // namespace anteroom::encode
