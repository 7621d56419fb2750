#include <anteroom/base/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

namespace anteroom {

namespace {

using byte = unsigned char;

struct range {
    char32_t first;
    char32_t last;
};

constexpr range hidden[] = {
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200F},    // zero width space, joiners, left-to-right and right-to-left mark
    {0x2028, 0x202E},    // line and paragraph separator, embeddings and overrides of the direction
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates of the direction
    {0xFEFF, 0xFEFF},    // zero width no-break space, which is also the byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotation
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE007F},  // tags
};

// What takes space at most. Variation selectors are part of many an emoji, so they are not among the hidden.
constexpr range blank[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x115F, 0x1160},   {0x1680, 0x1680},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F},   {0x2800, 0x2800},
    {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xE0100, 0xE01EF},
};

bool is_in(std::span<range const> ranges, char32_t c) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [c](range each) { return c >= each.first && c <= each.last; });
}

// Of these a joiner (U+200C, U+200D) changes the form, or makes one of two: Persian and Indian names need it, and many
// an emoji has it.
enum class script { other, arabic, indic, pictographs };

script script_of(char32_t c) noexcept {
    if (c >= 0x0600 && c <= 0x08FF)
        return script::arabic;
    if (c >= 0x0900 && c <= 0x0DFF)
        return script::indic;
    bool const pictograph = (c >= 0x2190 && c <= 0x2BFF) || (c >= 0x1F000 && c <= 0x1FAFF) || c == 0xFE0F;
    return pictograph ? script::pictographs : script::other;
}

/// The characters of valid UTF-8.
class characters {
  public:
    explicit characters(std::string_view utf8) noexcept : rest_(utf8) {}

    /// The next one; 0 at the end.
    char32_t next() noexcept {
        if (rest_.empty())
            return 0;
        auto const first = static_cast<byte>(rest_.front());
        std::size_t const length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t c = length == 1 ? first : first & (0x7FU >> length);
        for (std::size_t n = 1; n < length; ++n)
            c = c << 6U | (static_cast<byte>(rest_[n]) & 0x3FU);
        rest_.remove_prefix(length);
        return c;
    }

  private:
    std::string_view rest_;
};

}  // namespace

bool utf8_validator::write(std::string_view bytes) noexcept {
    constexpr byte least = 0x80;
    constexpr byte most = 0xBF;
    for (std::size_t i = 0; i < bytes.size();) {
        std::uint64_t word = 0;
        if (left_ == 0 && bytes.size() - i >= sizeof word) {
            std::memcpy(&word, bytes.data() + i, sizeof word);
            if ((word & 0x8080808080808080U) == 0) {  // most text is ASCII
                i += sizeof word;
                continue;
            }
        }
        auto const b = static_cast<byte>(bytes[i++]);
        if (left_ > 0) {
            if (b < low_ || b > high_)
                return false;
            --left_;
            low_ = least;
            high_ = most;
        } else if (b >= 0x80) {
            left_ = b >= 0xC2 && b <= 0xDF ? 1 : (b & 0xF0U) == 0xE0 ? 2 : b >= 0xF0 && b <= 0xF4 ? 3 : 0;
            if (left_ == 0)
                return false;
            // Excludes overlong forms, surrogates and code points beyond U+10FFFF.
            low_ = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : least;
            high_ = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : most;
        }
    }
    return true;
}

bool has_hidden_character(std::string_view utf8) noexcept {
    characters all(utf8);
    char32_t before = 0;
    for (auto c = all.next(), after = all.next(); c != 0; before = c, c = after, after = all.next()) {
        if (c < 0x80 || !is_in(hidden, c))
            continue;
        bool const joins =
            (c == 0x200C || c == 0x200D) && script_of(before) != script::other && script_of(before) == script_of(after);
        if (!joins)
            return true;
    }
    return false;
}

bool has_visible_character(std::string_view utf8) noexcept {
    characters all(utf8);
    for (auto c = all.next(); c != 0; c = all.next()) {
        if (!is_in(blank, c) && !is_in(hidden, c))
            return true;
    }
    return false;
}

}  // namespace anteroom
