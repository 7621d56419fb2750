// A message: what one publish appends to a room. Immutable, shared by everybody who reads it.
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

/// A message that has no place yet. `data` is valid UTF-8 (text) or valid, compact JSON.
struct draft {
    content kind = content::text;
    std::string data;
    std::string from;  // empty: the publisher did not name itself
};

/// How many bytes messages hold, over all rooms. Any thread.
class memory_meter {
  public:
    void add(std::size_t bytes) noexcept { used_.fetch_add(bytes, std::memory_order_relaxed); }
    void remove(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::size_t> used_{0};
};

/// Bytes for the wire, and the places in them that whoever made them wants to find again.
struct encoding {
    std::string bytes;
    std::array<std::uint8_t, 4> marks{};
};

/// What a message keeps of its bytes for the wire once somebody has asked for it: the head of the raw form, and the one
/// encoding that all other forms are pieces of.
enum class wire_form : std::size_t { raw_head, framed, deflated };
inline constexpr std::size_t wire_forms = 3;

/// Safe to read from any thread. It counts itself, wire forms included, in a memory_meter that must outlive it.
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

    /// What the message is charged with in its room: its text and what it takes to keep it, without wire forms.
    std::size_t charge() const noexcept { return charge_of(what_); }
    static std::size_t charge_of(draft const& what) noexcept;

    /// The message in a form for the wire: made by `encode` when first asked for, kept while the message lives.
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
