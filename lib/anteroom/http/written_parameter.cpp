#include <anteroom/http/written_parameter.hpp>

#include <algorithm>
#include <charconv>

namespace anteroom::http {

std::string_view written_parameter(std::string_view target, std::size_t index) noexcept {
    target = target.substr(0, target.find('#'));
    auto query = target.substr(std::min(target.find('?'), target.size() - 1) + 1);
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (!pair.empty() && index-- == 0)
            return pair.substr(std::min(pair.find('='), pair.size() - 1) + 1);
    }
    return {};
}

bool decodes_to(std::string_view written, std::string_view text) noexcept {
    auto const* at = written.data();
    auto const* const end = at + written.size();
    for (char const c : text) {
        if (at == end)
            return false;
        if (*at == '%') {
            unsigned char byte = 0;
            if (end - at < 3 || std::from_chars(at + 1, at + 3, byte, 16).ptr != at + 3 || static_cast<char>(byte) != c)
                return false;
            at += 3;
        } else if ((*at == '+' ? ' ' : *at) != c) {
            return false;
        } else {
            ++at;
        }
    }
    return at == end;
}

}  // namespace anteroom::http
