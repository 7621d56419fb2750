#include <anteroom/http/target.hpp>

#include <anteroom/base/text.hpp>

namespace anteroom::http {

std::optional<target> target::parse(std::string_view text) {
    if (auto const scheme = text.find("://"); scheme != text.npos && text.front() != '/' && scheme < text.find('?')) {
        auto const path = text.find('/', scheme + 3);
        text = path == text.npos ? std::string_view("/") : text.substr(path);
    }
    if (text.empty() || text.front() != '/')
        return std::nullopt;
    text = text.substr(0, text.find('#'));

    target out;
    auto const question = text.find('?');
    out.path_ = text.substr(0, question);
    if (question != text.npos) {
        auto query = parse_form(text.substr(question + 1));
        if (!query)
            return std::nullopt;
        out.query_ = std::move(*query);
    }
    auto rest = out.path_.substr(1);
    while (!rest.empty()) {
        auto const slash = rest.find('/');
        out.segments_.push_back(rest.substr(0, slash));
        if (slash == rest.npos)
            break;
        rest.remove_prefix(slash + 1);
        if (rest.empty())
            out.segments_.push_back(rest);
    }
    return out;
}

std::optional<std::string_view> target::get(std::string_view name) const noexcept {
    for (auto const& each : query_) {
        if (each.name == name)
            return each.value;
    }
    return std::nullopt;
}

std::optional<std::vector<parameter>> parse_form(std::string_view text) {
    std::vector<parameter> out;
    while (!text.empty()) {
        auto const ampersand = text.find('&');
        auto const pair = text.substr(0, ampersand);
        text.remove_prefix(ampersand == text.npos ? text.size() : ampersand + 1);
        if (pair.empty())
            continue;
        auto const equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), true);
        if (!name || !value)
            return std::nullopt;
        out.push_back({std::move(*name), std::move(*value)});
    }
    return out;
}

}  // namespace anteroom::http
