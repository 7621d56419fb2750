#include <anteroom/base/text.hpp>
#include <anteroom/http/target.hpp>

#include <algorithm>

namespace anteroom::http {

std::optional<target> target::parse(std::string_view text) {
    bool rootless = false;  // an absolute form with an empty path, which means `/`
    std::optional<std::string_view> authority;
    if (!text.starts_with('/')) {
        if (auto const scheme = text.find("://"); scheme != text.npos && scheme < text.find('?')) {
            if (!iequals(text.substr(0, scheme), "http") && !iequals(text.substr(0, scheme), "https"))
                return std::nullopt;
            auto const path = text.find_first_of("/?#", scheme + 3);
            authority = text.substr(scheme + 3, path == text.npos ? path : path - scheme - 3);
            text = path == text.npos ? std::string_view() : text.substr(path);
            rootless = text.empty() || text.front() != '/';
        }
    }
    if (!rootless && (text.empty() || text.front() != '/'))
        return std::nullopt;
    text = text.substr(0, text.find('#'));

    std::optional<target> out(std::in_place);
    out->authority_ = authority;
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
    bool const encoded = text.find('%') != text.npos || text.find('+') != text.npos;
    while (!text.empty()) {
        auto const end = std::min(text.find('&'), text.size());
        auto const piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty())
            continue;
        auto const split = std::min(piece.find('='), piece.size());
        auto& added = out->parameters_.emplace_back();
        added.name = piece.substr(0, split);
        added.value = piece.substr(std::min(split + 1, piece.size()));
        if (encoded && !(out->decode(added.name) && out->decode(added.value)))
            return std::nullopt;
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
        // Most names differ in their first character, which avoids a call.
        if (each.name.size() == name.size() && (name.empty() || each.name.front() == name.front()) && each.name == name)
            return each.value;
    }
    return std::nullopt;
}

}  // namespace anteroom::http
