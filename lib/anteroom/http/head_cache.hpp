// Remembers the fields of requests, so that those which come again are not parsed again.
#pragma once

#include <anteroom/http/request.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace anteroom::http {

class request_parser;

/// A client that polls sends the same fields each time, and clients of a kind send the same as each other: only the
/// request line differs. So the fields of the last few heads are kept with what the parser made of them, and a head
/// that has the same, byte for byte, takes it from there. All that is unusual is left to the parser. What clients sent,
/// cookies and all, stays in memory until other heads have taken its place; only the same bytes find it. One thread.
class head_cache {
  public:
    /// Fields that were parsed.
    struct entry : boost::intrusive_ref_counter<entry, boost::thread_unsafe_counter> {
        std::string bytes;  // as they came, with the empty line behind them
        request parsed;     // its fields are views into `bytes`
        std::uint64_t body_size = 0;
        bool keep_alive = true;
        bool lent = false;
    };

    /// A head that was found, or none. What came before is not copied but lent: a request that comes with the same
    /// fields while this one is handled (one that is woken by it, and has the next in its input already) is parsed.
    class found {
      public:
        found() = default;
        found(boost::intrusive_ptr<entry> of, std::size_t head_size) noexcept : of_(std::move(of)), size_(head_size) {
            of_->lent = true;
        }
        found(found&&) = default;
        found& operator=(found&&) = delete;
        ~found() {
            if (of_)
                of_->lent = false;
        }

        explicit operator bool() const noexcept { return of_ != nullptr; }
        /// The request, without its body.
        request& asked() const noexcept { return of_->parsed; }
        std::size_t head_size() const noexcept { return size_; }
        std::uint64_t body_size() const noexcept { return of_->body_size; }
        bool keep_alive() const noexcept { return of_->keep_alive; }

      private:
        boost::intrusive_ptr<entry> of_;
        std::size_t size_ = 0;
    };

    /// The head at the start of the input, if its fields are known and its line is a usual one.
    found find(std::string_view input);

    /// Takes note of a head that was parsed without an error, unless it asks for something special.
    void remember(std::string_view head, request_parser& from);

  private:
    static constexpr std::size_t capacity = 8;
    static constexpr std::size_t max_bytes = 4096;

    std::array<boost::intrusive_ptr<entry>, capacity> entries_;  // those that were found come forward
    std::uint32_t last_id_ = 0;
};

}  // namespace anteroom::http
