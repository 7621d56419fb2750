#include <anteroom/encode/deflate.hpp>
#include <anteroom/encode/frames.hpp>

#include <boost/beast/zlib/deflate_stream.hpp>

#include <string>

namespace anteroom::encode {

namespace {

// Nothing that is shorter gets much shorter.
constexpr std::size_t least = 64;

// The text compressed up to a byte boundary, without the empty block that ends it there (RFC 7692, 7.2.1); empty where
// it would not be shorter.
std::string deflate(std::string_view text) {
    namespace zlib = boost::beast::zlib;
    zlib::deflate_stream packer;
    packer.reset(6, 15, 8, zlib::Strategy::normal);
    std::string out(text.size() + 64, '\0');
    zlib::z_params state;
    state.next_in = text.data();
    state.avail_in = text.size();
    state.next_out = out.data();
    state.avail_out = out.size();
    boost::system::error_code ec;
    packer.write(state, zlib::Flush::sync, ec);
    out.resize(state.total_out);
    static constexpr std::string_view end("\0\0\xFF\xFF", 4);
    if (ec || state.avail_in > 0 || state.avail_out == 0 || !out.ends_with(end) || out.size() >= text.size())
        return {};
    out.resize(out.size() - end.size());
    return out;
}

encoding make_deflated(message const& of) {
    auto const text = frames(of).json();
    auto const packed = text.size() < least ? std::string() : deflate(text);
    encoding made;
    append_frame_head(made.bytes, opcode::text, packed.empty() ? text.size() : packed.size(), !packed.empty());
    made.bytes += packed.empty() ? text : packed;
    return made;
}

}  // namespace

std::string_view deflated_frame(message const& of) {
    return of.wire(wire_form::deflated, make_deflated).bytes;
}

}  // namespace anteroom::encode
