#include <anteroom/base/text.hpp>
#include <anteroom/client/json_reader.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

namespace anteroom::client {

namespace {

// More than the nesting depth that a server accepts.
boost::json::parse_options options() {
    boost::json::parse_options out;
    out.max_depth = 1000;
    return out;
}

}  // namespace

void json_reader::skip_space() noexcept {
    auto const start = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(start == text_.npos ? text_.size() : start);
}

bool json_reader::consume(char c) noexcept {
    skip_space();
    if (text_.empty() || text_.front() != c)
        return false;
    text_.remove_prefix(1);
    return true;
}

// Up to the comma or bracket that ends the value, skipping those inside it.
std::string_view json_reader::consume_value() noexcept {
    skip_space();
    std::size_t depth = 0;
    std::size_t i = 0;
    for (; i < text_.size(); ++i) {
        char const c = text_[i];
        if (c == '"') {
            for (++i; i < text_.size() && text_[i] != '"'; ++i) {
                if (text_[i] == '\\')
                    ++i;
            }
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                break;
            --depth;
        } else if (depth == 0 && (c == ',' || c == ':')) {
            break;
        }
    }
    if (i >= text_.size())
        return {};
    auto const out = text_.substr(0, i);
    text_.remove_prefix(i);
    return out.substr(0, out.find_last_not_of(" \t\r\n") + 1);
}

bool json_reader::enter(char bracket) noexcept {
    closing_ = bracket == '{' ? '}' : ']';
    return consume(bracket);
}

bool json_reader::next() noexcept {
    if (consume(closing_)) {
        skip_space();
        complete_ = text_.empty();
        return false;
    }
    if (!first_ && !consume(','))
        return false;
    first_ = false;
    if (closing_ == '}') {
        name_ = consume_value();
        if (name_.size() < 2 || name_.front() != '"' || name_.back() != '"' || !consume(':'))
            return false;
        name_ = name_.substr(1, name_.size() - 2);
    }
    value_ = consume_value();
    return !value_.empty();
}

std::optional<std::string> json_string(std::string_view value) {
    if (!value.starts_with('"'))
        return std::nullopt;
    boost::system::error_code ec;
    auto const parsed = boost::json::parse(value, ec);
    if (ec || !parsed.is_string())
        return std::nullopt;
    return std::string(parsed.get_string());
}

std::optional<std::int64_t> json_number(std::string_view value) noexcept {
    auto const number = parse_decimal(value);
    if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

bool is_json(std::string_view value) {
    boost::system::error_code ec;
    boost::json::parse(value, ec, {}, options());
    return !ec;
}

void append_json_string(std::string& out, std::string_view text) {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace anteroom::client
