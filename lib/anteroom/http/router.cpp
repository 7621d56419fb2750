#include <anteroom/http/router.hpp>

namespace anteroom::http {

bool matches(std::string_view pattern, target const& path, std::optional<std::string_view>& captured) noexcept {
    pattern.remove_prefix(1);
    captured.reset();
    for (auto const& segment : path.segments()) {
        if (pattern.empty())
            return false;
        auto const slash = pattern.find('/');
        auto const expected = pattern.substr(0, slash);
        pattern.remove_prefix(slash == pattern.npos ? pattern.size() : slash + 1);
        if (expected.front() == '{') {
            if (expected.ends_with("...}")) {
                // The segments are pieces of one text.
                captured = std::string_view(segment.begin(), path.segments().back().end());
                return true;
            }
            captured = segment;
        } else if (expected != segment) {
            return false;
        }
    }
    return pattern.empty();
}

}  // namespace anteroom::http
