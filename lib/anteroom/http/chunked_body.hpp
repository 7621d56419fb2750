// Decodes a body in the chunked transfer coding (RFC 9112, 7.1); needs no socket.
#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace anteroom::http {

/// Takes bytes as they arrive, in any pieces, and keeps none of them: a byte that cannot be right is an error at once.
/// Extensions of chunks and trailers are checked and dropped, as RFC 9110, 6.5.1 and RFC 9112, 7.1.1 allow: what a
/// trailer says never becomes part of the header.
class chunked_body {
  public:
    /// What chunk extensions may have together, and what the trailers may: they are read to be dropped.
    static constexpr std::uint32_t max_dropped = 32 * 1024;

    /// `max_body`: a chunk that makes the body longer is the error `body_limit`, reported before its data are read.
    explicit chunked_body(std::uint64_t max_body) noexcept : room_(max_body) {}

    /// Decodes from the front of the input, appends the data to `into`, and returns how many bytes were consumed: all,
    /// unless the body has ended or there is an error. Errors are Beast's.
    std::size_t read(std::string_view input, std::string& into, boost::system::error_code& ec);

    bool is_done() const noexcept { return at_ == place::done; }

  private:
    enum class place : std::uint8_t {
        size_start,
        size,
        extension_blank,  // before a `;`
        name_start,
        name,
        name_blank,  // before a `=` or `;`
        value_start,
        value,
        quoted,
        escaped,
        quoted_end,
        line_feed,
        data,
        data_return,
        data_feed,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_feed,
        last_feed,
        done
    };

    void read_line(char c, boost::system::error_code& ec);
    void read_size(char c, boost::system::error_code& ec);
    void read_extension(char c, boost::system::error_code& ec);
    void read_trailer(char c, boost::system::error_code& ec);
    bool continue_extension(char c);
    void begin_chunk(boost::system::error_code& ec);

    std::uint64_t room_;      // for data that have not been announced
    std::uint64_t left_ = 0;  // the chunk's size or, in its data, what is to come of them
    std::uint32_t dropped_ = 0;
    place at_ = place::size_start;
};

}  // namespace anteroom::http
