// Validates UTF-8 that arrives in pieces, and says which characters a reader can see.
#pragma once

#include <cstdint>
#include <string_view>

namespace anteroom {

/// Recognises bytes that cannot become well-formed UTF-8 (as is_utf8() has it) with the first of them.
class utf8_validator {
  public:
    /// Takes the next bytes; returns false once there is no continuation that would make all of them valid. Then it
    /// must be reset before further use.
    bool write(std::string_view bytes) noexcept;
    /// Whether the bytes so far end with a whole character.
    bool is_whole() const noexcept { return left_ == 0; }
    void reset() noexcept { left_ = 0; }

  private:
    std::uint8_t left_ = 0;  // continuation bytes of the current character that are to come
    std::uint8_t low_ = 0;   // the range of the next of them
    std::uint8_t high_ = 0;
};

/// Whether valid UTF-8 has a character that shows nothing where it stands but may change how its neighbours look, or
/// make two texts look the same: zero width, direction marks, invisible operators, line and paragraph separators, tags.
/// A joiner is none where it makes a difference that can be seen, among Arabic or Indic letters or pictographs. The
/// text must have no NUL.
bool has_hidden_character(std::string_view utf8) noexcept;

/// Whether valid UTF-8 shows anything: a character that is neither hidden nor a space of any width, nor a filler or a
/// variation selector. The text must have no NUL.
bool has_visible_character(std::string_view utf8) noexcept;

}  // namespace anteroom
