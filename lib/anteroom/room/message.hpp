// A message: appended to a room by a publish. Immutable, shared by all readers.
#pragma once

#include <anteroom/base/clock.hpp>
#include <anteroom/base/memory_meter.hpp>
#include <anteroom/room/cursor.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace anteroom {

enum class content { text, json };

/// A message that has no position yet. `data` is valid UTF-8 (text) or valid, compact JSON.
struct draft {
    content kind = content::text;
    std::string data;
    std::string from;  // empty: the publisher has no name
};

/// Encoded bytes, and positions in them that the encoder wants to find again.
struct encoding {
    std::string bytes;
    std::array<std::uint8_t, 4> marks{};
};

/// The same as a message keeps it: the bytes are directly behind it in memory.
struct kept_encoding {
    std::string_view bytes;
    std::array<std::uint8_t, 4> marks{};
};

/// The encodings that a message keeps once they were requested: the head of the raw form, and the one encoding that all
/// other forms consist of pieces of.
enum class wire_form : std::size_t { raw_head, framed, deflated };
inline constexpr std::size_t wire_forms = 3;

class message;
using message_ptr = std::shared_ptr<message const>;
/// A message that has no position yet.
using new_message_ptr = std::shared_ptr<message>;

/// Can be read from any thread once it has its position. Its size, including wire forms, is counted in a memory_meter
/// that must outlive it.
///
/// One block of memory has the reference counts, the message and its text: a publish allocates once, and who reads the
/// message misses as few cache lines as there can be.
class message {
    /// Where the text goes, behind the message.
    struct text_place {
        std::size_t size;
        char* begin = nullptr;
    };
    template <class T>
    class allocator;

  public:
    static new_message_ptr make(draft const& what, memory_meter& meter);
    /// Assigns its id, the cursor just after it, and when it was appended, before anybody reads it.
    void place(cursor at, moment when) noexcept {
        id_ = at;
        time_ = when.wall;
        appended_ = static_cast<std::uint64_t>(when.steady) & max_appended;
    }

    /// For make().
    message(draft const& what, memory_meter& meter, text_place const& text);
    ~message();
    message(message const&) = delete;
    message& operator=(message const&) = delete;

    cursor id() const noexcept { return id_; }
    /// In ms since the Unix epoch, as the wall clock was.
    std::int64_t time() const noexcept { return time_; }
    /// In ms on the steady clock: what its age is measured by.
    std::int64_t appended() const noexcept { return static_cast<std::int64_t>(appended_); }
    content kind() const noexcept { return static_cast<content>(kind_); }
    std::string_view data() const noexcept { return {text_, data_size_}; }
    std::string_view from() const noexcept { return {text_ + data_size_, from_size_}; }

    /// The bytes that the message is charged with in its room: its text and its overhead, without wire forms.
    std::size_t charge() const noexcept { return charge_of_text(data_size_ + from_size_); }
    static std::size_t charge_of(draft const& what) noexcept {
        return charge_of_text(what.data.size() + what.from.size());
    }

    /// The message in a wire form: created by `encode` on first use, kept as long as the message lives.
    kept_encoding const& wire(wire_form form, encoding (*encode)(message const&)) const;

  private:
    static std::size_t charge_of_text(std::size_t size) noexcept;

    cursor id_;
    std::int64_t time_ = 0;
    char const* text_;  // the data, then the name
    std::size_t data_size_;
    // In one word, so that a message is no larger for its age: names have 64 characters at most, and 2^44 ms are 557
    // years since the machine has started.
    static constexpr std::uint64_t max_appended = (std::uint64_t{1} << 44U) - 1;
    std::uint64_t from_size_ : 19;
    std::uint64_t kind_ : 1;
    std::uint64_t appended_ : 44 = 0;
    memory_meter& meter_;
    mutable std::array<std::atomic<kept_encoding const*>, wire_forms> wire_{};
};

}  // namespace anteroom
