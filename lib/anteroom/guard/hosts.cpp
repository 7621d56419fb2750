#include <anteroom/base/text.hpp>
#include <anteroom/guard/hosts.hpp>
#include <anteroom/http/authority.hpp>

#include <algorithm>
#include <utility>

namespace anteroom {

namespace {

// `chat.example.` is a complete name, and the same as `chat.example`.
bool is_complete(std::string_view name) noexcept {
    return name.size() > 1 && name.ends_with('.');
}

}  // namespace

hosts::hosts(std::vector<std::string> named) : named_(std::move(named)) {
    for (auto& name : named_) {
        if (is_complete(name))
            name.pop_back();
    }
}

bool hosts::knows(std::string_view host) const noexcept {
    if (http::is_ip_literal(host))
        return true;
    if (is_complete(host))
        host.remove_suffix(1);
    return iequals(host, "localhost") || std::any_of(named_.begin(), named_.end(), [&](std::string_view name) {
               if (name == "*")
                   return true;
               if (!name.starts_with("*."))
                   return iequals(name, host);
               auto const below = name.substr(1);
               return host.size() > below.size() && iequals(host.substr(host.size() - below.size()), below);
           });
}

bool hosts::is_pattern(std::string_view text) noexcept {
    if (text == "*")
        return true;
    if (text.starts_with("*."))
        text.remove_prefix(2);
    auto const parsed = http::parse_authority(text);
    return parsed && parsed->host.size() == text.size() && text.find('*') == text.npos;
}

}  // namespace anteroom
