#include "composite_cursor.hpp"

#include "harness_error.hpp"

#include <fmt/format.h>

namespace anteroom::integration {

composite_cursor::composite_cursor(std::string_view text) {
    for (auto rest = text; !rest.empty();) {
        auto const place = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), place.size() + 1));
        auto const sign = place.find('@');
        if (sign == std::string_view::npos || sign == 0 || sign + 1 == place.size()) {
            throw harness_error{"not a cursor of several rooms: " + std::string{text}};
        }
        set(percent_decoded(place.substr(0, sign)), std::string{place.substr(sign + 1)});
    }
}

std::string composite_cursor::at(std::string const& room) const {
    auto const found = cursors_.find(room);
    if (found == cursors_.end()) {
        throw harness_error{"the cursor has no room " + room + ": " + text()};
    }
    return found->second;
}

void composite_cursor::merge(composite_cursor const& other) {
    for (auto const& [room, cursor] : other.cursors_) {
        cursors_[room] = cursor;
    }
}

std::string composite_cursor::text() const {
    std::string all;
    for (auto const& [room, cursor] : cursors_) {
        all += (all.empty() ? "" : ",") + percent_encoded(room) + "@" + cursor;
    }
    return all;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string all;
    for (char const each : text) {
        if (plain.find(each) != std::string_view::npos) {
            all += each;
        } else {
            all += fmt::format("%{:02X}", static_cast<unsigned char>(each));
        }
    }
    return all;
}

std::string percent_decoded(std::string_view text) {
    std::string all;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            all += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
            i += 2;
        } else {
            all += text[i];
        }
    }
    return all;
}

}  // namespace anteroom::integration
