#include <anteroom/base/text.hpp>
#include <anteroom/http/target.hpp>

#include <algorithm>

namespace anteroom::http {

std::optional<target> target::parse(std::string_view text) {
    bool rootless = false;  // an absolute form with an empty path, which means `/`
    if (auto const scheme = text.find("://"); scheme != text.npos && text.front() != '/' && scheme < text.find('?')) {
        auto const path = text.find_first_of("/?", scheme + 3);
        text = path == text.npos ? std::string_view() : text.substr(path);
        rootless = text.empty() || text.front() != '/';
    }
    if (!rootless && (text.empty() || text.front() != '/'))
        return std::nullopt;
    text = text.substr(0, text.find('#'));

    std::optional<target> out(std::in_place);
    auto const question = text.find('?');
    if (question != text.npos) {
        auto query = form::parse(text.substr(question + 1));
        if (!query)
            return std::nullopt;
        out->query_ = std::move(*query);
    }
    auto rest = rootless ? std::string_view() : text.substr(1, question == text.npos ? text.npos : question - 1);
    while (!rest.empty()) {
        auto const slash = rest.find('/');
        out->segments_.push_back(rest.substr(0, slash));
        if (slash == rest.npos)
            break;
        rest.remove_prefix(slash + 1);
        if (rest.empty())
            out->segments_.push_back(rest);
    }
    return out;
}

std::optional<form> form::parse(std::string_view text) {
    std::optional<form> out(std::in_place);
    // One pass: a query may name a hundred rooms.
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t equals = text.npos;
        bool encoded = false;
        std::size_t end = begin;
        for (; end < text.size() && text[end] != '&'; ++end) {
            char const c = text[end];
            if (c == '=' && equals == text.npos)
                equals = end;
            encoded = encoded || c == '%' || c == '+';
        }
        if (end > begin) {
            auto const split = std::min(equals, end);
            auto& added = out->parameters_.emplace_back();
            added.name = text.substr(begin, split - begin);
            added.value = text.substr(std::min(split + 1, end), end - std::min(split + 1, end));
            if (encoded && !(out->decode(added.name) && out->decode(added.value)))
                return std::nullopt;
        }
        begin = end + 1;
    }
    return out;
}

bool form::decode(std::string_view& text) {
    if (std::none_of(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; }))
        return true;
    auto decoded = percent_decode(text, true);
    if (!decoded)
        return false;
    if (!decoded_)
        decoded_ = std::make_unique<std::deque<std::string>>();
    text = decoded_->emplace_back(std::move(*decoded));
    return true;
}

std::optional<std::string_view> form::get(std::string_view name) const noexcept {
    for (auto const& each : parameters_) {
        // Most differ in their first character, and are not worth a call.
        if (each.name.size() == name.size() && (name.empty() || each.name.front() == name.front()) && each.name == name)
            return each.value;
    }
    return std::nullopt;
}

}  // namespace anteroom::http
