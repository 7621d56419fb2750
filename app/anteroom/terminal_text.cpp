#include "terminal_text.hpp"

namespace anteroom {

std::string for_terminal(std::string_view utf8, std::string_view indent) {
    static constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        auto const byte = static_cast<unsigned char>(utf8[i]);
        // C1 controls are 0xC2 0x80 to 0xC2 0x9F.
        bool const c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
        if (byte == '\n') {
            out += '\n';
            out += indent;
        } else if ((byte < 0x20 && byte != '\t') || byte == 0x7F || c1) {
            out += replacement;
            i += c1 ? 1 : 0;
        } else {
            out += utf8[i];
        }
    }
    return out;
}

}  // namespace anteroom
