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

// What cannot be seen, whatever stands beside it: of Unicode's Default_Ignorable_Code_Point all but the joiners and the
// variation selectors, then separators, format controls, and letters that are drawn as nothing.
constexpr range hidden[] = {
    {0x00AD, 0x00AD},    // soft hyphen
    {0x034F, 0x034F},    // combining grapheme joiner
    {0x061C, 0x061C},    // Arabic letter mark
    {0x115F, 0x1160},    // Hangul fillers
    {0x17B4, 0x17B5},    // Khmer inherent vowels
    {0x180E, 0x180E},    // Mongolian vowel separator
    {0x200B, 0x200B},    // zero width space
    {0x200E, 0x200F},    // left-to-right and right-to-left mark
    {0x2028, 0x202E},    // line and paragraph separator, embeddings and overrides of the direction
    {0x2060, 0x206F},    // word joiner, invisible operators, isolates of the direction
    {0x2800, 0x2800},    // blank Braille pattern
    {0x3164, 0x3164},    // Hangul filler
    {0xFEFF, 0xFEFF},    // zero width no-break space, which is also the byte order mark
    {0xFFA0, 0xFFA0},    // halfwidth Hangul filler
    {0xFFF0, 0xFFFB},    // unassigned, interlinear annotation
    {0x13430, 0x1343F},  // Egyptian hieroglyph format controls
    {0x1BCA0, 0x1BCA3},  // shorthand format controls
    {0x1D159, 0x1D159},  // musical null notehead
    {0x1D173, 0x1D17A},  // musical format controls
    {0xE0000, 0xE00FF},  // tags
    {0xE01F0, 0xE0FFF},  // unassigned
};

// Spaces, and with them what takes space at most.
constexpr range blank[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680}, {0x180B, 0x180F},
    {0x2000, 0x200D}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF},
};

bool is_in(std::span<range const> ranges, char32_t c) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [c](range each) { return c >= each.first && c <= each.last; });
}

constexpr char32_t non_joiner = 0x200C;
constexpr char32_t joiner = 0x200D;
constexpr char32_t emoji_style = 0xFE0F;

// Letters whose form a joiner or a non-joiner changes: Persian and Indian names need them. Of the Arabic ones some are
// joined on their right side only, so that there is nothing behind them to be kept apart.
constexpr range arabic_letters[] = {
    {0x0620, 0x063F}, {0x0641, 0x064A}, {0x066E, 0x06D3}, {0x06D5, 0x06D5},
    {0x06FA, 0x06FC}, {0x0750, 0x077F}, {0x08A0, 0x08C9},
};
constexpr range joined_on_the_right[] = {
    {0x0621, 0x0625}, {0x0627, 0x0627}, {0x0629, 0x0629}, {0x062F, 0x0632}, {0x0648, 0x0648},
    {0x0671, 0x0677}, {0x0688, 0x0699}, {0x06C0, 0x06C0}, {0x06C3, 0x06CB}, {0x06CD, 0x06CD},
    {0x06CF, 0x06CF}, {0x06D2, 0x06D3}, {0x06D5, 0x06D5}, {0x0759, 0x075B}, {0x076B, 0x076C},
};
constexpr range indic_letters[] = {
    {0x0900, 0x0965}, {0x0980, 0x09E5}, {0x0A00, 0x0A65}, {0x0A80, 0x0AE5}, {0x0B00, 0x0B65},
    {0x0B80, 0x0BE5}, {0x0C00, 0x0C65}, {0x0C80, 0x0CE5}, {0x0D00, 0x0D65}, {0x0D80, 0x0DE5},
};
// The signs that join two consonants, beside which a joiner changes how.
constexpr range viramas[] = {
    {0x094D, 0x094D}, {0x09CD, 0x09CD}, {0x0A4D, 0x0A4D}, {0x0ACD, 0x0ACD}, {0x0B4D, 0x0B4D},
    {0x0BCD, 0x0BCD}, {0x0C4D, 0x0C4D}, {0x0CCD, 0x0CCD}, {0x0D4D, 0x0D4D}, {0x0DCA, 0x0DCA},
};
constexpr range pictographs[] = {{0x1F000, 0x1FAFF}, {emoji_style, emoji_style}};
constexpr range signs[] = {{0x2190, 0x2BFF}};  // some of which are pictographs too

bool is_pictograph_or_sign(char32_t c) noexcept {
    return is_in(pictographs, c) || is_in(signs, c);
}

// Whether a joiner between two characters makes one of them, or changes their form.
bool joins(char32_t before, char32_t mark, char32_t after) noexcept {
    if (is_in(indic_letters, before))
        return is_in(viramas, before) || (is_in(viramas, after) && mark == joiner);
    if (is_in(arabic_letters, before))
        return mark == non_joiner && is_in(arabic_letters, after) && !is_in(joined_on_the_right, before);
    return mark == joiner && is_pictograph_or_sign(before) && is_pictograph_or_sign(after) &&
           (is_in(pictographs, before) || is_in(pictographs, after));
}

// Whether a variation selector behind a character chooses one of its forms (Unicode's standardized variants, emoji and
// ideographic variation sequences): Japanese names and emoji need them.
bool selects_variant(char32_t before, char32_t mark, char32_t after) noexcept {
    constexpr range ideographs[] = {{0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
    constexpr range mongolian[] = {{0x1820, 0x18AA}};
    constexpr range keycaps[] = {{'#', '#'}, {'*', '*'}, {'0', '9'}};
    if (mark >= 0x180B && mark <= 0x180F)
        return is_in(mongolian, before);
    if (mark == emoji_style || mark == emoji_style - 1) {
        constexpr char32_t keycap = 0x20E3;
        constexpr range others[] = {{0xA9, 0xA9},     {0xAE, 0xAE},     {0x203C, 0x203C}, {0x2049, 0x2049},
                                    {0x2122, 0x2122}, {0x2139, 0x2139}, {0x3030, 0x3030}, {0x303D, 0x303D},
                                    {0x3297, 0x3297}, {0x3299, 0x3299}};
        if (is_in(keycaps, before))
            return after == keycap;
        return before != emoji_style && (is_pictograph_or_sign(before) || is_in(others, before));
    }
    return is_in(ideographs, before);
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
    constexpr range selectors[] = {{0x180B, 0x180D}, {0x180F, 0x180F}, {0xFE00, 0xFE0F}, {0xE0100, 0xE01EF}};
    characters all(utf8);
    char32_t before = 0;
    for (auto c = all.next(), after = all.next(); c != 0; before = c, c = after, after = all.next()) {
        if (c < 0x80)
            continue;
        bool const out_of_place = c == joiner || c == non_joiner
                                      ? !joins(before, c, after)
                                      : is_in(selectors, c) && !selects_variant(before, c, after);
        if (out_of_place || is_in(hidden, c))
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
