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
    while (!text.empty()) {
        auto const ampersand = text.find('&');
        auto const pair = text.substr(0, ampersand);
        text.remove_prefix(ampersand == text.npos ? text.size() : ampersand + 1);
        if (pair.empty())
            continue;
        auto const equals = pair.find('=');
        auto& added = out->parameters_.emplace_back();
        if (!out->decode(pair.substr(0, equals), added.name) ||
            !out->decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), added.value))
            return std::nullopt;
    }
    return out;
}

bool form::decode(std::string_view text, std::string_view& into) {
    into = text;
    if (std::none_of(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; }))
        return true;
    auto decoded = percent_decode(text, true);
    if (!decoded)
        return false;
    if (!decoded_)
        decoded_ = std::make_unique<std::deque<std::string>>();
    into = decoded_->emplace_back(std::move(*decoded));
    return true;
}

std::optional<std::string_view> form::get(std::string_view name) const noexcept {
    for (auto const& each : parameters_) {
        if (each.name == name)
            return each.value;
    }
    return std::nullopt;
}

}  // namespace anteroom::http
