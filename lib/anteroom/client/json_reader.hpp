// Reads JSON member by member, as text: the data of a message must be kept exactly as it was published, numbers
// included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace anteroom::client {

/// Iterates over the members of an object or the elements of an array, and returns each value as it is written. A value
/// is delimited by its brackets and quotes only; whether it is valid JSON is for its reader to check.
class json_reader {
  public:
    explicit json_reader(std::string_view text) noexcept : text_(text) {}

    /// Enters an object (`{`) or an array (`[`); false if there is none.
    bool enter(char bracket) noexcept;

    /// Advances to the next member or element; false at the end, and if the text is malformed.
    bool next() noexcept;

    /// The name of the member, without its quotes; escapes in names are not decoded.
    std::string_view name() const noexcept { return name_; }
    std::string_view value() const noexcept { return value_; }

    /// Whether the closing bracket was reached, with nothing but white space after it.
    bool complete() const noexcept { return complete_; }

  private:
    void skip_space() noexcept;
    bool consume(char c) noexcept;
    std::string_view consume_value() noexcept;

    std::string_view text_;
    std::string_view name_;
    std::string_view value_;
    char closing_ = 0;
    bool first_ = true;
    bool complete_ = false;
};

/// The text of a JSON string, without quotes and with escapes decoded; nullopt if it is not one.
std::optional<std::string> json_string(std::string_view value);

/// A non-negative integer that fits; nullopt otherwise.
std::optional<std::int64_t> json_number(std::string_view value) noexcept;

/// Whether the text is one valid JSON value.
bool is_json(std::string_view value);

/// Appends text as a JSON string. The text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace anteroom::client
