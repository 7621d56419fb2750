// JSON in its parts, as text: what is inside a message must come out as it was published, numbers and all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::client {

/// Walks over the members of an object or the elements of an array, and hands out each value as it is written.
/// What it hands out is one value by its brackets and quotes; whether that is valid is for those who read it.
class json_walk {
  public:
    explicit json_walk(std::string_view text) noexcept : text_(text) {}

    /// Enters an object (`{`) or an array (`[`); false where there is none.
    bool enter(char bracket) noexcept;

    /// Goes to the next member or element; false at the end, and where the text is broken.
    bool next() noexcept;

    /// The name of the member, without its quotes; names with escapes are left as they are written.
    std::string_view name() const noexcept { return name_; }
    std::string_view value() const noexcept { return value_; }

    /// Whether everything up to the closing bracket was there, and nothing but white space after it.
    bool complete() const noexcept { return complete_; }

  private:
    void skip_space() noexcept;
    bool take(char c) noexcept;
    std::string_view take_value() noexcept;

    std::string_view text_;
    std::string_view name_;
    std::string_view value_;
    char closing_ = 0;
    bool first_ = true;
    bool complete_ = false;
};

/// The text of a JSON string, quotes and escapes undone; nothing where it is none.
std::optional<std::string> json_string(std::string_view value);

/// A whole number that is not negative and fits.
std::optional<std::int64_t> json_number(std::string_view value) noexcept;

/// Whether it is one valid JSON value.
bool is_json(std::string_view value);

/// Appends text as a JSON string. The text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace anteroom::client
