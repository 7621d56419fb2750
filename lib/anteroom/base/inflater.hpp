// Decompresses DEFLATE (RFC 1951), up to a limit.
#pragma once

#include <boost/beast/zlib/inflate_stream.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace anteroom {

/// One stream, written piece by piece. Single-threaded; takes some 40 KB while it is in use.
class inflater {
  public:
    enum class result {
        more,     // the stream continues after what was written
        ended,    // its last block has ended: see used()
        too_big,  // there is more text than may be
        broken    // it is no such stream
    };

    /// Decompresses `packed`, and appends the text to `out` as long as that has at most `most` bytes: what is over the
    /// limit is not decompressed. Not to be called again after any result but `more`.
    result write(std::string_view packed, std::string& out, std::size_t most);

    /// How much of what was written last belongs to the stream.
    std::size_t used() const noexcept { return used_; }

  private:
    boost::beast::zlib::inflate_stream stream_;
    std::size_t used_ = 0;
};

}  // namespace anteroom
