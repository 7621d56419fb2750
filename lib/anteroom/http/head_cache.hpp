// A cache of request headers, so that repeated ones are not parsed again.
#pragma once

#include <anteroom/http/request.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace anteroom::http {

class request_parser;

/// A client that polls sends the same fields each time, and clients of the same kind send identical fields: only the
/// request line differs. So the most recent headers are kept as parsed, and a head with the same bytes shares them.
/// Anything unusual is left to the parser. What clients sent, including cookies, stays in memory until other headers
/// have evicted it; only identical bytes can find it. Single-threaded.
class head_cache {
  public:
    /// A head at the start of the input whose header is cached, or none. The views refer to the input.
    struct found {
        header_fields_ptr fields;
        verb method = verb::unknown;
        std::string_view method_text;
        std::string_view target;
        std::size_t size = 0;  // the size of the head

        explicit operator bool() const noexcept { return fields != nullptr; }
    };

    /// Finds the head at the start of the input, if its fields are cached and its request line is an ordinary one.
    found find(std::string_view input);

    /// Caches the header of a request that was parsed without an error, unless it asks for something special.
    void remember(request_parser& from);

  private:
    static constexpr std::size_t capacity = 8;
    static constexpr std::size_t max_bytes = 4096;

    std::array<header_fields_ptr, capacity> entries_;  // each hit moves an entry one place towards the front
    std::uint32_t last_id_ = 0;
};

}  // namespace anteroom::http
