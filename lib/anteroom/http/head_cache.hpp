// Remembers the headers of requests, so that those which come again are not parsed again.
#pragma once

#include <anteroom/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anteroom::http {

class request_parser;

/// A client that polls sends the same fields each time, and clients of a kind send the same as each other: only the
/// request line differs. So the last few headers are kept as the parser made them, and a head that has the same bytes
/// shares them. All that is unusual is left to the parser. What clients sent, cookies and all, stays in memory until
/// other headers have taken its place; only the same bytes find it. One thread.
class head_cache {
  public:
    /// A head at the front of the input whose header is known, or none. The views are of the input.
    struct found {
        header_fields_ptr fields;
        verb method = verb::unknown;
        std::string_view method_text;
        std::string_view target;
        std::size_t size = 0;  // of the head

        explicit operator bool() const noexcept { return fields != nullptr; }
    };

    /// The head at the start of the input, if its fields are known and its line is a usual one.
    found find(std::string_view input);

    /// Keeps the header that was parsed without an error, unless it asks for something special.
    void remember(request_parser& from);

  private:
    static constexpr std::size_t capacity = 8;
    static constexpr std::size_t max_bytes = 4096;

    std::array<header_fields_ptr, capacity> entries_;  // those that were found move to the front
    std::uint32_t last_id_ = 0;
};

}  // namespace anteroom::http
