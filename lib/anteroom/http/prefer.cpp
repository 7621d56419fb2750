#include <anteroom/base/text.hpp>
#include <anteroom/http/prefer.hpp>
#include <anteroom/http/token.hpp>

#include <cstddef>
#include <utility>

namespace anteroom::http {

namespace {

/// Reads the elements of a field from its front.
class scanner {
  public:
    explicit scanner(std::string_view text) noexcept : rest_(text) {}

    bool at_end() const noexcept { return rest_.empty(); }
    /// Passes blanks, and then `c` with the blanks behind it; returns whether it was there.
    bool pass(char c) {
        pass_blanks();
        if (!rest_.starts_with(c))
            return false;
        rest_.remove_prefix(1);
        pass_blanks();
        return true;
    }
    std::string_view token() noexcept {
        std::size_t size = 0;
        while (size < rest_.size() && is_token_char(rest_[size]))
            ++size;
        return take(size);
    }
    /// A token or a quoted string; nullopt if there is neither, or if the string does not end.
    std::optional<std::string> word() {
        if (!rest_.starts_with('"')) {
            auto const plain = token();
            return plain.empty() ? std::nullopt : std::optional<std::string>(plain);
        }
        std::string out;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                take(i + 1);
                return out;
            }
            if (rest_[i] == '\\')
                ++i;
            if (i < rest_.size())
                out += rest_[i];
        }
        return std::nullopt;
    }

  private:
    void pass_blanks() noexcept {
        while (rest_.starts_with(' ') || rest_.starts_with('\t'))
            rest_.remove_prefix(1);
    }
    std::string_view take(std::size_t size) noexcept {
        auto const out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }

    std::string_view rest_;
};

// `token [ BWS "=" BWS word ]`; nullopt if it is none.
std::optional<std::pair<std::string_view, std::string>> read_pair(scanner& from) {
    auto const name = from.token();
    if (name.empty())
        return std::nullopt;
    std::string value;
    if (from.pass('=')) {
        auto word = from.word();
        if (!word)
            return std::nullopt;
        value = std::move(*word);
    }
    return std::pair(name, std::move(value));
}

}  // namespace

std::optional<std::string> preference(std::string_view field, std::string_view name) {
    for (scanner from(field); !from.at_end();) {
        if (from.pass(','))
            continue;
        auto stated = read_pair(from);
        if (!stated)
            return std::nullopt;
        // Parameters; `; ;` has an empty one.
        while (from.pass(';'))
            read_pair(from);
        if (!from.at_end() && !from.pass(','))
            return std::nullopt;
        if (iequals(stated->first, name))
            return std::move(stated->second);
    }
    return std::nullopt;
}

}  // namespace anteroom::http
