// A message: appended to a room by a publish. Immutable, shared by all readers.
#pragma once

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

/// Counts the bytes that messages hold, over all rooms. Any thread.
class memory_meter {
  public:
    void add(std::size_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void remove(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> used_{0};
};

/// Encoded bytes, and positions in them that the encoder wants to find again.
struct encoding {
    std::string bytes;
    std::array<std::uint8_t, 4> marks{};
};

/// The encodings that a message keeps once they were requested: the head of the raw form, and the one encoding that all
/// other forms consist of pieces of.
enum class wire_form : std::size_t { raw_head, framed, deflated };
inline constexpr std::size_t wire_forms = 3;

/// Can be read from any thread. Its size, including wire forms, is counted in a memory_meter that must outlive it.
class message {
  public:
    /// `at` is its id: the cursor just after it. `time` is in ms since the Unix epoch.
    message(cursor at, std::int64_t time, draft&& what, memory_meter& meter);
    ~message();
    message(message const&) = delete;
    message& operator=(message const&) = delete;

    cursor id() const noexcept { return id_; }
    std::int64_t time() const noexcept { return time_; }
    content kind() const noexcept { return what_.kind; }
    std::string_view data() const noexcept { return what_.data; }
    std::string_view from() const noexcept { return what_.from; }

    /// The bytes that the message is charged with in its room: its text and its overhead, without wire forms.
    std::size_t charge() const noexcept { return charge_of(what_); }
    static std::size_t charge_of(draft const& what) noexcept;

    /// The message in a wire form: created by `encode` on first use, kept as long as the message lives.
    encoding const& wire(wire_form form, encoding (*encode)(message const&)) const;

  private:
    cursor id_;
    std::int64_t time_;
    draft what_;
    memory_meter& meter_;
    mutable std::array<std::atomic<encoding const*>, wire_forms> wire_{};
};

using message_ptr = std::shared_ptr<message const>;

}  // namespace anteroom
